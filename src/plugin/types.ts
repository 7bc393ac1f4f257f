import type { ConfigMap, PersistentVolume, Pod, Secret, Volume } from '../api/index.ts';
import type { DeepReadonly, ErrorClass } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { ExecResult, NodeSystem } from '../outside/index.ts';
import type { Operation } from '../sim/index.ts';
import type { VolumeDirectory } from './volume-directory.ts';

export type { NodeSystem, Operation };

/** A volume as the kubelet knows it: from a Pod's `volumes`, or through a claim from a PersistentVolume. */
export interface VolumeSpec<Source = unknown> {
  /** The name in the Pod, or that of the PersistentVolume: it names the directory. */
  readonly name: string;
  readonly source: DeepReadonly<Source>;
  /** The Pod's own entry, where the source stands in the Pod. */
  readonly volume?: DeepReadonly<Volume> | undefined;
  /** The PersistentVolume, where it comes from one. */
  readonly persistentVolume?: DeepReadonly<PersistentVolume> | undefined;
  /** For a PersistentVolume: what the claim reference of the Pod says. Inline: the source's own `readOnly`. */
  readonly readOnly: boolean;
  readonly mountOptions: readonly string[];
}

/** What an OperationError means for the volume; default `final`. */
export type FailureClass = ErrorClass;

/** API objects as the kubelet's managers give them: cached, and only for registered pods. */
export interface ObjectReader {
  /**
   * Throws an OperationError: `secret "y" not found`, with code `NotFound`, or `object "ns"/"y" not registered`. Plugins
   * tell an absent object that is optional by the code.
   */
  secret(namespace: string, name: string): DeepReadonly<Secret>;
  configMap(namespace: string, name: string): DeepReadonly<ConfigMap>;
  /** A token of the Pod's service account, from the kubelet's token cache. `expirationSeconds` default 3600. */
  serviceAccountToken(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): string;
  /** Drops the cached tokens of a Pod. */
  forgetTokens(podUid: string): void;
  /** Any other object (PersistentVolumeClaim, Endpoints, …), or undefined. */
  get(kind: string, namespace: string | undefined, name: string): unknown;
}

/** How far a change of the owner of all files of a volume is. */
export interface OwnershipProgress {
  begin(): void;
  /** One more file is about to be changed. */
  change(): void;
  end(): void;
}

/** What a plugin is given to set up or tear down one volume of one Pod. */
export interface VolumeContext<Source = unknown> {
  readonly source: DeepReadonly<Source>;
  readonly spec: VolumeSpec<Source>;
  /** The Pod; at tear-down after a restart only its uid may be known. */
  readonly pod: DeepReadonly<Pod>;
  readonly readOnly: boolean;
  readonly fsGroup?: number | undefined;
  readonly fsGroupChangePolicy?: 'Always' | 'OnRootMismatch' | undefined;
  /** Set when all containers resolve to the same runAsUser. */
  readonly fsUser?: number | undefined;
  /** Bytes: the lower of the pod's ephemeral-storage limit and emptyDir's sizeLimit; for volumes on local storage. */
  readonly desiredSizeLimit?: number | undefined;
  /** `pods/<uid>/volumes/<plugin>/<name>`: may not exist yet. */
  readonly dir: VolumeDirectory;
  /** `pods/<uid>`. */
  readonly podDirectory: Directory;
  /** Where the device is mounted for the whole node, for device-mountable plugins. */
  readonly deviceMountPath?: string | undefined;
  readonly devicePath?: string | undefined;
  /** The mount option `context=` that it is to be mounted with; for plugins that support it. */
  readonly seLinuxLabel?: string | undefined;
  readonly node: NodeSystem;
  readonly objects: ObjectReader;
  /** Runs a program on the node; a record of type `exec`. */
  exec(program: string, args: readonly string[], cwd: Directory): Operation<ExecResult>;
  /** An event about the Pod. */
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Is told how far a change of the owner of all files is. */
  readonly ownershipProgress?: OwnershipProgress | undefined;
  /** Is told when that has ended, for metrics. */
  readonly onOwned?: ((seconds: number, failed: boolean) => void) | undefined;
  /** A line of the kubelet's log; in the trace. */
  log(level: 'info' | 'warning' | 'error', message: string): void;
  /** Throws an OperationError of that class. */
  fail(failure: FailureClass, message: string): never;
}

