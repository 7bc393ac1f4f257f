import { SimulationError } from '../base/index.ts';
import type { ControllerName } from '../control-plane/index.ts';
import type { NodeOptions } from '../kubelet/index.ts';
import type { VolumePlugin } from '../plugin/index.ts';
import type { Chooser, TraceOption } from '../sim/index.ts';
import type { ClusterLogger } from './logging.ts';

/** What a cluster is made from. All of it may be left out. */
export interface ClusterOptions {
  /** Nodes, by name or in full. Default `['node-1']`. */
  nodes?: (string | NodeOptions)[];
  /** `'1.5'` … the newest, or `'all'`: the newest rules with every volume type there ever was. Default `'all'`. */
  kubernetesVersion?: string;
  /** Overrides what the version says. */
  featureGates?: Record<string, boolean>;
  /** Names, uids, jitter and, with `order: 'random'`, the schedule. Default 0. */
  seed?: number;
  /** Who goes first when several could. Default `'fifo'`. */
  order?: 'fifo' | 'random' | Chooser;
  /** Virtual time at the start. Default 2024-01-01T00:00:00Z. */
  startTime?: string | Date;
  /** Volume types. Default: all. */
  plugins?: VolumePlugin[];
  /** Which controllers run. Default: all. */
  controllers?: boolean | ControllerName[];
  /** kube-controller-manager's flag of that name. Default false. */
  enableHostPathProvisioner?: boolean;
  /** kube-controller-manager's flag of that name, since 1.30: no volume is taken from a lost node after six minutes. Default false. */
  disableForceDetachOnTimeout?: boolean;
  /** What is done about fields that the API does not have, as `kubectl --validate`: `warn` says so in the trace. Default `'strict'`. */
  fieldValidation?: 'strict' | 'warn' | 'ignore';
  /** What of the trace is kept. Default `'all'`. */
  trace?: TraceOption;
  /** A pino logger, or a function that makes one. Default: silent. */
  logger?: ClusterLogger;
}

const KNOWN: readonly (keyof ClusterOptions)[] = [
  'nodes',
  'kubernetesVersion',
  'featureGates',
  'seed',
  'order',
  'startTime',
  'plugins',
  'controllers',
  'enableHostPathProvisioner',
  'disableForceDetachOnTimeout',
  'fieldValidation',
  'trace',
  'logger',
];

/** The options with their defaults. Throws a SimulationError that names a bad one. */
export function readOptions(options: ClusterOptions): ReadOptions {
  if (options === null || typeof options !== 'object') bad('options: must be an object');
  for (const key of Object.keys(options)) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      bad(`unknown option ${JSON.stringify(key)}; known: ${KNOWN.join(', ')}`);
    }
  }
  return {
    nodes: readNodes(options.nodes ?? ['node-1']),
    kubernetesVersion: options.kubernetesVersion ?? 'all',
    featureGates: options.featureGates ?? {},
    seed: readSeed(options.seed ?? 0),
    order: readOrder(options.order ?? 'fifo'),
    startTime: readTime(options.startTime ?? '2024-01-01T00:00:00Z'),
    plugins: options.plugins,
    controllers: readControllers(options.controllers ?? true),
    enableHostPathProvisioner: readFlag(options, 'enableHostPathProvisioner'),
    disableForceDetachOnTimeout: readFlag(options, 'disableForceDetachOnTimeout'),
    fieldValidation: readFieldValidation(options.fieldValidation ?? 'strict'),
    trace: readTrace(options.trace ?? 'all'),
    logger: options.logger,
  };
}

export interface ReadOptions {
  readonly nodes: readonly NodeOptions[];
  readonly kubernetesVersion: string;
  readonly featureGates: Record<string, boolean>;
  readonly seed: number;
  readonly order: 'fifo' | 'random' | Chooser;
  readonly startTime: number;
  readonly plugins: readonly VolumePlugin[] | undefined;
  readonly controllers: boolean | readonly ControllerName[];
  readonly fieldValidation: 'strict' | 'warn' | 'ignore';
  readonly enableHostPathProvisioner: boolean;
  readonly disableForceDetachOnTimeout: boolean;
  readonly trace: TraceOption;
  readonly logger: ClusterLogger | undefined;
}

function bad(message: string): never {
  throw new SimulationError('BAD_OPTION', `createCluster: ${message}`);
}

type Flag = 'enableHostPathProvisioner' | 'disableForceDetachOnTimeout';

function readFlag(options: ClusterOptions, name: Flag): boolean {
  const value: unknown = options[name] ?? false;
  if (typeof value === 'boolean') return value;
  return bad(`${name}: ${shown(value)} is neither true nor false`);
}

function readNodes(nodes: (string | NodeOptions)[]): NodeOptions[] {
  if (!Array.isArray(nodes)) bad('nodes: must be a list of names or NodeOptions');
  const read = nodes.map((node) => (typeof node === 'string' ? { name: node } : node));
  const names = new Set<string>();
  for (const [i, node] of read.entries()) {
    if (typeof node?.name !== 'string' || node.name === '') bad(`nodes[${i}].name: Required value`);
    if (names.has(node.name))
      bad(`nodes[${i}].name: Duplicate value: ${JSON.stringify(node.name)}`);
    names.add(node.name);
  }
  return read;
}

/** As it was given, also what JSON does not have. */
function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Names are looked at by those who know them. */
function readControllers(controllers: ReadOptions['controllers']): ReadOptions['controllers'] {
  if (typeof controllers !== 'boolean' && !Array.isArray(controllers)) {
    bad(`controllers: ${shown(controllers)} is none of true, false and a list of names`);
  }
  return controllers;
}

function readSeed(seed: number): number {
  if (!Number.isSafeInteger(seed)) bad(`seed: ${shown(seed)} is not a whole number`);
  return seed;
}

function readOrder(order: 'fifo' | 'random' | Chooser): 'fifo' | 'random' | Chooser {
  const chooser = typeof order === 'object' && order !== null && typeof order.choose === 'function';
  if (!chooser && order !== 'fifo' && order !== 'random') {
    bad(`order: ${JSON.stringify(order)} is none of 'fifo', 'random' and { choose }`);
  }
  return order;
}

function readFieldValidation(validation: ReadOptions['fieldValidation']): typeof validation {
  if (!['strict', 'warn', 'ignore'].includes(validation)) {
    const given = JSON.stringify(validation);
    bad(`fieldValidation: ${given} is none of 'strict', 'warn' and 'ignore'`);
  }
  return validation;
}

function readTime(time: string | Date): number {
  const ms =
    time instanceof Date
      ? time.getTime()
      : typeof time === 'string'
        ? Date.parse(time)
        : Number.NaN;
  if (!Number.isFinite(ms))
    bad(`startTime: ${JSON.stringify(time)} is not a time such as '2024-01-01T00:00:00Z'`);
  return ms;
}

function readTrace(trace: TraceOption): TraceOption {
  const keep = typeof trace === 'object' && trace !== null ? trace.keep : 1;
  if (
    (trace !== 'all' && trace !== 'off' && typeof trace !== 'object') ||
    !(Number.isInteger(keep) && keep >= 0)
  ) {
    bad(`trace: ${JSON.stringify(trace)} is none of 'all', 'off' and { keep: n }`);
  }
  return trace;
}
