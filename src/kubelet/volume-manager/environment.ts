import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
  Pod,
} from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import {
  createDeviceContext,
  createVolumeContext,
  type DeviceContext,
  deviceNameOf,
  operationOf,
  type PluginRegistry,
  podKey,
  qualifiedPluginName,
  type VolumeContext,
  type VolumePlugin,
  type VolumeSpec,
} from '../../plugin/index.ts';
import { type Operation, type StepSubject, stepOf, type TraceRecords } from '../../sim/index.ts';
import type { KubeletContext } from '../contracts.ts';
import type { KubeletMetrics } from '../metrics/kubelet-metrics.ts';
import type { ActualStateOfWorld, ActualVolume } from './actual-state-of-world.ts';
import type { DesiredStateOfWorld } from './desired-state-of-world.ts';
import { failureClass } from './failure.ts';
import { ownershipProgress } from './ownership-progress.ts';
import { desiredSizeLimitOf, fsGroupChangePolicyOf, fsUserOf } from './pod-settings.ts';

/** What every part of a volume manager works with. */
export interface Environment {
  readonly context: KubeletContext;
  readonly plugins: PluginRegistry;
  readonly desired: DesiredStateOfWorld;
  readonly actual: ActualStateOfWorld;
  /** The attach/detach controller attaches, not the kubelet. */
  readonly controllerAttach: boolean;
  /** What is counted. */
  readonly metrics: KubeletMetrics;
  /** Takes the binds of subPaths of a volume away. */
  readonly cleanSubPaths: (podUid: string, specName: string) => Operation;
  /** How claims are told what became of volumes that grow. */
  readonly claims: ClaimWriter;
}

type Claim = DeepReadonly<PersistentVolumeClaim>;

