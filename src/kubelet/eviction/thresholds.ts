import { milliseconds, SimulationError } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
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
  /** ms that it has to last; 0 for hard ones. */
  readonly grace: number;
  readonly hard: boolean;
}

/** Signals that need no option here: nothing uses them up. */
const IGNORED: ReadonlySet<string> = new Set([
  'pid.available',
  'containerfs.available',
  'containerfs.inodesFree',
  'allocatableMemory.available',
]);

/** The thresholds of a configuration. Throws a SimulationError that names the option. Models ParseThresholdConfig. */
export function thresholdsOf(configuration: KubeletConfiguration): Threshold[] {
  const { evictionHard, evictionSoft, evictionSoftGracePeriod } = configuration;
  const hard = read('evictionHard', evictionHard).map(([signal, text]) => {
    return { signal, text, grace: 0, hard: true };
  });
  const soft = read('evictionSoft', evictionSoft).map(([signal, text]) => {
    const grace = evictionSoftGracePeriod[signal];
    if (grace === undefined) {
      const message = `evictionSoftGracePeriod: grace period must be specified for the soft eviction threshold ${signal}`;
      throw new SimulationError('BAD_OPTION', message);
    }
    const where = `evictionSoftGracePeriod.${signal}`;
    return { signal, text, grace: milliseconds(grace, where), hard: false };
  });
  return [...hard, ...soft];
}

function read(option: string, values: Readonly<Record<string, string>>): [SignalName, string][] {
  return Object.entries(values).flatMap(([signal, text]): [SignalName, string][] => {
    if (IGNORED.has(signal)) return [];
    if (!Object.hasOwn(SIGNALS, signal)) {
      const message = `${option}: unknown eviction signal ${JSON.stringify(signal)}; known: ${Object.keys(SIGNALS).join(', ')}`;
      throw new SimulationError('BAD_OPTION', message);
    }
    amountOfThreshold(text, 0, `${option}.${signal}`);
    return [[signal as SignalName, text]];
  });
}

/** A threshold in bytes or inodes, of a capacity. */
export function amountOfThreshold(text: string, capacity: number, where: string): number {
  const percent = /^([0-9.]+)%$/.exec(text);
  if (percent) return Math.floor((capacity * Number(percent[1])) / 100);
  const amount = amountOf(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  const message = `${where}: ${JSON.stringify(text)} is neither a quantity such as '300Mi' nor a percentage`;
  throw new SimulationError('BAD_OPTION', message);
}
