import type { NodeCondition } from '../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../base/index.ts';

type Words = readonly [reason: string, message: string];

/** Reason and message of a condition that does not hold, and of one that does. */
const PRESSURES: Readonly<Record<string, readonly [enough: Words, short: Words]>> = {
  MemoryPressure: [
    ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
  ],
  DiskPressure: [
    ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
  ],
  PIDPressure: [
    ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
  ],
};

const READY = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};
const GOING_DOWN = {
  type: 'Ready',
  status: 'False',
  reason: 'KubeletNotReady',
  message: 'node is shutting down',
};

/** Of the event when a condition begins and ceases to hold. */
const EVENTS: Readonly<Record<string, { readonly holds: string; readonly ceases: string }>> = {
  MemoryPressure: { holds: 'NodeHasInsufficientMemory', ceases: 'NodeHasSufficientMemory' },
  DiskPressure: { holds: 'NodeHasDiskPressure', ceases: 'NodeHasNoDiskPressure' },
  Ready: { holds: 'NodeReady', ceases: 'NodeNotReady' },
};

export interface NodeState {
  /** Conditions of pressure that hold. */
  readonly pressures: ReadonlySet<string>;
  readonly shuttingDown: boolean;
  /** ms. */
  readonly now: number;
}

/**
 * The conditions of a Node. Those of others stay as they are; one that stays keeps its time. Models
 * pkg/kubelet/nodestatus/setters.go.
 */
export function conditionsOf(
  old: readonly DeepReadonly<NodeCondition>[],
  { pressures, shuttingDown, now }: NodeState,
): NodeCondition[] {
  const pressure = Object.entries(PRESSURES).map(([type, [enough, short]]) => {
    const [reason, message] = pressures.has(type) ? short : enough;
    return { type, status: pressures.has(type) ? 'True' : 'False', reason, message };
  });
  const own = [...pressure, shuttingDown ? GOING_DOWN : READY].map((condition): NodeCondition => {
    const before = old.find(({ type }) => type === condition.type);
    const keeps = before?.status === condition.status;
    return keeps ? { ...before } : { ...condition, lastTransitionTime: rfc3339(now) };
  });
  const others = old.filter(({ type }) => !own.some((condition) => condition.type === type));
  return [...own, ...others.map((condition) => ({ ...condition }))];
}

/** What is told of conditions that were there, and hold or cease to. */
export function changes(
  old: readonly DeepReadonly<NodeCondition>[],
  now: readonly NodeCondition[],
): string[] {
  return now.flatMap(({ type, status }) => {
    const before = old.find((condition) => condition.type === type);
    const words = EVENTS[type];
    if (!words || !before || before.status === status) return [];
    return [status === 'True' ? words.holds : words.ceases];
  });
}