/** What the kubelet writes of claims, and says of them and of their volumes. */
export interface ClaimWriter {
  /** Throws an ApiError, where `resourceVersion` is one that is not the newest. Gives the claim as it is now. */
  patchStatus(claim: Claim, status: PersistentVolumeClaimStatus): Claim;
  event(
    about: Claim | DeepReadonly<PersistentVolume>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void;
}

/** A volume of a Pod that something is done to. */
export interface VolumeOfPod {
  readonly volume: ActualVolume;
  readonly spec: VolumeSpec;
  readonly pod: DeepReadonly<Pod>;
  readonly outerName: string;
}

/** The Node as the API server has it. */
export function nodeOf({ context }: Environment): DeepReadonly<Node> | undefined {
  const node = context.objects.get('Node', undefined, context.system.name);
  return node as DeepReadonly<Node> | undefined;
}

/** What the plugin gets to set a volume up or tear it down. */
export function volumeContextOf(environment: Environment, of: VolumeOfPod): VolumeContext {
  const { context, metrics } = environment;
  const { volume, spec, pod } = of;
  const plugin = qualifiedPluginName(volume.plugin, spec);
  return createVolumeContext({
    pluginName: volume.plugin.name,
    spec,
    pod,
    podDirectory: context.layout.pod(pod.metadata.uid),
    node: context.system,
    objects: context.objects,
    outerName: of.outerName,
    fsGroup: pod.spec.securityContext?.fsGroup,
    fsGroupChangePolicy: fsGroupChangePolicyOf(pod),
    fsUser: fsUserOf(pod),
    desiredSizeLimit: desiredSizeLimitOf(volume.plugin, spec, pod),
    deviceMountPath: volume.deviceMountPath,
    devicePath: volume.devicePath === '' ? undefined : volume.devicePath,
    seLinuxLabel: wantedLabel(environment, volume),
    ownershipProgress:
      pod.spec.securityContext?.fsGroup === undefined
        ? undefined
        : ownershipProgress(
            context,
            pod,
            volumePathOf(context, volume.plugin, spec, pod.metadata.uid),
          ),
    onOwned: (seconds, failed) => metrics.operations.owned(plugin, seconds, failed),
    event: (type, reason, message) => context.event(pod, type, reason, message),
    log: (level, message) => context.log(level, message),
  });
}

function wantedLabel({ desired }: Environment, { name }: ActualVolume): string | undefined {
  return desired.volumes.get(name)?.seLinux.effective || undefined;
}

/** What the plugin gets to mount or unmount the device. */
export function deviceContextOf(
  environment: Environment,
  volume: ActualVolume,
  spec: VolumeSpec,
): DeviceContext {
  const { context } = environment;
  return createDeviceContext({
    spec,
    deviceMountPath: volume.deviceMountPath ?? deviceMountPathOf(context, volume.plugin, spec),
    devicePath: volume.devicePath === '' ? undefined : volume.devicePath,
    seLinuxLabel: wantedLabel(environment, volume),
    node: context.system,
    log: (level, message) => context.log(level, message),
  });
}

/** Where a device is mounted for the node. Models GetDeviceMountPath of the plugins. */
export function deviceMountPathOf(
  { layout, system }: KubeletContext,
  plugin: VolumePlugin,
  spec: VolumeSpec,
): string {
  const own = plugin.deviceMountPath?.(spec, system);
  return own ?? `${layout.pluginPath(plugin.name)}/mounts/${deviceNameOf(plugin, spec)}`;
}

/** Where containers find a volume, on the node. */
export function volumePathOf(
  { layout }: KubeletContext,
  plugin: VolumePlugin,
  spec: VolumeSpec,
  podUid: string,
): string {
  const own = plugin.pathOnNode?.(spec);
  return own ?? `${layout.podPath(podUid)}/${layout.volume(plugin.name, spec.name)}`;
}

/** Who is meant by a step, for faults. */
export function subjectOf({ context }: Environment, of: VolumeOfPod): StepSubject {
  return { volume: of.outerName, pod: podKey(of.pod), node: context.system.name };
}

/** What a call of a plugin is about. */
export interface Called {
  readonly plugin: VolumePlugin;
  readonly spec: VolumeSpec;
  /** The Pod, where it is about one. */
  readonly of?: VolumeOfPod | undefined;
  /** The unique name, where it is about what is attached. */
  readonly uniqueName?: string;
}

/** The method of a plugin behind each step. */
const METHODS: Readonly<Record<string, string>> = {
  Attach: 'attacher.attach',
  Detach: 'attacher.detach',
  WaitForAttach: 'attacher.waitForAttach',
  MountDevice: 'deviceMounter.mountDevice',
  UnmountDevice: 'deviceMounter.unmountDevice',
  SetUp: 'setUp',
  TearDown: 'tearDown',
  SetUpDevice: 'blockMapper.setUpDevice',
  TearDownDevice: 'blockMapper.tearDownDevice',
  MapPodDevice: 'blockMapper.map',
  UnmapPodDevice: 'blockMapper.unmap',
  NodeExpandVolume: 'expander.nodeExpand',
};

/**
 * One call of a plugin: a step of that name, and a record of how it ended. Throws a SimulationError when the plugin gives a
 * Promise.
 */
export function* pluginCall<Result>(
  environment: Environment,
  operation: string,
  called: Called,
  body: () => Operation<Result>,
): Operation<Result> {
  const { of } = called;
  const node = environment.context.system.name;
  const subject = of ? subjectOf(environment, of) : { volume: called.spec.name, node };
  const method = `${called.plugin.name}.${METHODS[operation] ?? operation}`;
  try {
    const result = yield* stepOf(operation, subject, () => operationOf(body(), method));
    record(environment, operation, called);
    return result;
  } catch (error) {
    record(environment, operation, called, error);
    throw error;
  }
}

function record(
  { context }: Environment,
  operation: string,
  { plugin, spec, of, uniqueName }: Called,
  error?: unknown,
): void {
  const fields: TraceRecords['volume'] = { operation, volume: spec.name, plugin: plugin.name };
  const pod = of && podKey(of.pod);
  if (pod !== undefined) fields.pod = pod;
  if (uniqueName !== undefined) fields.uniqueName = uniqueName;
  const uid = of?.pod.metadata.uid;
  if (uid !== undefined) fields.uid = uid;
  if (error !== undefined) {
    fields.error = messageOf(error);
    fields.class = failureClass(error);
    if (error instanceof OperationError && error.code !== undefined) fields.code = error.code;
  }
  context.system.simulation.trace.add('volume', fields, context.system.name);
}
