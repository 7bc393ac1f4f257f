import type { Pod, VersionRules } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import type { ObjectReader, VolumePlugin, VolumeSpec } from '../plugin/index.ts';
import type { Cancellation, Operation, Owner, Signal } from '../sim/index.ts';
import type { Layout } from './layout.ts';

/** Options of the kubelet, under upstream's names. Durations: Go's form or milliseconds. */
export interface KubeletConfiguration {
  /** Default `1m`. */
  syncFrequency: string | number;
  /** Default `10s`. */
  nodeStatusUpdateFrequency: string | number;
  evictionHard: Record<string, string>;
  evictionSoft: Record<string, string>;
  evictionSoftGracePeriod: Record<string, string>;
  /** How much has to be won back, by signal, before a threshold that was met is forgotten. Default nothing more. */
  evictionMinimumReclaim: Record<string, string>;
  /** Seconds. Default 0. */
  evictionMaxPodGracePeriod: number;
  /** Default `5m`. */
  evictionPressureTransitionPeriod: string | number;
  /** Default thresholds stay where `evictionHard` says nothing of a signal. Default false. */
  mergeDefaultEvictionSettings: boolean;
  /** Default true. */
  localStorageCapacityIsolation: boolean;
  /** How Secrets and ConfigMaps are read. Default `Watch`. */
  configMapAndSecretChangeDetectionStrategy: 'Watch' | 'Cache' | 'Get';
  maxPods: number;
  /** The attach/detach controller attaches volumes to the node; otherwise the kubelet does. Default true. */
  enableControllerAttachDetach: boolean;
  /** How long pods have to end when the node goes down, and what of it is for critical ones. Default `0s`: they are not ended. */
  shutdownGracePeriod: string | number;
  shutdownGracePeriodCriticalPods: string | number;
  /** The same by priority; it goes before the two above. */
  shutdownGracePeriodByPodPriority: readonly {
    readonly priority: number;
    readonly shutdownGracePeriodSeconds: number;
  }[];
  /** How large the log of a container may become before it is put aside. Default `10Mi`; less than nothing: any size, since 1.22. */
  containerLogMaxSize: string;
  /** How many files its logs may be. Default 5. */
  containerLogMaxFiles: number;
  /** How often logs are looked at, since 1.30. Default `10s`. */
  containerLogMonitorInterval: string | number;
  /** Percent of the disk of images in use above which unused images are deleted, and down to which. Default 85 and 80; 100: none are. */
  imageGCHighThresholdPercent: number;
  imageGCLowThresholdPercent: number;
  /** How old an image has to be for that. Default `2m`. */
  imageMinimumGCAge: string | number;
  /** How long an image may be unused before it is deleted whatever room there is (gate ImageMaximumGCAge). Default `0s`: for ever. */
  imageMaximumGCAge: string | number;
  /** Where manifests of static pods are. Default `/etc/kubernetes/manifests`, as kubeadm has it. */
  staticPodPath: string;
  /** How often that is looked at. Default `20s`. */
  fileCheckFrequency: string | number;
}

/** What every part of one kubelet's life has in common. A restart makes a new one. */
export interface KubeletContext {
  readonly system: NodeSystem;
  readonly owner: Owner;
  readonly layout: Layout;
  readonly rules: VersionRules;
  readonly configuration: KubeletConfiguration;
  /** Of volumeMounts that do not say it, where the node has one of its own. */
  readonly defaultMountPropagation?: ContainerMount['propagation'] | undefined;
  /** The container runtime can make what is mounted below a volume read-only. Default true. */
  readonly recursiveReadOnlyMounts?: boolean | undefined;
  /** SELinux is on, on this node. Default false. */
  readonly seLinux?: boolean | undefined;
  readonly objects: ObjectReader;
  /** core/v1 Event of component `kubelet` about a Pod. */
  event(
    pod: DeepReadonly<Pod>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    options?: { readonly annotations?: Readonly<Record<string, string>> | undefined },
  ): void;
  log(level: 'info' | 'warning' | 'error', message: string): void;
}

/** The pods that the API (or a file) assigned to this node. Models pkg/kubelet/pod/pod_manager.go. */
export interface PodManager {
  pods(): Iterable<DeepReadonly<Pod>>;
  get(uid: string): DeepReadonly<Pod> | undefined;
}

/** What the populator asks the pod workers. Models podStateProvider of the desired_state_of_world_populator. */
export interface PodStateProvider {
  /** Volumes of such a Pod are not added any more. A Pod unknown to the workers counts, once they have synced. */
  shouldPodContainersBeTerminating(uid: string): boolean;
  /** All its containers have stopped: volumes may go. */
  shouldPodRuntimeBeRemoved(uid: string): boolean;
}

