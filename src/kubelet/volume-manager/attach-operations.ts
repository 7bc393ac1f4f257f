import { OperationError } from '../../base/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { ActualVolume } from './actual-state-of-world.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import { type Environment, nodeOf, pluginCall } from './environment.ts';
import { initializeClaimSize } from './expansion/index.ts';
import { failedText, isFailure, wrapped } from './failure.ts';

/** Where the controller says that it has attached a volume; undefined: it does not say so. */
export function reportedDevicePath(environment: Environment, volume: string): string | undefined {
  const attached = nodeOf(environment)?.status?.volumesAttached ?? [];
  return attached.find(({ name }) => name === volume)?.devicePath;
}

/**
 * Reads the Node once more, and believes that a volume is attached when it says so. Models
 * GenerateVerifyControllerAttachedVolumeFunc.
 */
export function* verifyControllerAttached(environment: Environment, wanted: DesiredPod): Operation {
  const { volume, spec } = wanted;
  const node = environment.context.system.name;
  const subject = { volume: wanted.outerNames[0] ?? spec.name, node };
  yield* step('VerifyControllerAttachedVolume', subject, () => {
    const devicePath = reportedDevicePath(environment, volume.name);
    if (devicePath === undefined) {
      throw new OperationError('Volume not attached according to node status');
    }
    environment.actual.markAttached(volume.name, volume.plugin, spec, devicePath);
    initializeClaimSize(environment, volume.name, spec);
  });
}

/** The kubelet attaches a volume itself. Models GenerateAttachVolumeFunc. */
export function* attachVolume(environment: Environment, wanted: DesiredPod): Operation {
  const { volume, spec, pod } = wanted;
  const { plugin } = volume;
  const { attacher } = plugin;
  if (!attacher) return;
  const { context, actual } = environment;
  const called = { plugin, spec, uniqueName: volume.name };
  try {
    const path = yield* pluginCall(environment, 'Attach', called, () =>
      attacher.attach(spec, context.system),
    );
    actual.markAttached(volume.name, plugin, spec, path);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const text = failedText('AttachVolume.Attach', spec.name, error);
    context.event(pod, 'Warning', 'FailedAttachVolume', text);
    const where = `(UniqueName: "${volume.name}") from node "${context.system.name}"`;
    throw wrapped(
      `AttachVolume.Attach failed for volume "${spec.name}" ${where} : ${error.message}`,
      error,
    );
  }
  const done = `AttachVolume.Attach succeeded for volume "${spec.name}" `;
  context.event(pod, 'Normal', 'SuccessfulAttachVolume', done);
}

/** The kubelet detaches a volume itself. Models GenerateDetachVolumeFunc. */
export function* detachVolume(environment: Environment, volume: ActualVolume): Operation {
  yield* detachWith(environment, volume);
  environment.actual.deleteVolume(volume.name);
}

function* detachWith(environment: Environment, { name, plugin, spec }: ActualVolume): Operation {
  const { attacher } = plugin;
  if (!attacher) return;
  const called = { plugin, spec, uniqueName: name };
  try {
    yield* pluginCall(environment, 'Detach', called, () =>
      attacher.detach(spec, environment.context.system),
    );
  } catch (error) {
    if (!isFailure(error)) throw error;
    const where = `(UniqueName: "${name}") on node "${environment.context.system.name}"`;
    throw wrapped(
      `DetachVolume.Detach failed for volume "${spec.name}" ${where} : ${error.message}`,
      error,
    );
  }
}
