import { OperationError } from '../../base/index.ts';
import { type VolumePlugin, type VolumeSpec, volumeModeOf } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ActualPod, ActualVolume } from './actual-state-of-world.ts';
import {
  bindDevice,
  devicesOf,
  linkDevice,
  realDevice,
  unbindDevice,
  unlinkDevice,
} from './block-devices.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import { detailed } from './detailed.ts';
import {
  type Environment,
  nodeOf,
  pluginCall,
  type VolumeOfPod,
  volumeContextOf,
} from './environment.ts';
import { expandDuringMount } from './expansion/index.ts';
import { failedText, failureClass, isFailure } from './failure.ts';
import { checkSinglePod, deviceFailed, waitForAttach } from './mount-operation.ts';
import { checkNodeAffinity } from './node-affinity.ts';

type BlockMapper = NonNullable<VolumePlugin['blockMapper']>;

/** Whether a volume is given to containers as a device. */
export function isBlock(spec: VolumeSpec): boolean {
  return volumeModeOf(spec) === 'Block';
}

/** Where a map operation is: the step that its event names, and whether the Pod's part was begun. */
interface Progress {
  stage: string;
  /** More about it. */
  how?: string;
  reason: string;
  mapped: boolean;
  /** It is the node's part that fails now, not the Pod's. */
  atDevice?: boolean;
}

/**
 * Makes a device ready for a Pod: the plugin maps it, it is bound below the plugin's directory, and a link in the Pod's leads to
 * it. Models GenerateMapVolumeFunc of pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* mapVolume(
  environment: Environment,
  volume: ActualVolume,
  wanted: DesiredPod,
): Operation {
  const { spec, pod, outerNames } = wanted;
  const of = { volume, spec, pod, outerName: outerNames[0] ?? spec.name };
  const { blockMapper } = volume.plugin;
  // Upstream fails before it begins: there is no event.
  if (!blockMapper) throw noMapper(of);
  const progress: Progress = { stage: 'NodeAffinity check', reason: 'FailedMount', mapped: false };
  try {
    const devicePath = yield* pipeline(environment, of, blockMapper, progress);
    tellMapped(environment, of);
    progress.stage = 'MarkVolumeAsMounted';
    progress.how = ' while expanding volume';
    yield* expandDuringMount(environment, of);
    markMapped(environment, of, wanted, devicePath);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const what = progress.stage === '' ? 'MapVolume' : `MapVolume.${progress.stage}`;
    const text = failedText(what, spec.name, error, progress.how);
    environment.context.event(pod, 'Warning', progress.reason, text);
    if (progress.atDevice) deviceFailed(environment, volume, error);
    else mapFailed(environment, of, progress, error);
    throw detailed(`${what} failed${progress.how ?? ''}`, of, spec.name, error);
  }
}

function* pipeline(
  environment: Environment,
  of: VolumeOfPod,
  blockMapper: BlockMapper,
  progress: Progress,
): Operation<string> {
  const { volume, spec } = of;
  const { plugin } = volume;
  checkNodeAffinity(spec, nodeOf(environment), environment.context.rules);
  progress.reason = 'FailedMapVolume';
  progress.stage = 'NewBlockVolumeMapper initialization';
  plugin.newMounter?.(volumeContextOf(environment, of));
  progress.stage = 'SetUpDevice';
  checkSinglePod(environment, of);
  progress.stage = 'WaitForAttach';
  if (plugin.attacher) yield* waitForAttach(environment, of);
  progress.stage = 'SetUpDevice';
  yield* setUpDevice(environment, of, blockMapper, progress);
  progress.stage = 'MapPodDevice';
  const mapped = yield* pluginCall(environment, 'MapPodDevice', { plugin, spec, of }, () =>
    blockMapper.map(volumeContextOf(environment, of)),
  );
  progress.mapped = true;
  progress.stage = '';
  const path = mapped || volume.devicePath;
  if (path === '') throw new OperationError('device path of the volume is empty');
  progress.stage = 'EvalHostSymlinks';
  const device = realDevice(environment, path);
  progress.stage = 'MapBlockVolume';
  yield* bindDevice(environment, of, device);
  yield* linkDevice(environment, of, device);
  return device;
}

/** Once for the node. */
function* setUpDevice(
  environment: Environment,
  of: VolumeOfPod,
  { setUpDevice: setUp }: BlockMapper,
  progress: Progress,
): Operation {
  const { volume, spec } = of;
  const { plugin } = volume;
  volume.block = true;
  if (setUp && volume.deviceMountState !== 'DeviceGloballyMounted') {
    progress.atDevice = true;
    yield* pluginCall(environment, 'SetUpDevice', { plugin, spec, of }, () =>
      setUp(volumeContextOf(environment, of)),
    );
  }
  progress.atDevice = false;
  environment.actual.markDevice(volume, 'DeviceGloballyMounted', devicesOf(environment, of).global);
}

