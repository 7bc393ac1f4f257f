import { OperationError } from '../../base/index.ts';
import { qualifiedPluginName, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { ActualVolume } from './actual-state-of-world.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import { detailed } from './detailed.ts';
import {
  deviceContextOf,
  deviceMountPathOf,
  type Environment,
  nodeOf,
  pluginCall,
  subjectOf,
  type VolumeOfPod,
  volumeContextOf,
  volumePathOf,
} from './environment.ts';
import { expandDuringMount } from './expansion/index.ts';
import { failedText, failureClass, isFailure } from './failure.ts';
import { checkNodeAffinity } from './node-affinity.ts';

/** Where a mount operation is: the step that its event names. */
interface Progress {
  stage: string;
  /** More about it. */
  how?: string;
  /** What does not hold any more when the plugin fails now. */
  at?: 'device' | 'volume' | 'expansion';
}

/**
 * Mounts a volume for a Pod, or brings it up to date: checks, the device, SetUp. A failure is an event of the Pod. Models
 * GenerateMountVolumeFunc of pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* mountVolume(
  environment: Environment,
  volume: ActualVolume,
  wanted: DesiredPod,
): Operation {
  const progress: Progress = { stage: 'NodeAffinity check' };
  const { spec, pod } = wanted;
  const of = { volume, spec, pod, outerName: wanted.outerNames[0] ?? spec.name };
  try {
    yield* pipeline(environment, of, progress);
  } catch (error) {
    if (!isFailure(error)) throw error;
    tellMismatch(environment, spec, error);
    const what = `MountVolume.${progress.stage}`;
    const text = failedText(what, spec.name, error, progress.how);
    environment.context.event(pod, 'Warning', 'FailedMount', text);
    markFailed(environment, of, progress, error);
    throw detailed(`${what} failed${progress.how ?? ''}`, of, spec.name, error);
  }
  markMounted(environment, of, wanted);
}

function markFailed(
  environment: Environment,
  of: VolumeOfPod,
  { at }: Progress,
  error: Error,
): void {
  if (at === 'device') deviceFailed(environment, of.volume, error);
  if (at === 'volume') setUpFailed(environment, of, error);
  if (at === 'expansion') becomeUncertain(environment, of);
}

/** The disk has another filesystem than the volume says: an event of the PersistentVolume too. Models checkForFailedMount. */
function tellMismatch({ claims }: Environment, spec: VolumeSpec, error: Error): void {
  const { name, persistentVolume } = spec;
  if (!persistentVolume || !(error instanceof OperationError)) return;
  if (error.code !== 'FilesystemMismatch') return;
  const text = `MountVolume failed for volume "${name}" ${error.message}`;
  claims.event(persistentVolume, 'Warning', 'FailedMountOnFilesystemMismatch', text);
}

function* pipeline(environment: Environment, of: VolumeOfPod, progress: Progress): Operation {
  const { volume, spec } = of;
  const { plugin } = volume;
  checkNodeAffinity(spec, nodeOf(environment), environment.context.rules);
  progress.stage = 'NewMounter initialization';
  const context = volumeContextOf(environment, of);
  yield* step('NewMounter', subjectOf(environment, of), () => plugin.newMounter?.(context));
  progress.stage = 'MountOptionSupport check';
  checkMountOptions(plugin, spec);
  progress.stage = 'SetUp';
  checkSinglePod(environment, of);
  progress.stage = 'WaitForAttach';
  if (plugin.attacher) yield* waitForAttach(environment, of);
  if (plugin.deviceMounter) yield* mountDevice(environment, of, progress);
  progress.stage = 'SetUp';
  progress.at = 'volume';
  // The device may have got its place meanwhile.
  const mounter = plugin.deviceMounter ? volumeContextOf(environment, of) : context;
  yield* pluginCall(environment, 'SetUp', { plugin, spec, of }, () => plugin.setUp(mounter));
  tellSetUp(environment, of);
  progress.stage = 'Setup';
  progress.how = ' while expanding volume';
  progress.at = 'expansion';
  yield* expandDuringMount(environment, of);
}

/** From 1.7 to 1.10 that was told, but of what was only brought up to date. */
function tellSetUp({ context }: Environment, { volume, spec, pod }: VolumeOfPod): void {
  const { rules, event } = context;
  if (rules.before('1.7') || rules.atLeast('1.11')) return;
  if (volume.pods.get(pod.metadata.uid)?.state === 'mounted') return;
  const text = `MountVolume.SetUp succeeded for volume "${spec.name}" `;
  event(pod, 'Normal', 'SuccessfulMountVolume', text);
}

function checkMountOptions(plugin: VolumePlugin, spec: VolumeSpec): void {
  if (spec.mountOptions.length === 0 || plugin.supports?.mountOptions) return;
  throw new OperationError('mount options are not supported for this volume type');
}

/** Throws an OperationError when another Pod has a ReadWriteOncePod volume: only where that is the sole mode. */
export function checkSinglePod({ actual }: Environment, { volume, spec, pod }: VolumeOfPod): void {
  const modes = spec.persistentVolume?.spec.accessModes;
  if (modes?.length !== 1 || modes[0] !== 'ReadWriteOncePod') return;
  if (!actual.mountedElsewhere(volume.name, pod.metadata.uid)) return;
  throw new OperationError(
    'volume uses the ReadWriteOncePod access mode and is already in use by another pod',
  );
}

/** Until the device of an attached volume is there. */
export function* waitForAttach(environment: Environment, of: VolumeOfPod): Operation {
  const { volume, spec } = of;
  const { attacher } = volume.plugin;
  if (!attacher) return;
  const { system } = environment.context;
  const called = { plugin: volume.plugin, spec, of };
  volume.devicePath = yield* pluginCall(environment, 'WaitForAttach', called, () =>
    attacher.waitForAttach(spec, volume.devicePath, system),
  );
}

function* mountDevice(environment: Environment, of: VolumeOfPod, progress: Progress): Operation {
  const { volume, spec } = of;
  const { deviceMounter } = volume.plugin;
  if (!deviceMounter || volume.deviceMountState === 'DeviceGloballyMounted') return;
  progress.stage = 'GetDeviceMountPath';
  volume.deviceMountPath = deviceMountPathOf(environment.context, volume.plugin, spec);
  const device = deviceContextOf(environment, volume, spec);
  progress.stage = 'MountDevice';
  progress.at = 'device';
  yield* pluginCall(environment, 'MountDevice', { plugin: volume.plugin, spec, of }, () =>
    deviceMounter.mountDevice(device),
  );
  volume.seLinuxLabel ??= device.seLinuxLabel ?? '';
  environment.actual.markDevice(volume, 'DeviceGloballyMounted', volume.deviceMountPath);
}

/** Models MarkDeviceErrorState: what was found on the disk stays uncertain whatever happens. */
export function deviceFailed({ actual }: Environment, volume: ActualVolume, error: Error): void {
  const kind = failureClass(error);
  const state = volume.deviceMountState;
  if (kind === 'final' && state === 'DeviceMountUncertain' && !volume.deviceReconstructed) {
    actual.markDevice(volume, 'DeviceNotMounted');
  }
  if (kind === 'uncertain' && state === 'DeviceNotMounted') {
    actual.markDevice(volume, 'DeviceMountUncertain');
  }
}

/** Models MarkVolumeMountErrorState: one that is mounted stays so, for it was only to be brought up to date. */
function setUpFailed(environment: Environment, of: VolumeOfPod, error: Error): void {
  const { actual } = environment;
  const { volume, pod } = of;
  const { uid } = pod.metadata;
  const kind = failureClass(error);
  const known = volume.pods.get(uid);
  if (kind === 'final' && known?.state === 'uncertain' && !known.reconstructed) {
    actual.markUnmounted(volume, uid);
  }
  if (kind === 'uncertain' && !known) becomeUncertain(environment, of);
}

/** It has to be torn down for the Pod, and is nothing for containers yet. */
function becomeUncertain(environment: Environment, of: VolumeOfPod): void {
  const { actual, context } = environment;
  const mount = mountOf(environment, of, [of.outerName]);
  const { now } = context.system.simulation;
  actual.markUncertain(of.volume, of.pod.metadata.uid, mount, { now });
}

function markMounted(environment: Environment, of: VolumeOfPod, wanted: DesiredPod): void {
  const { actual, context, metrics } = environment;
  const mount = mountOf(environment, of, wanted.outerNames);
  const seconds = (context.system.simulation.now - wanted.requestedAt) / 1000;
  metrics.operations.mounted(qualifiedPluginName(of.volume.plugin, of.spec), seconds);
  of.volume.seLinuxLabel ??= wanted.volume.seLinux.effective;
  actual.markMounted(of.volume, wanted.uid, mount, context.system.simulation.now);
}

function mountOf(
  { context }: Environment,
  { volume, spec, pod }: VolumeOfPod,
  outerNames: readonly string[],
): { pod: VolumeOfPod['pod']; spec: VolumeSpec; outerNames: readonly string[]; path: string } {
  const path = volumePathOf(context, volume.plugin, spec, pod.metadata.uid);
  return { pod, spec, outerNames, path };
}
