import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError, quoted } from '../../base/index.ts';
import { podMemoryLimit } from '../../plugin/index.ts';
import { type Cancellation, type Operation, step, throwIfCancelled } from '../../sim/index.ts';
import { isStaticPod } from '../static-pods/index.ts';
import { type EndedBy, podStatus } from '../status/pod-status.ts';
import { isFailure } from '../volume-manager/failure.ts';
import { DEADLINE_EXCEEDED } from '../volume-manager/index.ts';
import { computePodActions } from './compute-actions.ts';
import { formatPod, podKey } from './containers.ts';
import type { PodContext } from './context.ts';
import { killContainer } from './kill-pod.ts';
import { startContainer } from './start-container.ts';

/**
 * One sync of a Pod that is to run. True: it has ended for good. Throws an OperationError when something did not work and is
 * to be tried again, `Cancelled` when the Pod is to end. Models pkg/kubelet/kubelet.go SyncPod.
 */
export function* syncPod(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  cancel: Cancellation,
): Operation<boolean> {
  const endedBy = pastDeadline(context, pod);
  const status = podStatus(context, pod, { terminal: false, endedBy });
  context.statuses.set(pod, status);
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return true;
  context.objects.register(pod);
  if (isStaticPod(pod)) yield* context.mirrors.ensure(pod);
  yield* makePodDirectories(context, pod);
  yield* mountVolumes(context, pod, cancel);
  yield* startContainers(context, pod, cancel);
  return false;
}

/** Models pkg/kubelet/active_deadline.go. */
function pastDeadline(
  { system }: PodContext,
  { spec, status }: DeepReadonly<Pod>,
): EndedBy | undefined {
  const seconds = spec.activeDeadlineSeconds;
  if (seconds === undefined || status?.startTime === undefined) return undefined;
  if (system.simulation.now < Date.parse(status.startTime) + seconds * 1000) return undefined;
  return {
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  };
}

/** Models makePodDataDirs. */
function* makePodDirectories(context: PodContext, pod: DeepReadonly<Pod>): Operation {
  const { layout, system } = context;
  const { uid } = pod.metadata;
  if (layout.pods.exists(`${uid}/plugins`)) return;
  const path = layout.podPath(uid);
  try {
    yield* step('mkdir', { node: system.name, pod: podKey(pod), path }, () => {
      layout.forget(uid);
      const directory = layout.pod(uid);
      directory.mkdirAll('volumes', 0o750);
      directory.mkdirAll('plugins', 0o750);
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    const why = `error making pod data directories: ${messageOf(error)}`;
    context.event(pod, 'Warning', 'Failed', why);
    throw error;
  }
}

function* mountVolumes(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  cancel: Cancellation,
): Operation {
  try {
    yield* context.volumes.waitForAttachAndMount(pod, { cancel });
  } catch (error) {
    if (error instanceof OperationError && error.code !== DEADLINE_EXCEEDED) {
      const prefix = context.rules.before('1.14')
        ? `Unable to mount volumes for pod ${quoted(oldName(pod))}`
        : 'Unable to attach or mount volumes';
      context.event(pod, 'Warning', 'FailedMount', `${prefix}: ${messageOf(error)}`);
    }
    throw error;
  }
}

function oldName({ metadata }: DeepReadonly<Pod>): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}

/** Models createPodSandbox of pkg/kubelet/kuberuntime/kuberuntime_sandbox.go. */
function* makeSandbox(context: PodContext, pod: DeepReadonly<Pod>, attempt: number): Operation {
  const { uid, name, namespace = 'default' } = pod.metadata;
  const memoryLimit = podMemoryLimit(pod);
  try {
    yield* context.runtime.runPodSandbox({ uid, name, namespace, attempt, memoryLimit });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const why = `rpc error: code = ${error.code ?? 'Unknown'} desc = ${messageOf(error)}`;
    context.event(pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${why}`);
    const who = formatPod(pod);
    const message = `Failed to create sandbox for pod ${quoted(who)}: ${why}`;
    throw new OperationError(
      `failed to "CreatePodSandbox" for ${quoted(who)} with CreatePodSandboxError: ${quoted(message)}`,
    );
  }
}

function* startContainers(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  cancel: Cancellation,
): Operation {
  const { uid } = pod.metadata;
  const actions = computePodActions(pod, context.runtime);
  if (actions.sandboxAttempt !== undefined)
    yield* makeSandbox(context, pod, actions.sandboxAttempt);
  for (const run of actions.kill) {
    const message = `Container ${run.name} definition changed, will be restarted`;
    yield* killContainer(context, pod, run, { message });
  }
  const failures: string[] = [];
  for (const container of actions.start) {
    throwIfCancelled(cancel);
    const failure = yield* startContainer(context, pod, container);
    context.reasons.set(uid, container.name, failure);
    if (!failure) continue;
    const { reason, message } = failure;
    failures.push(
      `failed to "StartContainer" for ${quoted(container.name)} with ${reason}: ${quoted(message)}`,
    );
  }
  if (failures.length === 0) return;
  // Upstream tells the reason with the sync that tries again: here it is seen before anybody waits for that.
  context.statuses.set(pod, podStatus(context, pod, { terminal: false }));
  throw new OperationError(
    failures.length === 1 ? (failures[0] ?? '') : `[${failures.join(', ')}]`,
  );
}
