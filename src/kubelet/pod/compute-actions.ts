import type { Container, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { ContainerRuntime, RuntimeContainerStatus } from '../contracts.ts';
import { isSidecar, latestRun, restartPolicyOf, shouldBeRestarted } from './containers.ts';

/** What a sync has to do with a Pod's containers. */
export interface PodActions {
  /** A new sandbox with this attempt; undefined: it has one. */
  readonly sandboxAttempt?: number;
  /** They run, and are not what the Pod says any more: to be stopped before anything is started. */
  readonly kill: readonly RuntimeContainerStatus[];
  /** In this order. */
  readonly start: readonly DeepReadonly<Container>[];
}

const NOTHING: PodActions = { kill: [], start: [] };

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
    return { kill: outdated(pod, current), start: toStart(pod, current, runs) };
  }
  const attempt = (runtime.sandboxes(uid).at(-1)?.attempt ?? -1) + 1;
  if (attempt > 0 && runs.length > 0 && restartPolicyOf(pod) === 'Never') return NOTHING;
  const start = toStart(pod, [], runs);
  return start.length === 0 ? NOTHING : { sandboxAttempt: attempt, kill: [], start };
}

type Runs = readonly RuntimeContainerStatus[];

/** Of all that may be changed of a Pod it is the image that makes a container another one. Models containerChanged. */
function isOutdated(
  container: DeepReadonly<Container>,
  run: RuntimeContainerStatus | undefined,
): boolean {
  return run?.state === 'running' && run.image !== (container.image ?? '');
}

function outdated({ spec }: DeepReadonly<Pod>, current: Runs): RuntimeContainerStatus[] {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  return [...sidecars, ...spec.containers].flatMap((container) => {
    const run = latestRun(current, container.name);
    return run && isOutdated(container, run) ? [run] : [];
  });
}

function toStart(pod: DeepReadonly<Pod>, current: Runs, all: Runs): DeepReadonly<Container>[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const initialized = containers.some(({ name }) => latestRun(current, name) !== undefined);
  const start: DeepReadonly<Container>[] = [];
  for (const container of initContainers) {
    const run = latestRun(current, container.name);
    const next = isSidecar(container)
      ? nextSidecar(container, run)
      : initialized
        ? 'done'
        : nextInit(pod, run);
    if (next === 'wait') return start;
    if (next === 'start') start.push(container);
    // One after the other; later they are looked after all at once.
    if (next === 'start' && !initialized) return start;
  }
  const regular = containers.filter((container) => {
    const run = latestRun(all, container.name);
    return isOutdated(container, run) || shouldBeRestarted(pod, run);
  });
  const ephemeral = ephemeralContainers.filter(({ name }) => latestRun(all, name) === undefined);
  return [...start, ...regular, ...ephemeral];
}

/** The next may start once it runs. */
function nextSidecar(
  container: DeepReadonly<Container>,
  run: RuntimeContainerStatus | undefined,
): 'start' | 'done' {
  return run?.state === 'running' && !isOutdated(container, run) ? 'done' : 'start';
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
