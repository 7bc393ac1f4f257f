import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf } from '../../base/index.ts';
import { type Cancellation, Cancelled, type Operation, Signal, waitFor } from '../../sim/index.ts';
import { type EndedBy, podStatus } from '../status/pod-status.ts';
import { mayHaveMountedVolumes } from '../volumes-on-disk.ts';
import type { PodContext } from './context.ts';
import { demandStopped, killPod } from './kill-pod.ts';

/** Milliseconds between two looks at the disk. */
const POLL = 100;

/** How the containers of a Pod are stopped. */
export interface TerminatingOptions {
  readonly graceSeconds: number | undefined;
  readonly endedBy: EndedBy | undefined;
  readonly cancel: Cancellation;
}

/** Stops the containers of a Pod. Throws what the runtime says; it is tried again. Models SyncTerminatingPod. */
export function* syncTerminatingPod(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  { graceSeconds, endedBy, cancel }: TerminatingOptions,
): Operation {
  context.statuses.set(pod, podStatus(context, pod, { terminal: false, endedBy }));
  try {
    yield* interruptible(context, killPod(context, pod, graceSeconds), cancel);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    const message = `error killing pod: ${messageOf(error)}`;
    context.event(pod, 'Warning', 'FailedKillPod', message);
    throw error;
  }
  demandStopped(context, pod.metadata.uid);
  context.statuses.set(pod, podStatus(context, pod, { terminal: true, endedBy }));
}

/**
 * Waits until the volumes of a Pod are gone, and lets go of all that it had. Throws when they take too long; it is tried
 * again. Models SyncTerminatedPod.
 */
export function* syncTerminatedPod(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  endedBy: EndedBy | undefined,
): Operation {
  const { uid } = pod.metadata;
  context.statuses.set(pod, podStatus(context, pod, { terminal: true, endedBy }));
  yield* context.volumes.waitForUnmount(pod);
  yield* untilVolumesAreGone(context, uid);
  if (endedBy?.reason === 'Evicted') yield* removeContainers(context, uid);
  context.objects.unregister(uid);
  context.objects.forgetTokens(uid);
  context.backOff.forget(uid);
  context.reasons.forget(uid);
  context.statuses.finish(pod);
}

/** Neither the volume manager nor the disk may know of one. Models podVolumesExist of pkg/kubelet/kubelet_volumes.go. */
function* untilVolumesAreGone(context: PodContext, uid: string): Operation {
  const { volumes, layout, system } = context;
  for (;;) {
    const known = volumes.hasPossiblyMountedVolumes(uid);
    if (!known && !mayHaveMountedVolumes(layout, uid)) return;
    const deadline = known ? {} : { deadline: system.simulation.now + POLL };
    yield* waitFor(volumes.changed(uid), { reason: 'volumes to be gone', ...deadline });
  }
}

/** Of a Pod that was evicted nothing stays to be looked at: its place is needed. Models cleanUpContainersInPod. */
function* removeContainers({ runtime }: PodContext, uid: string): Operation {
  for (const { id } of runtime.containers(uid)) yield* runtime.removeContainer(id);
}

/** Waits for an operation that goes on by itself when the wait is cancelled: a shorter grace period overtakes it. */
function* interruptible(
  { system, owner }: PodContext,
  operation: Operation,
  cancel: Cancellation,
): Operation {
  const ended = new Signal();
  let done = false;
  let failure: unknown;
  system.simulation.spawn(`${system.name}: stopping a Pod`, owner, operation, {
    onEnd: (error, failed) => {
      done = true;
      failure = failed ? error : undefined;
      ended.wake();
    },
  });
  while (!done) yield* waitFor(ended, { reason: 'containers to end', cancel });
  if (failure !== undefined) throw failure;
}
