import type { VersionRules } from '../../api/index.ts';
import { milliseconds, SimulationError } from '../../base/index.ts';
import { amountOf, shareOf } from '../../plugin/index.ts';
import { defaultConfiguration } from '../configuration.ts';
import type { KubeletConfiguration } from '../contracts.ts';

/** What the kubelet watches of its node. Models pkg/kubelet/eviction/api/types.go. */
export type SignalName =
  | 'memory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree';

/** The condition of the Node that a signal makes true. */
export type PressureCondition = 'MemoryPressure' | 'DiskPressure';

/** What pods are ended for. */
export interface SignalInfo {
  readonly condition: PressureCondition;
  readonly resource: 'memory' | 'ephemeral-storage' | 'inodes';
}

export const SIGNALS: Readonly<Record<SignalName, SignalInfo>> = {
  'memory.available': { condition: 'MemoryPressure', resource: 'memory' },
  'nodefs.available': { condition: 'DiskPressure', resource: 'ephemeral-storage' },
  'nodefs.inodesFree': { condition: 'DiskPressure', resource: 'inodes' },
  'imagefs.available': { condition: 'DiskPressure', resource: 'ephemeral-storage' },
  'imagefs.inodesFree': { condition: 'DiskPressure', resource: 'inodes' },
};

/** Less than this is too little. */
export interface Threshold {
  readonly signal: SignalName;
  /** As it was written: `10%`, `300Mi`. */
  readonly text: string;
  /** So much more has to be free before it is forgotten: `500Mi`, `5%`; undefined: nothing more. */
  readonly minimumReclaim: string | undefined;
  /** ms that it has to last; 0 for hard ones. */
  readonly grace: number;
  readonly hard: boolean;
}

/** Signals that may be named and are not looked at: processes are not counted; pods take no memory but what the node counts. */
const IGNORED: ReadonlySet<string> = new Set(['pid.available', 'allocatableMemory.available']);

/** Of the disk of writable layers, since 1.29: it has the thresholds of the disk that it is, whatever is said of it. */
const CONTAINER_FS: ReadonlySet<string> = new Set([
  'containerfs.available',
  'containerfs.inodesFree',
]);

/**
 * The signal that is the same as another one, since layers lie on that disk: with a disk for images on it, else on the kubelet's.
 * Models UpdateContainerFsThresholds of pkg/kubelet/eviction/helpers.go.
 */
export function containerFsSignal(
  signal: SignalName,
  dedicatedImages: boolean,
  rules: VersionRules,
): string | undefined {
  const disk = dedicatedImages ? 'imagefs.' : 'nodefs.';
  if (rules.before('1.29') || !signal.startsWith(disk)) return undefined;
  return `containerfs.${signal.slice(disk.length)}`;
}

/** Thresholds of it that are given nevertheless, in the words in which the kubelet refuses them. */
export function conflicts({ evictionHard, evictionSoft }: Options): string[] {
  return [...CONTAINER_FS].flatMap((signal) => [
    ...(Object.hasOwn(evictionHard, signal) ? [`found ${signal} for hard eviction. ignoring`] : []),
    ...(Object.hasOwn(evictionSoft, signal) ? [`found ${signal} for soft eviction. ignoring`] : []),
  ]);
}

type Options = Pick<
  KubeletConfiguration,
  | 'evictionHard'
  | 'evictionSoft'
  | 'evictionSoftGracePeriod'
  | 'evictionMinimumReclaim'
  | 'mergeDefaultEvictionSettings'
>;

/** The thresholds of a configuration. Throws a SimulationError that names the option. Models ParseThresholdConfig. */
export function thresholdsOf(configuration: Options, rules: VersionRules): Threshold[] {
  const { evictionSoft, evictionMinimumReclaim } = configuration;
  const minimums = new Map(read('evictionMinimumReclaim', evictionMinimumReclaim ?? {}, rules));
  const periods = gracePeriods(configuration, rules);
  const hard = read('evictionHard', hardThresholds(configuration), rules).map(([signal, text]) => {
    return { signal, text, minimumReclaim: minimums.get(signal), grace: 0, hard: true };
  });
  const soft = read('evictionSoft', evictionSoft, rules).map(([signal, text]) => {
    const grace = periods.get(signal);
    if (grace === undefined) {
      const message = `evictionSoftGracePeriod: grace period must be specified for the soft eviction threshold ${signal}`;
      throw new SimulationError('BAD_OPTION', message);
    }
    return { signal, text, minimumReclaim: minimums.get(signal), grace, hard: grace === 0 };
  });
  return [...hard, ...soft].filter(({ text }) => text !== '0%' && text !== '100%');
}

