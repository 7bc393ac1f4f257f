import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, goDuration, messageOf, OperationError } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ContainerConfig } from '../contracts.ts';
import { podAddress } from '../status/pod-status.ts';
import type { StartFailure } from '../status/reasons.ts';
import { containerConfig } from './container-config.ts';
import { containersOf, formatPod, latestRun } from './containers.ts';
import type { PodContext } from './context.ts';
import { ensureImage } from './ensure-image.ts';
import { runHook } from './hooks.ts';
import { killContainer } from './kill-pod.ts';

/**
 * Starts the next run of a container. Returns why it could not, in the words of its waiting state; undefined: it runs.
 * Models pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer.
 */
export function* startContainer(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
): Operation<StartFailure | undefined> {
  const waiting = backOff(context, pod, container);
  if (waiting) return waiting;
  const { uid } = pod.metadata;
  const runs = context.runtime.containers(uid).filter(({ name }) => name === container.name);
  const attempt = (runs.at(-1)?.attempt ?? -1) + 1;
  const missing = yield* ensureImage(context, pod, container);
  if (missing) return missing;
  for (const old of runs.slice(0, -1)) yield* context.runtime.removeContainer(old.id);
  const config = yield* attempted('CreateContainerConfigError', () =>
    containerConfig({
      context,
      pod,
      container,
      attempt,
      volumes: context.volumes.mountedVolumes(uid),
      podIP: podAddress(context, pod),
    }),
  );
  if ('reason' in config) return failed(context, pod, config);
  return yield* run(context, pod, config);
}

function* run(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  config: ContainerConfig,
): Operation<StartFailure | undefined> {
  const { runtime, rules } = context;
  const sandbox = runtime.sandbox(pod.metadata.uid);
  if (!sandbox) return { reason: 'CreateContainerError', message: 'sandbox not found' };
  const created = yield* attempted('CreateContainerError', () =>
    runtime.createContainer(sandbox.id, config),
  );
  if (typeof created !== 'string') return failed(context, pod, created);
  const colon = rules.before('1.32') ? '' : ':';
  context.event(pod, 'Normal', 'Created', `Created container${colon} ${config.name}`);
  const started = yield* attempted('RunContainerError', () => runtime.startContainer(created));
  if (started) return failed(context, pod, started);
  context.event(pod, 'Normal', 'Started', `Started container ${config.name}`);
  return yield* postStart(context, pod, config.name, created);
}

/** A container whose postStart hook fails is stopped again. */
function* postStart(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  name: string,
  id: string,
): Operation<StartFailure | undefined> {
  const container = containersOf(pod.spec).find((one) => one.name === name);
  const handler = container?.lifecycle?.postStart;
  if (!container || !handler) return undefined;
  const message = yield* runHook({ context, pod, container, id }, handler);
  if (message === undefined) return undefined;
  const text = context.rules.before('1.27') ? message : 'PostStartHook failed';
  context.event(pod, 'Warning', 'FailedPostStartHook', text);
  const run = latestRun(context.runtime.containers(pod.metadata.uid), name);
  if (run?.state === 'running')
    yield* killContainer(context, pod, run, { message: 'FailedPostStartHook' });
  return { reason: 'PostStartHookError', message };
}

/** The failure that an error of the simulated system is. */
function* attempted<Result>(
  reason: string,
  operation: () => Operation<Result>,
): Operation<Result | StartFailure> {
  try {
    return yield* operation();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { reason, message: messageOf(error) };
  }
}

function failed(context: PodContext, pod: DeepReadonly<Pod>, failure: StartFailure): StartFailure {
  context.event(pod, 'Warning', 'Failed', `Error: ${failure.message}`);
  return failure;
}

/** Models doBackOff of pkg/kubelet/kuberuntime/kuberuntime_manager.go. */
function backOff(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  { name, image = '' }: DeepReadonly<Container>,
): StartFailure | undefined {
  const { uid } = pod.metadata;
  const last = latestRun(context.runtime.containers(uid), name);
  if (last?.state !== 'exited') return undefined;
  const { now } = context.system.simulation;
  const key = `${uid}/${name}/${image}`;
  const finishedAt = last.finishedAt ?? now;
  if (context.backOff.waitsUntil(key, finishedAt, now) === undefined) {
    context.backOff.next(key, finishedAt, now);
    return undefined;
  }
  const who = formatPod(pod);
  const message = `Back-off restarting failed container ${name} in pod ${who}`;
  context.event(pod, 'Warning', 'BackOff', message);
  const delay = goDuration(context.backOff.delay(key));
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${delay} restarting failed container=${name} pod=${who}`,
  };
}
