import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  VolumeMountStatus,
} from '../../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../../base/index.ts';
import type { RuntimeContainerStatus } from '../contracts.ts';
import { isSidecar, shouldBeRestarted } from '../pod/containers.ts';
import type { ReasonCache } from './reasons.ts';

/** What the status of a Pod's containers is made from. */
export interface ContainerStatusParts {
  readonly pod: DeepReadonly<Pod>;
  /** Every run that was not removed, oldest first. */
  readonly runs: readonly RuntimeContainerStatus[];
  readonly reasons: ReasonCache;
  /** How its volumes are mounted; undefined where that is not told. */
  readonly volumeMounts: (container: DeepReadonly<Container>) => VolumeMountStatus[] | undefined;
  /** What a run that ended left as its message. */
  readonly message: (container: DeepReadonly<Container>, run: RuntimeContainerStatus) => string;
}

/**
 * The status of one container: of its newest run, with the run before as `lastState`; waiting with a reason when it is to be
 * started and could not be. Models pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses.
 */
export function containerStatus(
  parts: ContainerStatusParts,
  container: DeepReadonly<Container>,
): ContainerStatus {
  const { pod, reasons } = parts;
  const own = parts.runs.filter(({ name }) => name === container.name);
  const run = own.at(-1);
  const previous = own.at(-2);
  const { state, lastState } = statesOf(parts, container, { run, previous });
  const failure = reasons.get(pod.metadata.uid ?? '', container.name);
  const waits =
    failure !== undefined && state.running === undefined && isToStart(parts, container, run);
  const running = !waits && state.running !== undefined;
  const init = isInit(pod, container);
  const done = state.terminated?.exitCode === 0 && !waits;
  const volumeMounts = run && parts.volumeMounts(container);
  const status: ContainerStatus = {
    name: container.name,
    state: waits ? { waiting: { reason: failure.reason, message: failure.message } } : state,
    lastState: waits && state.terminated ? { terminated: state.terminated } : lastState,
    ready: init && !isSidecar(container) ? done : running,
    restartCount: run?.attempt ?? 0,
    image: container.image ?? '',
    imageID: run ? `docker.io/library/${container.image ?? ''}` : '',
  };
  if (run) status.containerID = `containerd://${run.id}`;
  status.started = running;
  if (volumeMounts) status.volumeMounts = volumeMounts;
  return status;
}

function statesOf(
  parts: ContainerStatusParts,
  container: DeepReadonly<Container>,
  { run, previous }: Partial<Record<'run' | 'previous', RuntimeContainerStatus | undefined>>,
): { state: ContainerState; lastState: ContainerState } {
  const before = previous ? stateOf(parts, container, previous) : {};
  const state = run ? stateOf(parts, container, run) : notYet(parts.pod, container);
  return { state, lastState: before.terminated ? { terminated: before.terminated } : {} };
}

function stateOf(
  parts: ContainerStatusParts,
  container: DeepReadonly<Container>,
  run: RuntimeContainerStatus,
): ContainerState {
  if (run.state === 'running') return { running: { startedAt: rfc3339(run.startedAt ?? 0) } };
  if (run.state === 'created') return notYet(parts.pod, container);
  const message = run.message || parts.message(container, run);
  const terminated: ContainerState['terminated'] = { exitCode: run.exitCode ?? 0 };
  if (run.reason !== undefined) terminated.reason = run.reason;
  if (message !== '') terminated.message = message;
  terminated.startedAt = rfc3339(run.startedAt ?? run.createdAt);
  terminated.finishedAt = rfc3339(run.finishedAt ?? run.createdAt);
  terminated.containerID = `containerd://${run.id}`;
  return { terminated };
}

function notYet(pod: DeepReadonly<Pod>, container: DeepReadonly<Container>): ContainerState {
  const after = (pod.spec.initContainers ?? []).length > 0;
  return {
    waiting: { reason: after || isInit(pod, container) ? 'PodInitializing' : 'ContainerCreating' },
  };
}

function isToStart(
  { pod }: ContainerStatusParts,
  container: DeepReadonly<Container>,
  run: RuntimeContainerStatus | undefined,
): boolean {
  const done = run?.state === 'exited' && run.exitCode === 0;
  if (isInit(pod, container) && !isSidecar(container) && done) return false;
  return isSidecar(container) || shouldBeRestarted(pod, run);
}

function isInit({ spec }: DeepReadonly<Pod>, { name }: DeepReadonly<Container>): boolean {
  return (spec.initContainers ?? []).some((one) => one.name === name);
}
