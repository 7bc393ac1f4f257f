import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError, quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { StartFailure } from '../status/reasons.ts';
import { podKey } from './containers.ts';
import type { PodContext } from './context.ts';

/**
 * Sees to it that a container's image is on the node. Returns why it is not, in the words of the container's waiting state.
 * Models EnsureImageExists of pkg/kubelet/images/image_manager.go.
 */
export function* ensureImage(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
): Operation<StartFailure | undefined> {
  const failure = yield* ensure(context, pod, container);
  if (failure) context.event(pod, 'Warning', 'Failed', `Error: ${failure.reason}`);
  return failure;
}

function* ensure(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
): Operation<StartFailure | undefined> {
  const { image = '', imagePullPolicy } = container;
  const status = context.runtime.imageStatus?.(image);
  if (!status || (status.present && imagePullPolicy !== 'Always')) {
    const message = `Container image ${quoted(image)} already present on machine`;
    context.event(pod, 'Normal', 'Pulled', message);
    return undefined;
  }
  if (imagePullPolicy !== 'Never') return yield* pull(context, pod, container);
  const message = `Container image ${quoted(image)} is not present with pull policy of Never`;
  context.event(pod, 'Warning', 'ErrImageNeverPull', message);
  return { reason: 'ErrImageNeverPull', message };
}

function* pull(
  context: PodContext,
  pod: DeepReadonly<Pod>,
  { name, image = '' }: DeepReadonly<Container>,
): Operation<StartFailure | undefined> {
  const { backOff, rules, runtime, system } = context;
  const key = `${pod.metadata.uid}//${image}`;
  const now = system.simulation.now;
  if (backOff.holds(key, now)) {
    const message = `Back-off pulling image ${quoted(image)}`;
    context.event(pod, 'Normal', 'BackOff', message);
    return { reason: 'ImagePullBackOff', message };
  }
  const pulling = rules.before('1.14') ? 'pulling' : 'Pulling';
  context.event(pod, 'Normal', 'Pulling', `${pulling} image ${quoted(image)}`);
  try {
    const by = { pod: podKey(pod), container: name };
    const pulled = yield* runtime.pullImage?.(image, by) ?? nothing();
    context.event(pod, 'Normal', 'Pulled', pulledText(context, image, pulled.size));
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const message = `rpc error: code = ${grpcCode(error)} desc = ${messageOf(error)}`;
    context.event(pod, 'Warning', 'Failed', `Failed to pull image ${quoted(image)}: ${message}`);
    backOff.next(key, now, now);
    return { reason: 'ErrImagePull', message };
  }
}

function* nothing(): Operation<{ readonly size: number }> {
  return { size: 0 };
}

/** Pulling takes no time here. */
function pulledText({ rules }: PodContext, image: string, size: number): string {
  const text = `Successfully pulled image ${quoted(image)}`;
  if (rules.before('1.19')) return text;
  if (rules.before('1.25')) return `${text} in 0s`;
  const waited = `${text} in 0s (0s including waiting)`;
  return rules.before('1.30') ? waited : `${waited}. Image size: ${size} bytes.`;
}

/** An errno is no code of gRPC. */
function grpcCode({ code }: OperationError): string {
  return code === undefined || code === code.toUpperCase() ? 'Unknown' : code;
}
