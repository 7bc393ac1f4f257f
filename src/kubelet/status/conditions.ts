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

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;

/**
 * The conditions that the kubelet owns, and those of others as they are. A condition that stays keeps its time.
 * Models pkg/kubelet/status/generate.go.
 */
export function conditionsOf(parts: ConditionParts): PodCondition[] {
  const { pod, rules, now } = parts;
  const old = pod.status?.conditions ?? [];
  const before = parts.last?.conditions ?? old;
  const conditions: PodCondition[] = [];
  const say = (type: string, verdict: Verdict): void => {
    conditions.push(timed(type, verdict, before, now));
  };
  const ready = readiness(parts);
  if (!rules.before('1.29')) say('PodReadyToStartContainers', truth(parts.hasSandbox));
  say('Initialized', initialized(parts));
  say('Ready', ready);
  if (!rules.before('1.11')) say('ContainersReady', ready);
  if (!old.some(({ type }) => type === 'PodScheduled')) say('PodScheduled', truth(true));
  for (const other of old) {
    if (!conditions.some(({ type }) => type === other.type)) conditions.push({ ...other });
  }
  return conditions;
}

function timed(
  type: string,
  { status, reason, message }: Verdict,
  old: readonly DeepReadonly<PodCondition>[],
  now: number,
): PodCondition {
  const before = old.find((one) => one.type === type);
  const since = before?.status === status ? before.lastTransitionTime : undefined;
  const lastTransitionTime = since ?? rfc3339(now);
  if (reason === undefined) return { type, status, lastTransitionTime };
  if (message === undefined) return { type, status, reason, lastTransitionTime };
  return { type, status, reason, message, lastTransitionTime };
}

function truth(holds: boolean): Verdict {
  return { status: holds ? 'True' : 'False' };
}

function initialized({ pod, phase, init }: ConditionParts): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const { initContainers = [] } = pod.spec;
  if (initContainers.length === 0 || initializationOf(pod, init) === 'done') {
    return truth(true);
  }
  const names = init.filter(({ ready }) => !ready).map(({ name }) => name);
  const message = `containers with incomplete status: ${goSlice(names)}`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

function readiness({ phase, regular }: ConditionParts): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const names = regular.filter(({ ready }) => !ready).map(({ name }) => name);
  if (names.length === 0) return { status: 'True' };
  const message = `containers with unready status: ${goSlice(names)}`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}