function noMapper({ volume, spec, pod }: VolumeOfPod): OperationError {
  return new OperationError(
    `MapVolume.FindMapperPluginBySpec failed to find BlockVolumeMapper plugin. Volume plugin is nil. for volume "${spec.name}" (UniqueName: "${volume.name}") pod "${pod.metadata.name}" (UID: "${pod.metadata.uid}") `,
  );
}

function markMapped(
  environment: Environment,
  of: VolumeOfPod,
  { uid, pod, spec, outerNames }: DesiredPod,
  devicePath: string,
): void {
  const { actual, context } = environment;
  const { link: path } = devicesOf(environment, of);
  const mount = { pod, spec, outerNames, path, devicePath, block: true };
  actual.markMounted(of.volume, uid, mount, context.system.simulation.now);
}

function tellMapped(environment: Environment, of: VolumeOfPod): void {
  const { volume, spec, pod } = of;
  if (volume.pods.has(pod.metadata.uid)) return;
  const { context } = environment;
  const { global, link: path } = devicesOf(environment, of);
  const done = `MapVolume.MapPodDevice succeeded for volume "${spec.name}"`;
  const tell = (text: string) => context.event(pod, 'Normal', 'SuccessfulMountVolume', text);
  tell(`${done} globalMapPath "${global}"`);
  tell(`${done} volumeMapPath "${path.slice(0, path.lastIndexOf('/'))}"`);
}

/** Once the plugin has mapped it, what failed later leaves it uncertain. */
function mapFailed(
  environment: Environment,
  of: VolumeOfPod,
  { mapped }: Progress,
  error: Error,
): void {
  const { actual, context } = environment;
  const { volume, spec, pod, outerName } = of;
  const { uid } = pod.metadata;
  const known = volume.pods.get(uid);
  const kind = mapped ? 'uncertain' : failureClass(error);
  if (kind === 'final' && known?.state === 'uncertain' && !known.reconstructed) {
    actual.markUnmounted(volume, uid);
  }
  if (kind !== 'uncertain' || known) return;
  const { link: path } = devicesOf(environment, of);
  const mount = { pod, spec, outerNames: [outerName], path, block: true };
  actual.markUncertain(volume, uid, mount, { now: context.system.simulation.now });
}

/** Takes a device away from a Pod; uncertain until that has ended. Models GenerateUnmapVolumeFunc. */
export function* unmapVolume(environment: Environment, entry: ActualPod): Operation {
  const { volume, uid, mount } = entry;
  const { pod, spec } = mount;
  const { blockMapper } = volume.plugin;
  const of = { volume, spec, pod, outerName: mount.outerNames[0] ?? spec.name };
  const { actual, context } = environment;
  actual.markUncertain(volume, uid, mount, { now: context.system.simulation.now });
  let what = 'UnmapBlockVolume';
  try {
    yield* unlinkDevice(environment, of);
    yield* unbindDevice(environment, of);
    what = 'UnmapPodDevice';
    const called = { plugin: volume.plugin, spec, of };
    const plugin = volumeContextOf(environment, of);
    if (blockMapper) yield* pluginCall(environment, what, called, () => blockMapper.unmap(plugin));
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw detailed(`UnmapVolume.${what} failed`, of, of.outerName, error);
  }
  actual.markUnmounted(volume, uid);
}
