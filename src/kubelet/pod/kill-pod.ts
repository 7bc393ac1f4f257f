import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { OperationError } from '../../base/index.ts';
import { type Operation, sleepUntil } from '../../sim/index.ts';
import type { RuntimeContainerStatus } from '../contracts.ts';
import { containersOf, isSidecar } from './containers.ts';
import type { PodContext } from './context.ts';
import { together } from './together.ts';

/** Seconds that a container gets at least, after its preStop hook. */
const MINIMUM_GRACE = 2;
const DEFAULT_GRACE = 30;

/**
 * Stops all containers of a Pod, side-cars after the others in reverse order, and its sandbox. `graceSeconds` overrides the
 * Pod's own. Throws the runtime's error. Models pkg/kubelet/kuberuntime killPodWithSyncResult.
 */
export function* killPod(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  graceSeconds: number | undefined,
): Operation {
  const { runtime, system, owner } = context;
  const { uid } = pod.metadata;
  const grace = graceSeconds ?? graceOf(pod);
  const running = runtime.containers(uid).filter(({ state }) => state === 'running');
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const isLast = ({ name }: RuntimeContainerStatus): boolean => sidecars.includes(name);
  const stop = (run: RuntimeContainerStatus): Operation => stopContainer(context, pod, run, grace);
  const first = running.filter((run) => !isLast(run)).map(stop);
  yield* together(system.simulation, owner, 'stopping containers', first);
  const last = running
    .filter(isLast)
    .sort((a, b) => sidecars.indexOf(b.name) - sidecars.indexOf(a.name));
  for (const run of last) yield* stop(run);
  for (const { id } of runtime.sandboxes(uid)) yield* runtime.stopPodSandbox(id);
}

/** What the deletion, or else the Pod, gives its containers; in seconds. */
export function graceOf({ metadata, spec }: DeepReadonly<Pod>): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  const own = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE;
  return deletionTimestamp === undefined ? own : (deletionGracePeriodSeconds ?? own);
}

/** Throws when a container still runs although it was stopped. Models SyncTerminatingPod. */
export function demandStopped({ runtime }: PodContext, uid: string): void {
  const running = runtime.containers(uid).filter(({ state }) => state === 'running');
  if (running.length === 0) return;
  const names = running.map(({ name }) => name).join(' ');
  throw new OperationError(
    `detected running containers after a successful KillPod, CRI violation: [${names}]`,
  );
}

function* stopContainer(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  { id, name }: RuntimeContainerStatus,
  grace: number,
): Operation {
  context.event(pod, 'Normal', 'Killing', `Stopping container ${name}`);
  const slept = yield* preStop(context, pod, name, grace);
  const left = slept > 0 ? Math.max(grace - slept, MINIMUM_GRACE) : grace;
  yield* context.runtime.stopContainer(id, left);
}

/** Of preStop hooks only `sleep` takes time here. Returns the seconds it took. */
function* preStop(
  { system }: PodContext,
  { spec }: DeepReadonly<Pod>,
  name: string,
  grace: number,
): Operation<number> {
  const hook = containersOf(spec).find((one) => one.name === name)?.lifecycle?.preStop?.sleep;
  const seconds = Math.min(hook?.seconds ?? 0, grace);
  if (seconds <= 0) return 0;
  const until = system.simulation.now + seconds * 1000;
  yield* sleepUntil(until, { class: 'work', reason: 'preStop hook' });
  return seconds;
}
