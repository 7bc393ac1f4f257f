import type { Container, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { ContainerRuntime, RuntimeContainerStatus } from '../contracts.ts';
import { isSidecar, latestRun, restartPolicyOf, shouldBeRestarted } from './containers.ts';

/** What a sync has to do with a Pod's containers. */
export interface PodActions {
  /** A new sandbox with this attempt; undefined: it has one. */
  readonly sandboxAttempt?: number;
  /** In this order. */
  readonly start: readonly DeepReadonly<Container>[];
}

const NOTHING: PodActions = { start: [] };

/**
 * What is to be started now: the sandbox, the next init container, or, once these are done, all that do not run and should.
 * Models pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions.
 */
export function computePodActions(
  pod: DeepReadonly<Pod>,
  runtime: Pick<ContainerRuntime, 'sandbox' | 'sandboxes' | 'containers'>,
): PodActions {
  const { uid } = pod.metadata;
  const runs = runtime.containers(uid);
  const sandbox = runtime.sandbox(uid);
  if (sandbox) {
    const current = runs.filter(({ sandboxId }) => sandboxId === sandbox.id);
    return { start: toStart(pod, current, runs) };
  }
  const attempt = (runtime.sandboxes(uid).at(-1)?.attempt ?? -1) + 1;
  if (attempt > 0 && runs.length > 0 && restartPolicyOf(pod) === 'Never') return NOTHING;
  const start = toStart(pod, [], runs);
  return start.length === 0 ? NOTHING : { sandboxAttempt: attempt, start };
}

type Runs = readonly RuntimeContainerStatus[];

function toStart(pod: DeepReadonly<Pod>, current: Runs, all: Runs): DeepReadonly<Container>[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const initialized = containers.some(({ name }) => latestRun(current, name) !== undefined);
  const start: DeepReadonly<Container>[] = [];
  for (const container of initContainers) {
    const run = latestRun(current, container.name);
    if (isSidecar(container)) {
      if (run?.state !== 'running') start.push(container);
    } else if (!initialized) {
      const next = nextInit(pod, run);
      if (next === 'wait') return start;
      if (next === 'start') return [...start, container];
    }
  }
  const regular = containers.filter(({ name }) => shouldBeRestarted(pod, latestRun(all, name)));
  const ephemeral = ephemeralContainers.filter(({ name }) => latestRun(all, name) === undefined);
  return [...start, ...regular, ...ephemeral];
}

function nextInit(
  pod: DeepReadonly<Pod>,
  run: RuntimeContainerStatus | undefined,
): 'start' | 'wait' | 'done' {
  if (run === undefined || run.state === 'created') return 'start';
  if (run.state === 'running') return 'wait';
  if (run.exitCode === 0) return 'done';
  return restartPolicyOf(pod) === 'Never' ? 'wait' : 'start';
}
