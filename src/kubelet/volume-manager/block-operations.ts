import { OperationError } from '../../base/index.ts';
import { FileSteps, type VolumeSpec, volumeModeOf } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ActualPod, ActualVolume } from './actual-state-of-world.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import { type Environment, pluginCall, type VolumeOfPod, volumeContextOf } from './environment.ts';
import { failedText, failureClass, isFailure, wrapped } from './failure.ts';

/** Whether a volume is given to containers as a device. */
export function isBlock(spec: VolumeSpec): boolean {
  return volumeModeOf(spec) === 'Block';
}

/**
 * Makes a device ready for a Pod: the plugin maps it, and a link in the Pod's directory leads to it. Models
 * GenerateMapVolumeFunc of pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* mapVolume(
  environment: Environment,
  volume: ActualVolume,
  wanted: DesiredPod,
): Operation {
  const { spec, pod, uid, outerNames } = wanted;
  const of = { volume, spec, pod, outerName: outerNames[0] ?? spec.name };
  const { actual, context } = environment;
  const { now } = context.system.simulation;
  try {
    const devicePath = yield* map(environment, of);
    const path = yield* linkDevice(environment, of, devicePath);
    actual.markMounted(volume, uid, { pod, spec, outerNames, path, devicePath, block: true }, now);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const text = failedText('MapVolume.MapPodDevice', spec.name, error);
    context.event(pod, 'Warning', 'FailedMapVolume', text);
    const known = volume.pods.get(uid);
    if (failureClass(error) === 'uncertain' && !known) {
      const path = devicePathOf(environment, of);
      actual.markUncertain(volume, uid, { pod, spec, outerNames, path, block: true }, { now });
    } else if (
      failureClass(error) === 'final' &&
      known?.state === 'uncertain' &&
      !known.reconstructed
    ) {
      actual.markUnmounted(volume, uid);
    }
    throw wrapped(text, error);
  }
}

function* map(environment: Environment, of: VolumeOfPod): Operation<string> {
  const { volume, spec } = of;
  const { blockMapper } = volume.plugin;
  if (!blockMapper) {
    throw new OperationError(
      'MapVolume.FindMapperPluginBySpec failed to find BlockVolumeMapper plugin. Volume plugin is nil.',
    );
  }
  const context = volumeContextOf(environment, of);
  const called = { plugin: volume.plugin, spec, of };
  const path = yield* pluginCall(environment, 'MapPodDevice', called, () =>
    blockMapper.map(context),
  );
  if (path === '') throw new OperationError('device path of the volume is empty');
  return path;
}

/** The link in the Pod's directory. */
function* linkDevice(environment: Environment, of: VolumeOfPod, device: string): Operation<string> {
  const files = filesOf(environment, of);
  const name = linkOf(of);
  yield* files.mkdirAll(name.slice(0, name.lastIndexOf('/')), 0o750);
  if (files.directory.lexists(name)) yield* files.unlink(name);
  yield* files.symlink(device, name);
  return devicePathOf(environment, of);
}

/** Takes a device away from a Pod. Models GenerateUnmapVolumeFunc. */
export function* unmapVolume(environment: Environment, entry: ActualPod): Operation {
  const { volume, uid, mount } = entry;
  const { pod, spec } = mount;
  const { blockMapper } = volume.plugin;
  const of = { volume, spec, pod, outerName: mount.outerNames[0] ?? spec.name };
  const { actual, context } = environment;
  const { now } = context.system.simulation;
  // Before the work begins: what comes of it is not sure until it has ended.
  actual.markUncertain(volume, uid, mount, { now });
  const files = filesOf(environment, of);
  const name = linkOf(of);
  if (files.directory.lexists(name)) yield* files.unlink(name);
  if (blockMapper) {
    const called = { plugin: volume.plugin, spec, of };
    const plugin = volumeContextOf(environment, of);
    yield* pluginCall(environment, 'UnmapPodDevice', called, () => blockMapper.unmap(plugin));
  }
  actual.markUnmounted(volume, uid);
}

function filesOf({ context }: Environment, { pod, outerName }: VolumeOfPod): FileSteps {
  const directory = context.layout.pod(pod.metadata.uid);
  return new FileSteps(directory, { node: context.system, volume: outerName });
}

/** Below the Pod's directory. */
function linkOf({ volume, spec }: VolumeOfPod): string {
  return `volumeDevices/${volume.plugin.name.replaceAll('/', '~')}/${spec.name}`;
}

function devicePathOf({ context }: Environment, of: VolumeOfPod): string {
  return `${context.layout.podPath(of.pod.metadata.uid)}/${linkOf(of)}`;
}