/** One device for the whole node, shared by pods. */
export interface DeviceContext<Source = unknown> {
  readonly source: DeepReadonly<Source>;
  readonly spec: VolumeSpec<Source>;
  readonly devicePath?: string | undefined;
  /** The mount option `context=` that it is to be mounted with; for plugins that support it. */
  readonly seLinuxLabel?: string | undefined;
  /** The global mount directory; may not exist yet. */
  readonly dir: VolumeDirectory;
  readonly node: NodeSystem;
  log(level: 'info' | 'warning' | 'error', message: string): void;
  fail(failure: FailureClass, message: string): never;
}

/** Directory of a volume that a restarted kubelet found. */
export interface FoundVolume {
  readonly name: string;
  readonly podUid: string;
  readonly dir: VolumeDirectory;
  readonly node: NodeSystem;
}

/** What a plugin can do; all false unless said. */
export interface Supports {
  /** PV `mountOptions`. Default false. */
  mountOptions: boolean;
  /** volumeMode Block. Default false. */
  block: boolean;
  /** The kubelet's fsGroup applies. Default true. */
  fsGroup: boolean;
  /** Mounting with an SELinux context. Default false. */
  seLinux: boolean;
  /** Works on Windows nodes. Default false. */
  windows: boolean;
  /** The kubelet tells how full a claim's volume is. Default true. */
  metrics: boolean;
}

/** How containers get the volume. Models volume.Attributes of pkg/volume/volume.go. */
export interface Attributes {
  /** Containers may only read it, whatever they ask for. Default: the spec's own `readOnly`. */
  readOnly?: boolean;
  /** The kubelet owns what is in it. Default false. */
  managed?: boolean;
  seLinuxRelabel?: boolean;
}

/** `{ from: '1.6', until: '1.30' }`: the first and the last Kubernetes version that has it. */
export interface VersionRange {
  readonly from?: string;
  readonly until?: string;
}

/** What is asked of a provisioner. */
export interface ProvisionRequest {
  /** Name of the PersistentVolume to be. */
  readonly name: string;
  /** A UUID that nothing else has. */
  readonly id: string;
  /** Bytes. */
  readonly capacity: number;
  readonly accessModes: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the controllers run: a hostPath is made there. */
  readonly node: NodeSystem;
}

/** From how many bytes to how many a volume is to grow. */
export interface Growth {
  readonly from: number;
  readonly to: number;
}

/**
 * Makes volumes larger: what they stand for, and then what a node has of them. An OperationError with one of these codes is
 * taken otherwise than any error. `FailedPrecondition`: not while it is in use, so not again on this node. `Infeasible`:
 * never. `NotSupported`: there is nothing to do. Models ExpandableVolumePlugin and NodeExpandableVolumePlugin of
 * pkg/volume/plugins.go.
 */
export interface Expander<Source = unknown> {
  /** The controller's part: what the volume stands for. Gives the bytes that it has now. */
  expandVolumeDevice?(spec: VolumeSpec<Source>, growth: Growth): Operation<number>;
  /**
   * The node's part, a filesystem as a rule. It is set up for the Pod. Default: there is none, and the volume is as large as
   * the controller says.
   */
  nodeExpand?(volume: VolumeContext<Source>, growth: Growth): Operation;
}

/** How long a pod that scrubs a volume may run. Models the flags `--pv-recycler-…` of kube-controller-manager. */
export interface RecyclerLimits {
  readonly minimumTimeoutSeconds: number;
  readonly incrementSecondsPerGibibyte: number;
}

