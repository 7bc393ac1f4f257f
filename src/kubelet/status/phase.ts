import type { ContainerStatus, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { isSidecar, restartPolicyOf } from '../pod/containers.ts';

/** A Pod's phase. */
export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

type Statuses = readonly DeepReadonly<ContainerStatus>[];

/**
 * The phase that follows from the states of a Pod's containers. `terminal`: all have stopped for good, whatever the restart
 * policy says. Models pkg/kubelet/kubelet_pods.go getPhase.
 */
export function phaseOf(
  pod: DeepReadonly<Pod>,
  init: Statuses,
  regular: Statuses,
  terminal: boolean,
): Phase {
  const initialization = initializationOf(pod, init);
  const count = counts(regular);
  const policy = restartPolicyOf(pod);
  if (initialization === 'failed' && policy === 'Never') return 'Failed';
  const started = count.running + count.stopped > 0;
  if (initialization !== 'done' && !started && !terminal) return 'Pending';
  if (count.waiting > 0 && !terminal) return 'Pending';
  if (count.running > 0) return 'Running';
  if (count.stopped === 0) return terminal ? 'Failed' : 'Pending';
  const succeeded = count.stopped === count.succeeded && count.waiting === 0;
  if (terminal) return succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return 'Running';
  if (succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function counts(
  statuses: Statuses,
): Record<'running' | 'stopped' | 'succeeded' | 'waiting', number> {
  const count = { running: 0, stopped: 0, succeeded: 0, waiting: 0 };
  for (const { state, lastState } of statuses) {
    const ended = state?.terminated ?? (state?.waiting && lastState?.terminated);
    if (state?.running) count.running++;
    else if (ended) count.stopped++;
    else count.waiting++;
    if (state?.terminated?.exitCode === 0) count.succeeded++;
  }
  return count;
}

/** How far the init containers are. A side-car is done once it has started. */
export function initializationOf(
  { spec }: DeepReadonly<Pod>,
  statuses: Statuses,
): 'pending' | 'failed' | 'done' {
  let pending = false;
  for (const container of spec.initContainers ?? []) {
    const status = statuses.find(({ name }) => name === container.name);
    if (isSidecar(container)) {
      pending ||= status?.started !== true && status?.state?.terminated === undefined;
      continue;
    }
    const ended = status?.state?.terminated ?? status?.lastState?.terminated;
    if (ended && ended.exitCode !== 0) return 'failed';
    pending ||= status?.state?.terminated === undefined;
  }
  return pending ? 'pending' : 'done';
}