/** One volume of a Pod that is set up. */
export interface MountedVolume {
  /** Its name in the Pod. */
  readonly outerName: string;
  readonly plugin: VolumePlugin;
  readonly spec: VolumeSpec;
  /** Absolute, on the node: what containers get. */
  readonly path: string;
  /** A device instead of a directory. */
  readonly devicePath?: string | undefined;
  /** The label that it is mounted with. */
  readonly seLinuxLabel?: string | undefined;
  /** The plugin lets containers only read it. */
  readonly readOnly: boolean;
  readonly mountedAt: number;
}

/** How far one volume of a Pod is. */
export interface VolumeState {
  readonly outerName: string;
  /** Its names in the two worlds, once it is wanted. */
  readonly uniqueName?: string | undefined;
  readonly specName?: string | undefined;
  readonly plugin: VolumePlugin | undefined;
  readonly state: 'waiting' | 'mounted' | 'uncertain' | 'unmounted';
  readonly reason?: string | undefined;
  readonly path?: string | undefined;
  readonly mountedAt?: number | undefined;
}

/** What ends a wait before its time: as contexts do. */
export interface WaitLimits {
  readonly cancel?: Cancellation | undefined;
  /** ms of virtual time. */
  readonly deadline?: number | undefined;
}

/** The volume manager, as the rest of the kubelet uses it. Models pkg/kubelet/volumemanager/volume_manager.go. */
export interface VolumeManager {
  /** Starts the loops: reconstruction from the disk first. */
  run(): void;
  /** A Pod was added, changed, or its worker moved on: the populator looks at its next tick. */
  podChanged(uid: string): void;
  /** All config sources have delivered their pods: unmounts may begin after the next pass. */
  sourcesReady(): void;
  /** Until every used volume is mounted. Throws the `unmounted volumes=[…]` error; `Cancelled` when the Pod is deleted. */
  waitForAttachAndMount(pod: DeepReadonly<Pod>, limits?: WaitLimits): Operation;
  /** Until no volume of the Pod is mounted. Throws `mounted volumes=[…]: …`. */
  waitForUnmount(pod: DeepReadonly<Pod>, limits?: WaitLimits): Operation;
  /** Volumes that are mounted (not uncertain), by outer name. */
  mountedVolumes(uid: string): ReadonlyMap<string, MountedVolume>;
  /** Mounted or uncertain. */
  hasPossiblyMountedVolumes(uid: string): boolean;
  /** For handles: every volume of the Pod's spec. */
  states(pod: DeepReadonly<Pod>): VolumeState[];
  /** Woken whenever something of this Pod's volumes changed. */
  changed(uid: string): Signal;
  /** Names for `status.volumesInUse`, sorted. */
  volumesInUse(): string[];
  /** Both worlds, as plain data. */
  readonly desired: readonly { volume: string; pods: readonly string[] }[];
  readonly actual: readonly {
    volume: string;
    deviceMountState: string;
    pods: readonly { uid: string; state: 'mounted' | 'uncertain'; remountRequired: boolean }[];
  }[];
}

/** One mount of a container, as the kubelet asks the runtime for it. Models runtimeapi.Mount. */
export interface ContainerMount {
  /** Absolute, on the node. */
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
  readonly propagation: 'None' | 'HostToContainer' | 'Bidirectional';
  readonly recursiveReadOnly?: boolean;
  /** Flags of this mount alone: `noexec`, `nodev`, `nosuid`. */
  readonly bindMountOptions?: readonly string[];
  readonly seLinuxRelabel?: boolean;
  /** Name of the volumeMount's volume, for the trace and for explanations. */
  readonly volume?: string;
}

/** A device of the node that a container gets. */
export interface ContainerDevice {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly permissions: 'r' | 'mrw';
}

/** What a container is made from. Models runtimeapi.ContainerConfig. */
export interface ContainerConfig {
  readonly name: string;
  /** Restarts so far. */
  readonly attempt: number;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly workingDir?: string | undefined;
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly mounts: readonly ContainerMount[];
  readonly devices: readonly ContainerDevice[];
  /** Of files that it may use, where SELinux is on. */
  readonly seLinuxFileLabel?: string | undefined;
  /** Bytes; the container is OOMKilled beyond. */
  readonly memoryLimit?: number | undefined;
}

/** The pod that a sandbox is for. */
export interface SandboxConfig {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly attempt: number;
  /** Bytes of memory that its containers may use together; default no limit. */
  readonly memoryLimit?: number | undefined;
}