/** Milliseconds by signal. */
function gracePeriods(
  { evictionSoftGracePeriod }: Options,
  rules: VersionRules,
): Map<string, number> {
  const option = 'evictionSoftGracePeriod';
  checkObject(option, evictionSoftGracePeriod);
  return new Map(
    Object.entries(evictionSoftGracePeriod).map(([signal, period]) => {
      checkSignal(option, signal, rules);
      return [signal, milliseconds(period, `${option}.${signal}`)];
    }),
  );
}

/** One hard threshold drops the defaults of the others, unless told otherwise. */
export function hardThresholds({
  evictionHard,
  mergeDefaultEvictionSettings,
}: Pick<Options, 'evictionHard' | 'mergeDefaultEvictionSettings'>): Readonly<
  Record<string, string>
> {
  if (!mergeDefaultEvictionSettings) return evictionHard;
  return { ...defaultConfiguration.evictionHard, ...evictionHard };
}

type Option = 'evictionHard' | 'evictionSoft' | 'evictionMinimumReclaim';

function read(
  option: Option,
  values: Readonly<Record<string, string>>,
  rules: VersionRules,
): [SignalName, string][] {
  checkObject(option, values);
  return Object.entries(values).flatMap(([signal, text]): [SignalName, string][] => {
    checkSignal(option, signal, rules);
    checkAmount(option, signal, text);
    return Object.hasOwn(SIGNALS, signal) ? [[signal as SignalName, text]] : [];
  });
}

function checkObject(option: string, values: unknown): void {
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) return;
  const message = `${option}: must be an object, by signal, not ${JSON.stringify(values)}`;
  throw new SimulationError('BAD_OPTION', message);
}

function checkSignal(option: string, signal: string, rules: VersionRules): void {
  if (IGNORED.has(signal) || Object.hasOwn(SIGNALS, signal)) return;
  const ofContainers = rules.before('1.29') ? [] : [...CONTAINER_FS];
  if (ofContainers.includes(signal)) return;
  const known = [...Object.keys(SIGNALS), ...ofContainers].join(', ');
  const message = `${option}: unknown eviction signal ${JSON.stringify(signal)}; known: ${known}`;
  throw new SimulationError('BAD_OPTION', message);
}

/** Nothing is no quantity for a threshold, and no share to win back. Models parseThresholdStatement, parseMinimumReclaims. */
function checkAmount(option: Option, signal: string, text: string): void {
  const percent = /^([0-9.]+)%$/.exec(text)?.[1];
  const amount = percent === undefined ? quantityOf(text) : Number(percent);
  const bad = (what: string): SimulationError =>
    new SimulationError('BAD_OPTION', `${option}.${signal}: ${JSON.stringify(text)} ${what}`);
  if (!Number.isFinite(amount)) {
    throw bad("is neither a quantity such as '300Mi' nor a percentage");
  }
  if (percent !== undefined && amount > 100) throw bad('must be <= 100%');
  const mayBeZero = (percent === undefined) === (option === 'evictionMinimumReclaim');
  if (amount < 0 || (amount === 0 && !mayBeZero)) throw bad('must be positive');
}

/** A threshold in bytes or inodes, of a capacity. Models GetThresholdQuantity. */
export function amountOfThreshold(text: string, capacity: number): number {
  return text.endsWith('%') ? shareOf(capacity, text.slice(0, -1)) : amountOf(text);
}

/** NaN for what is none. */
function quantityOf(text: string): number {
  try {
    return amountOf(text);
  } catch {
    return Number.NaN;
  }
}
