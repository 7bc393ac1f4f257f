import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../../base/index.ts';
import type { PodContext } from '../pod/context.ts';
import { hostAddress, sandboxAddress } from '../pod/network.ts';
import { volumeMountStatuses } from '../pod/recursive-read-only.ts';
import { terminationMessage } from '../pod/termination-log.ts';
import { conditionsOf } from './conditions.ts';
import { containerStatus } from './container-status.ts';
import { type Phase, phaseOf } from './phase.ts';

/** Why the kubelet ends a Pod by itself: eviction, a deadline. */
export interface EndedBy {
  readonly reason: string;
  readonly message: string;
  /** A condition that says so to others: `DisruptionTarget`. */
  readonly condition?: { readonly type: string; readonly reason: string; readonly message: string };
}

/**
 * The status of a Pod as its containers are now. `terminal`: they have stopped for good. Fields of others are not in it.
 * Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus.
 */
export function podStatus(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  how: { readonly terminal: boolean; readonly endedBy?: EndedBy | undefined },
): PodStatus {
  const { uid } = pod.metadata;
  const { system, rules, runtime } = context;
  const { now } = system.simulation;
  const last = context.statuses.get(uid) ?? pod.status;
  const of = statusesOf(context, pod);
  const init = (pod.spec.initContainers ?? []).map(of);
  const regular = pod.spec.containers.map(of);
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map(of);
  const endedBy = how.endedBy ?? endedBefore(last);
  const phase = endedBy ? 'Failed' : (ended(last) ?? phaseOf(pod, init, regular, how.terminal));
  const hasSandbox = runtime.sandbox(uid) !== undefined;
  const own = conditionsOf({ pod, last, rules, phase, init, regular, hasSandbox, now });
  const conditions = endedBy?.condition ? withCondition(own, endedBy.condition, now) : own;
  const status: PodStatus = { phase, conditions };
  if (endedBy) {
    status.reason = endedBy.reason;
    status.message = endedBy.message;
  }
  addAddresses(status, context, pod);
  status.startTime = last?.startTime ?? rfc3339(now);
  if (init.length > 0) status.initContainerStatuses = init;
  status.containerStatuses = regular;
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = ephemeral;
  return status;
}

function withCondition(
  conditions: PodCondition[],
  { type, reason, message }: NonNullable<EndedBy['condition']>,
  now: number,
): PodCondition[] {
  if (conditions.some((condition) => condition.type === type)) return conditions;
  const lastTransitionTime = rfc3339(now);
  return [...conditions, { type, status: 'True', reason, message, lastTransitionTime }];
}

/** Once it is Failed or Succeeded in the API, a Pod stays that. */
function ended(status: DeepReadonly<PodStatus> | undefined): Phase | undefined {
  const phase = status?.phase;
  return phase === 'Failed' || phase === 'Succeeded' ? phase : undefined;
}

function endedBefore(status: DeepReadonly<PodStatus> | undefined): EndedBy | undefined {
  if (status?.phase !== 'Failed' || status.reason === undefined) return undefined;
  return { reason: status.reason, message: status.message ?? '' };
}

function statusesOf(
  context: PodContext,
  pod: DeepReadonly<Pod>,
): (container: DeepReadonly<Pod>['spec']['containers'][number]) => ContainerStatus {
  const { runtime, reasons } = context;
  const runs = runtime.containers(pod.metadata.uid);
  const parts: Parameters<typeof containerStatus>[0] = {
    pod,
    runs,
    reasons,
    volumeMounts: ({ volumeMounts = [] }) => volumeMountStatuses(context, volumeMounts),
    message: (container, run) => {
      const newest = runs.findLast(({ name }) => name === run.name) === run;
      const logs = (): string => runtime.logs?.(run.podUid, run.name, !newest) ?? '';
      return terminationMessage(context, container, run, logs);
    },
  };
  return (container) => containerStatus(parts, container);
}

function addAddresses(
  status: PodStatus,
  { system, rules, runtime }: PodContext,
  pod: DeepReadonly<Pod>,
): void {
  const hostIP = hostAddress(system);
  status.hostIP = hostIP;
  if (!rules.before('1.28')) status.hostIPs = [{ ip: hostIP }];
  const podIP = podAddress({ system, runtime }, pod) || pod.status?.podIP;
  if (!podIP) return;
  status.podIP = podIP;
  if (!rules.before('1.16')) status.podIPs = [{ ip: podIP }];
}

/** The address of a Pod's sandbox; empty when it has none. */
export function podAddress(
  { system, runtime }: Pick<PodContext, 'system' | 'runtime'>,
  { metadata, spec }: DeepReadonly<Pod>,
): string {
  const sandbox = runtime.sandbox(metadata.uid);
  if (!sandbox) return '';
  if (spec.hostNetwork) return hostAddress(system);
  return sandboxAddress(system.simulation, metadata.uid, sandbox.attempt);
}