/** A volume type. */
export interface VolumePlugin<Source = unknown> {
  /** Upstream's name: `kubernetes.io/empty-dir`. The directory under `volumes/` follows from it. */
  readonly name: string;
  /** The field of `spec.volumes[]`, and of a PV's spec, that it serves: `emptyDir`. */
  readonly source: string;
  readonly in?: VersionRange;
  /** Whether it serves this very source, where several plugins share a field (flexVolume, csi). Default: yes. */
  canSupport?(spec: VolumeSpec<Source>): boolean;
  /** What a PersistentVolume of it may be mounted as. Default: none, it is for Pods only. */
  readonly accessModes?: readonly ('ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany')[];
  readonly supports?: Partial<Supports>;
  readonly attributes?: Attributes;
  /** Its content follows API objects: SetUp runs again at every pod sync. Default false. */
  readonly refreshes?: boolean;
  /** Names of its own steps, for faults and docs. */
  readonly steps?: readonly string[];
  /** Whether this source lies on the node's ephemeral storage, for limits and usage. */
  localEphemeral?(source: DeepReadonly<Source>): boolean;
  /** Checks before anything is done: `MountVolume.NewMounter initialization failed for volume …`. Throws OperationError. */
  newMounter?(volume: VolumeContext<Source>): void;
  /**
   * An OperationError of code `FilesystemMismatch`, here or in mountDevice, says that the disk has another filesystem than the
   * PersistentVolume: it is told of that too.
   */
  setUp(volume: VolumeContext<Source>): Operation;
  /** Idempotent, as setUp. */
  tearDown(volume: VolumeContext<Source>): Operation;
  /** What containers get, where it is not the volume's own directory: hostPath. An absolute path on the node. */
  pathOnNode?(spec: VolumeSpec<Source>): string;
  /** What pods share of a volume that is attached or device-mounted. Default: the volume's own name. */
  deviceName?(spec: VolumeSpec<Source>): string;
  /** Where the device is mounted; default `plugins/<plugin name>/mounts/<device name>`. Absolute. */
  deviceMountPath?(spec: VolumeSpec<Source>, node: NodeSystem): string | undefined;
  readonly deviceMounter?: {
    mountDevice(device: DeviceContext<Source>): Operation;
    unmountDevice(device: DeviceContext<Source>): Operation;
  };
  readonly attacher?: {
    attach(spec: VolumeSpec<Source>, node: NodeSystem): Operation<string>;
    detach(spec: VolumeSpec<Source>, node: NodeSystem): Operation;
    waitForAttach(
      spec: VolumeSpec<Source>,
      devicePath: string,
      node: NodeSystem,
    ): Operation<string>;
    /** Whether volumes really are attached to the node. */
    verify(specs: readonly VolumeSpec<Source>[], node: NodeSystem): Operation<boolean[]>;
    /**
     * Calls `changed` whenever somebody else attached or detached something: then `verify` is asked at the next minute.
     * Default: nobody else does.
     */
    watch?(node: NodeSystem, changed: () => void): void;
  };
  readonly provisioner?: {
    /** A flag of the controllers without which it does not provision. */
    readonly optional?: 'enableHostPathProvisioner';
    /** What the volume's annotation `kubernetes.io/createdby` says. */
    readonly createdBy?: string;
    provision(request: ProvisionRequest): Operation<Source>;
  };
  /** Deletes what a PersistentVolume stands for, when its reclaim policy says so. */
  readonly deleter?: {
    delete(spec: VolumeSpec<Source>, node: NodeSystem): Operation;
  };
  /** Its content may be scrubbed by a pod, so that the volume is free again. */
  readonly recycler?: RecyclerLimits;
  readonly expander?: Expander<Source>;
  readonly blockMapper?: {
    /** Makes the device ready for the whole node, once: CSI stages it. Default: nothing. */
    setUpDevice?(volume: VolumeContext<Source>): Operation;
    /** And takes it away, when no Pod has it any more. */
    tearDownDevice?(device: DeviceContext<Source>): Operation;
    /** Makes it ready for a Pod: where it is. Empty: where it was attached. */
    map(volume: VolumeContext<Source>): Operation<string>;
    unmap(volume: VolumeContext<Source>): Operation;
  };
  /**
   * From the disk alone, after a restart of the kubelet; undefined: it cannot be told. Required with `deviceName` and
   * `deviceMountPath`: they are given the source that this makes. Default: an empty source under the directory's name.
   */
  reconstruct?(found: FoundVolume): VolumeSpec<Source> | undefined;
  /** One plugin per driver found (flexVolume, csi). */
  probe?(node: NodeSystem): VolumePlugin<unknown>[];
}
