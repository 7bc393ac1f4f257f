import { type ErrorClass, SimulationError } from '../base/index.ts';
import { type StepRequest, type StepSubject, subjectFields } from './operation.ts';

/** Which steps a fault is for. All that is left out matches everything. */
export interface FaultOptions {
  /** Its name in the Pod; of steps that no Pod has part in, that of the PersistentVolume. */
  volume?: string;
  /** `name`, or `namespace/name`. */
  pod?: string;
  container?: string;
  node?: string;
  /** On the node. One that ends with a slash stands for all below it. */
  path?: string;
  /** What is written, deleted or told of: `Kind/name`, or `Kind/namespace/name`. */
  object?: string;
  /** Who takes the step: `kubelet node-1`, `scheduler`, `persistentvolume-binder`. */
  who?: string;
  /** How often it happens. Default: every time. */
  times?: number;
  /** `after`: it was done, but is reported failed. A function decides step by step. Default `before`. */
  when?: 'before' | 'after' | ((step: StepDescription) => boolean);
}

/** What a `when` function sees of a step. */
export interface StepDescription extends StepSubject {
  readonly operation: string;
  readonly who: string;
}

export type FaultError = string | { class?: ErrorClass; code?: string; message: string };

const TEXTS = ['volume', 'pod', 'container', 'node', 'path', 'object', 'who'] as const;
const KNOWN: ReadonlySet<string> = new Set([...TEXTS, 'times', 'when']);
const CLASSES: readonly unknown[] = ['final', 'transient', 'uncertain', undefined];

/** Throws a SimulationError that names the option. `more`: options that only some calls take. */
export function demandFaultOptions(
  call: string,
  options: FaultOptions,
  more: readonly string[],
): void {
  if (typeof options !== 'object' || options === null) throw bad(call, 'options: not an object');
  for (const key of Object.keys(options)) {
    if (KNOWN.has(key) || more.includes(key)) continue;
    throw bad(
      call,
      `unknown option ${JSON.stringify(key)}; known: ${[...KNOWN, ...more].join(', ')}`,
    );
  }
  for (const key of TEXTS) demandText(call, key, options[key]);
  const { times, when } = options;
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw bad(call, `times: ${String(times)} is not a positive whole number`);
  }
  const decides = when === undefined || typeof when === 'function';
  if (!decides && when !== 'before' && when !== 'after') {
    throw bad(call, `when: ${JSON.stringify(when)} is not 'before', 'after' or a function`);
  }
  if (when === 'after' && (call === 'hold' || call === 'delay')) {
    throw bad(call, `when: 'after' is for fail and crash, not for ${call}`);
  }
}

/** The same for what a step fails with. */
export function demandFaultError(error: unknown): void {
  if (error === undefined || typeof error === 'string') return;
  if (typeof error !== 'object' || error === null) {
    throw bad('fail', 'error: neither a text nor { message, class?, code? }');
  }
  const { message, class: kind, code } = error as { [key: string]: unknown };
  if (typeof message !== 'string') throw bad('fail', 'error.message: not a text');
  demandText('fail', 'error.code', code);
  if (CLASSES.includes(kind)) return;
  const list = "'final', 'transient' or 'uncertain'";
  throw bad('fail', `error.class: ${JSON.stringify(kind)} is not ${list}`);
}

function demandText(call: string, key: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw bad(call, `${key}: ${JSON.stringify(value)} is not a text`);
}

function bad(call: string, message: string): SimulationError {
  return new SimulationError('BAD_OPTION', `${call}: ${message}`);
}

/** Whether a step is one of those that a fault is for. */
export function isMeant(
  options: FaultOptions,
  { name, subject }: StepRequest,
  who: string,
): boolean {
  const { volume, pod, container, node, path, object, when } = options;
  if (volume !== undefined && volume !== subject.volume) return false;
  if (pod !== undefined && !isSame(pod, subject.pod, 1)) return false;
  if (container !== undefined && container !== subject.container) return false;
  if (node !== undefined && node !== subject.node) return false;
  if (path !== undefined && !isAt(path, subject.path)) return false;
  if (object !== undefined && !isSame(object, subject.object, 2)) return false;
  if (options.who !== undefined && options.who !== who) return false;
  if (typeof when !== 'function') return true;
  return when({ operation: name, ...subjectFields(subject), who });
}

/** Of several parts the namespace may be left out, which stands before the name: then it is any. */
function isSame(wanted: string, actual: string | undefined, parts: number): boolean {
  if (actual === undefined || wanted === actual) return wanted === actual;
  const given = wanted.split('/');
  const found = actual.split('/');
  if (given.length !== parts || found.length !== parts + 1) return false;
  return given.at(-1) === found.at(-1) && (parts === 1 || given[0] === found[0]);
}

function isAt(wanted: string, actual: string | undefined): boolean {
  return wanted.endsWith('/') ? (actual?.startsWith(wanted) ?? false) : wanted === actual;
}

/** The name that somebody may have meant: the one that fewest changes make of it. */
export function closest(names: Iterable<string>, wanted: string): string | undefined {
  let best: { name: string; changes: number } | undefined;
  for (const name of names) {
    const changes = changesBetween(name.toLowerCase(), wanted.toLowerCase());
    if (changes < (best?.changes ?? Math.ceil(wanted.length / 2))) best = { name, changes };
  }
  return best?.name;
}

/** Letters to put in, take out or exchange. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const [above = 0, before = 0, left = 0] = [row[j], row[j - 1], next[j - 1]];
      next.push(Math.min(above + 1, left + 1, before + (letter === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