/** A container as the runtime reports it. Models runtimeapi.ContainerStatus. */
export interface RuntimeContainerStatus {
  readonly id: string;
  readonly name: string;
  readonly podUid: string;
  readonly sandboxId: string;
  readonly attempt: number;
  readonly image: string;
  readonly state: 'created' | 'running' | 'exited';
  /** ms of virtual time. */
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  /** `Completed`, `Error`, `OOMKilled`, `ContainerCannotRun`. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** An image that takes room on the node. Models runtimeapi.Image. */
export interface RuntimeImage {
  /** `sha256:…` */
  readonly id: string;
  /** `docker.io/library/writer:latest` */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** ms of virtual time. */
  readonly pulledAt: number;
  /** A container is made from it, whether it runs or not. */
  readonly used: boolean;
}

/** What happened to one. */
export type ImageChange = 'pulled' | 'removed' | 'used' | 'unused';

/** How a command in a container ended. Models runtimeapi.ExecSyncResponse. */
export interface ExecOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The container runtime of a node, through the calls of CRI. It lives on when the kubelet dies. */
export interface ContainerRuntime {
  runPodSandbox(config: SandboxConfig): Operation<string>;
  /** Stops all its containers first. */
  stopPodSandbox(id: string): Operation;
  removePodSandbox(id: string): Operation;
  /** Makes the mount namespace and the mounts. Throws OperationError when a mount source is missing or refused. */
  createContainer(sandboxId: string, config: ContainerConfig): Operation<string>;
  startContainer(id: string): Operation;
  /** SIGTERM, then SIGKILL after the grace period (seconds). Returns when it has ended. */
  stopContainer(id: string, gracePeriodSeconds: number): Operation;
  removeContainer(id: string): Operation;
  /** Runs a command in a container that runs, to its end. Throws an OperationError when that does not. Default: it does nothing. */
  execSync?(id: string, command: readonly string[]): Operation<ExecOutcome>;
  /** The sandbox of a Pod that is ready, if there is one. */
  sandbox(podUid: string): { readonly id: string; readonly attempt: number } | undefined;
  /** Every container of a Pod that was not removed, oldest first. */
  containers(podUid: string): readonly RuntimeContainerStatus[];
  /** Every sandbox of a Pod that was not removed, ready or not, oldest first. */
  sandboxes(
    podUid: string,
  ): readonly { readonly id: string; readonly attempt: number; readonly ready: boolean }[];
  /** What the newest run of a container printed since its log was put aside; `previous`: the one before. Default: nothing. */
  logs?(podUid: string, container: string, previous: boolean): string;
  /** What a container prints goes to the file that is at the path of its log now. Default: it does. */
  reopenContainerLog?(id: string): Operation;
  /** Path of a container's log, below `/` of the node; undefined where nothing was printed. Default: none. */
  logPath?(id: string): string | undefined;
  /** Whether the node has an image; undefined: it takes no room, and is on every node. Default: none does. */
  imageStatus?(image: string): { readonly present: boolean } | undefined;
  /** Gets an image for a Pod's container, and puts it on the disk. Throws an OperationError when there is no room. */
  pullImage?(
    image: string,
    by: { readonly pod: string; readonly container: string },
  ): Operation<{ readonly size: number }>;
  /** Takes one off the disk. */
  removeImage?(id: string): Operation;
  /** Images that take room on the node. Default: none. */
  listImages?(): RuntimeImage[];
  /** Told of an image that takes room when it comes, goes, is used for the first time, and is used no more. */
  onImage?: ((image: RuntimeImage, what: ImageChange) => void) | undefined;
  /** What a container's writable layer takes; nothing of one that is not there. Default: nothing. */
  layerUsage?(id: string): { readonly bytes: number; readonly inodes: number };
  /** Bytes of memory that a container uses: its process, and the files in memory that it wrote. Default: none. */
  memoryUsage?(id: string): number;
  /** The same of a Pod: what its containers that have ended wrote, too. Default: none. */
  podMemoryUsage?(podUid: string): number;
  /** Told of a Pod's uid whenever a writable layer or a log of it takes more bytes, or less, in the middle of a call. */
  onUsage?: ((podUid: string, bytes: number) => void) | undefined;
  /** Told how large a container's log is, whenever it prints; undefined: it is not at its path. In the middle of a call. */
  onLog?: ((id: string, size: number | undefined) => void) | undefined;
  podUids(): Iterable<string>;
  /** Told of a Pod's uid whenever one of its containers changed state (what PLEG finds within a second). */
  onChange: ((podUid: string) => void) | undefined;
}
