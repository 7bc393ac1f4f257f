import type {
  ContainerStatus,
  Pod,
  PodCondition,
  PodStatus,
  VersionRules,
} from '../../api/index.ts';
import { type DeepReadonly, goSlice, rfc3339 } from '../../base/index.ts';
import { initializationOf, type Phase } from './phase.ts';

/** What the conditions of a Pod follow from. */
export interface ConditionParts {
  readonly pod: DeepReadonly<Pod>;
  /** The kubelet's own status before. */
  readonly last: DeepReadonly<PodStatus> | undefined;
  readonly rules: VersionRules;
  readonly phase: Phase;
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
  readonly hasSandbox: boolean;
  /** ms of virtual time. */
  readonly now: number;
}

type Verdict = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

/**
 * The conditions that the kubelet owns, and those of others as they are. A condition that stays keeps its time.
 * Models pkg/kubelet/status/generate.go.
 */
export function conditionsOf(parts: ConditionParts): PodCondition[] {
  const { pod, rules, now } = parts;
  const old = pod.status?.conditions ?? [];
  const ready = readiness(parts);
  const verdicts: Verdict[] = [
    ...(rules.before('1.29') ? [] : [truth('PodReadyToStartContainers', parts.hasSandbox)]),
    initialized(parts),
    { type: 'Ready', ...ready },
    ...(rules.before('1.11') ? [] : [{ type: 'ContainersReady', ...ready }]),
  ];
  if (!old.some(({ type }) => type === 'PodScheduled')) verdicts.push(truth('PodScheduled', true));
  const own = new Set(verdicts.map(({ type }) => type));
  const others = old.filter(({ type }) => !own.has(type)).map((condition) => ({ ...condition }));
  return [
    ...verdicts.map((verdict) => timed(verdict, parts.last?.conditions ?? old, now)),
    ...others,
  ];
}

function timed(
  verdict: Verdict,
  old: readonly DeepReadonly<PodCondition>[],
  now: number,
): PodCondition {
  const before = old.find(({ type }) => type === verdict.type);
  const since = before?.status === verdict.status ? before.lastTransitionTime : undefined;
  return { ...verdict, lastTransitionTime: since ?? rfc3339(now) };
}

function truth(type: string, holds: boolean): Verdict {
  return { type, status: holds ? 'True' : 'False' };
}

function initialized({ pod, phase, init }: ConditionParts): Verdict {
  const type = 'Initialized';
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' };
  const { initContainers = [] } = pod.spec;
  if (initContainers.length === 0 || initializationOf(pod, init) === 'done') {
    return truth(type, true);
  }
  const names = init.filter(({ ready }) => !ready).map(({ name }) => name);
  const message = `containers with incomplete status: ${goSlice(names)}`;
  return { type, status: 'False', reason: 'ContainersNotInitialized', message };
}

function readiness({ phase, regular }: ConditionParts): Omit<Verdict, 'type'> {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const names = regular.filter(({ ready }) => !ready).map(({ name }) => name);
  if (names.length === 0) return { status: 'True' };
  const message = `containers with unready status: ${goSlice(names)}`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}
