import { milliseconds, SimulationError } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
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

/**
 * Signals that may be named and are not looked at: processes are not counted; containerfs is nodefs or imagefs, whatever is
 * said of it; pods take no memory but what the node counts.
 */
const IGNORED: ReadonlySet<string> = new Set([
  'pid.available',
  'containerfs.available',
  'containerfs.inodesFree',
  'allocatableMemory.available',
]);

type Options = Pick<
  KubeletConfiguration,
  | 'evictionHard'
  | 'evictionSoft'
  | 'evictionSoftGracePeriod'
  | 'evictionMinimumReclaim'
  | 'mergeDefaultEvictionSettings'
>;

/** The thresholds of a configuration. Throws a SimulationError that names the option. Models ParseThresholdConfig. */
export function thresholdsOf(configuration: Options): Threshold[] {
  const { evictionSoft, evictionSoftGracePeriod } = configuration;
  const reclaim = new Map(
    read('evictionMinimumReclaim', configuration.evictionMinimumReclaim ?? {}),
  );
  const hard = read('evictionHard', hardThresholds(configuration)).map(([signal, text]) => {
    return { signal, text, minimumReclaim: reclaim.get(signal), grace: 0, hard: true };
  });
  const soft = read('evictionSoft', evictionSoft).map(([signal, text]) => {
    const given = evictionSoftGracePeriod[signal];
    if (given === undefined) {
      const message = `evictionSoftGracePeriod: grace period must be specified for the soft eviction threshold ${signal}`;
      throw new SimulationError('BAD_OPTION', message);
    }
    const grace = milliseconds(given, `evictionSoftGracePeriod.${signal}`);
    return { signal, text, minimumReclaim: reclaim.get(signal), grace, hard: grace === 0 };
  });
  return [...hard, ...soft].filter(({ text }) => text !== '0%' && text !== '100%');
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

function read(option: string, values: Readonly<Record<string, string>>): [SignalName, string][] {
  return Object.entries(values).flatMap(([signal, text]): [SignalName, string][] => {
    const where = `${option}.${signal}`;
    if (!IGNORED.has(signal) && !Object.hasOwn(SIGNALS, signal)) {
      const message = `${option}: unknown eviction signal ${JSON.stringify(signal)}; known: ${Object.keys(SIGNALS).join(', ')}`;
      throw new SimulationError('BAD_OPTION', message);
    }
    amountOfThreshold(text, 0, where);
    return IGNORED.has(signal) ? [] : [[signal as SignalName, text]];
  });
}

/** A threshold in bytes or inodes, of a capacity. */
export function amountOfThreshold(text: string, capacity: number, where: string): number {
  const percent = /^([0-9.]+)%$/.exec(text);
  if (percent && Number(percent[1]) <= 100) {
    return Math.floor((capacity * Number(percent[1])) / 100);
  }
  const amount = percent ? Number.NaN : quantityOf(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  const message = `${where}: ${JSON.stringify(text)} is neither a quantity such as '300Mi' nor a percentage`;
  throw new SimulationError('BAD_OPTION', message);
}

function quantityOf(text: string): number {
  try {
    return amountOf(text);
  } catch {
    return Number.NaN;
  }
}
