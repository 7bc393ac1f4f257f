import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { goSlice, OperationError } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { RuntimeContainerStatus } from '../contracts.ts';
import { containersOf } from './containers.ts';
import type { PodContext } from './context.ts';
import { runPreStop } from './hooks.ts';
import { TerminationOrder } from './termination-order.ts';
import { together } from './together.ts';

/** What containers of a Pod that nobody knows, or that is not let in again, get: seconds. */
export const ORPHAN_GRACE = 1;

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
  const { simulation } = system;
  const { uid } = pod.metadata;
  const running = runtime.containers(uid).filter(({ state }) => state === 'running');
  const names = running.map(({ name }) => name);
  const order = new TerminationOrder(simulation, pod, names);
  const stops = running.map((run) => killContainer(context, pod, run, { graceSeconds, order }));
  yield* together(simulation, owner, 'stopping containers', stops);
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
  const ids = running.map(({ id }) => `containerd://${id}`);
  throw new OperationError(
    `detected running containers after a successful KillPod, CRI violation: ${goSlice(ids)}`,
  );
}

/** How one container is stopped. */
export interface KillOptions {
  /** Of the event. Default: that it is stopped. */
  readonly message?: string;
  /** Default: what the Pod gives. */
  readonly graceSeconds?: number | undefined;
  /** Default: it need not wait for others. */
  readonly order?: TerminationOrder;
}

/** Stops a container: its preStop hook, its turn, SIGTERM. Models killContainer. */
export function* killContainer(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  { id, name }: RuntimeContainerStatus,
  { message, graceSeconds, order }: KillOptions = {},
): Operation {
  context.event(pod, 'Normal', 'Killing', message ?? `Stopping container ${name}`);
  const grace = graceSeconds ?? graceOf(pod);
  let left = grace;
  const container = containersOf(pod.spec).find((one) => one.name === name);
  const preStop = container?.lifecycle?.preStop;
  if (container && preStop && left > 0) {
    left -= yield* runPreStop({ context, pod, container, id }, preStop, left);
  }
  if (order && left > 0) left -= yield* order.waitForTurn(name, left);
  yield* context.runtime.stopContainer(id, graceLeft(context, grace, left));
  order?.ended(name);
}

/** From 1.22 to 1.28 the time that the hook took was not taken off, and there was no least time. */
function graceLeft({ rules }: PodContext, grace: number, left: number): number {
  if (rules.atLeast('1.22') && rules.before('1.29')) return grace;
  return Math.max(left, MINIMUM_GRACE);
}
