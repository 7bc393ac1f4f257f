import type { VersionRules } from '../api/index.ts';
import { messageOf, quoted } from '../base/index.ts';
import type { KubeletContext } from './contracts.ts';

/** What of a Pod's directory could not be removed: below `volumes` and `volume-subpaths`, or the rest. */
export type SweptPart = 'volumes' | 'rest';

/** Keys and values of a line of the log. */
type Fields = Readonly<Record<string, string | number>>;

/**
 * What one sweep over the directories of pods that are gone says in the kubelet's log. Of the errors of each part the first is
 * told, and how many there were. Models cleanupOrphanedPodDirs of pkg/kubelet/kubelet_volumes.go, and klog's way to write a line.
 */
export class SweepLog {
  readonly #rules: VersionRules;
  readonly #log: KubeletContext['log'];
  readonly #errors: Readonly<Record<SweptPart, string[]>> = { volumes: [], rest: [] };

  constructor({ rules, log }: Pick<KubeletContext, 'rules' | 'log'>) {
    this.#rules = rules;
    this.#log = log;
  }

  /** Something could not be removed. */
  add(part: SweptPart, error: Error): void {
    // Every Pod had a line of its own once.
    if (part === 'volumes' && this.#rules.before('1.9')) this.line('error', messageOf(error));
    else this.#errors[part].push(messageOf(error));
  }

  /** A line of its own, at once. */
  line(level: 'error' | 'info', text: string): void {
    this.#log(level, text);
  }

  /** The same, with what it is about. `before`: the whole line up to 1.20. */
  say(level: 'error' | 'info', text: string, fields: Fields, before: string = text): void {
    this.line(level, this.#rules.before('1.21') ? before : structured(text, fields));
  }

  /** The sweep is over. */
  end(): void {
    this.#tell(this.#errors.volumes);
    this.#tell(this.#errors.rest);
    const { rest } = this.#errors;
    if (rest.length === 0) return;
    const text = 'Failed cleaning up orphaned pod directories';
    const err = aggregate(rest);
    this.say('error', text, { err }, `${text}: ${err}`);
  }

  #tell(errors: readonly string[]): void {
    const [err] = errors;
    if (err === undefined || this.#rules.before('1.9')) return;
    const numErrs = errors.length;
    const before = `${err} : There were a total of ${numErrs} errors similar to this. Turn up verbosity to see them.`;
    const text = 'There were many similar errors. Turn up verbosity to see them.';
    this.say('error', text, { err, numErrs }, before);
  }
}

/** `"text" key="value"`. Models klog's InfoS and ErrorS. */
function structured(text: string, fields: Fields): string {
  const pairs = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'number' ? value : quoted(value)}`,
  );
  return `${quoted(text)}${pairs.join('')}`;
}

/** Each once. Models NewAggregate. */
function aggregate(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}
