import type { Pod } from '../api/index.ts';
import { type DeepReadonly, OperationError } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { escapePluginName } from './define-plugin.ts';
import type {
  DeviceContext,
  FailureClass,
  ObjectReader,
  OwnershipProgress,
  VolumeContext,
  VolumeSpec,
} from './types.ts';
import { VolumeDirectory } from './volume-directory.ts';

/** What a VolumeContext is made from: who does it, on which volume of which Pod, and how the Pod wants it. */
export interface VolumeContextOptions<Source = unknown> {
  /** Upstream's name of the plugin. */
  readonly pluginName: string;
  readonly spec: VolumeSpec<Source>;
  readonly pod: DeepReadonly<Pod>;
  /** `pods/<uid>`. */
  readonly podDirectory: Directory;
  readonly node: NodeSystem;
  readonly objects: ObjectReader;
  /** Default: the spec's. */
  readonly readOnly?: boolean | undefined;
  /** The volume's name in the Pod, for faults and the trace. Default: the spec's name. */
  readonly outerName?: string | undefined;
  readonly fsGroup?: number | undefined;
  readonly fsGroupChangePolicy?: 'Always' | 'OnRootMismatch' | undefined;
  readonly fsUser?: number | undefined;
  readonly desiredSizeLimit?: number | undefined;
  readonly deviceMountPath?: string | undefined;
  readonly devicePath?: string | undefined;
  readonly seLinuxLabel?: string | undefined;
  readonly ownershipProgress?: OwnershipProgress | undefined;
  readonly onOwned?: VolumeContext['onOwned'];
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** What a plugin is given to set up or tear down one volume of one Pod. */
export function createVolumeContext<Source>(
  options: VolumeContextOptions<Source>,
): VolumeContext<Source> {
  return new PodVolumeContext(options);
}

/** A class, so that all have one shape. No method needs `this`: plugins take what they need out of it. */
class PodVolumeContext<Source> implements VolumeContext<Source> {
  readonly source: DeepReadonly<Source>;
  readonly spec: VolumeSpec<Source>;
  readonly pod: DeepReadonly<Pod>;
  readonly readOnly: boolean;
  readonly fsGroup: number | undefined;
  readonly fsGroupChangePolicy: 'Always' | 'OnRootMismatch' | undefined;
  readonly fsUser: number | undefined;
  readonly desiredSizeLimit: number | undefined;
  readonly dir: VolumeDirectory;
  readonly podDirectory: Directory;
  readonly deviceMountPath: string | undefined;
  readonly devicePath: string | undefined;
  readonly seLinuxLabel: string | undefined;
  readonly ownershipProgress: OwnershipProgress | undefined;
  readonly onOwned: VolumeContext['onOwned'];
  readonly node: NodeSystem;
  readonly objects: ObjectReader;
  readonly event: VolumeContext['event'];
  readonly log: VolumeContext['log'];

  constructor(options: VolumeContextOptions<Source>) {
    const { spec, pod, node, podDirectory } = options;
    this.source = spec.source;
    this.spec = spec;
    this.pod = pod;
    this.readOnly = options.readOnly ?? spec.readOnly;
    this.fsGroup = options.fsGroup;
    this.fsGroupChangePolicy = options.fsGroupChangePolicy;
    this.fsUser = options.fsUser;
    this.desiredSizeLimit = options.desiredSizeLimit;
    this.podDirectory = podDirectory;
    this.deviceMountPath = options.deviceMountPath;
    this.devicePath = options.devicePath;
    this.seLinuxLabel = options.seLinuxLabel;
    this.ownershipProgress = options.ownershipProgress;
    this.onOwned = options.onOwned;
    this.node = node;
    this.objects = options.objects;
    this.event = options.event;
    this.log = options.log;
    const place = `volumes/${escapePluginName(options.pluginName)}/${spec.name}`;
    this.dir = new VolumeDirectory(podDirectory, place, {
      node,
      volume: options.outerName ?? spec.name,
      pod: podKey(pod),
    });
  }

  readonly exec: VolumeContext['exec'] = (program, args, cwd) => this.node.exec(program, args, cwd);

  fail(failure: FailureClass, message: string): never {
    throw new OperationError(message, { class: failure });
  }
}

/** What a DeviceContext is made from. */
export interface DeviceContextOptions<Source = unknown> {
  readonly spec: VolumeSpec<Source>;
  /** Absolute, on the node: where the device is mounted for all pods. */
  readonly deviceMountPath: string;
  readonly devicePath?: string | undefined;
  readonly seLinuxLabel?: string | undefined;
  readonly node: NodeSystem;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** What a plugin is given to mount or unmount one device for the whole node. */
export function createDeviceContext<Source>(
  options: DeviceContextOptions<Source>,
): DeviceContext<Source> {
  const { spec, node, devicePath, seLinuxLabel, deviceMountPath, log } = options;
  const who = { node, volume: spec.name };
  return {
    source: spec.source,
    spec,
    devicePath,
    seLinuxLabel,
    dir: new VolumeDirectory(node.root, deviceMountPath.replace(/^\/+/, ''), who),
    node,
    log,
    fail: (failure, message) => {
      throw new OperationError(message, { class: failure });
    },
  };
}

/** `namespace/name`; undefined while only the uid is known. */
export function podKey(pod: DeepReadonly<Pod>): string | undefined {
  const { namespace, name } = pod.metadata;
  return name ? `${namespace ?? 'default'}/${name}` : undefined;
}
