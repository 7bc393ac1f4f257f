import type { Node as NodeObject, Pod, PodCondition } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { NodeFs } from '../face/index.ts';
import type { MountInfo, MountRequest, Quota } from '../kernel/index.ts';
import type { Explanation, WaitingFor } from './explanation.ts';

/** A Pod to look at and to act on. It keeps meaning this Pod, also when another takes its name. */
export interface PodHandle {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** The object as it is stored now; as it last was, once it is gone. */
  readonly object: DeepReadonly<Pod>;
  readonly phase: string;
  readonly conditions: readonly DeepReadonly<PodCondition>[];
  /** Where it runs. */
  readonly node?: NodeHandle;
  /** Init, ephemeral and regular; default: the only one. SimulationError NOT_FOUND. */
  container(name?: string): ContainerHandle;
  readonly containers: ContainerHandle[];
  readonly volumes: VolumeHandle[];
  /** SimulationError NOT_FOUND for a name that is not in the spec. */
  volume(name: string): VolumeHandle;
  /** What keeps it from going on, outermost first: for what, since when, and when it is tried again. Empty: nothing does. */
  readonly waiting: readonly WaitingFor[];
}

/** One volume of a Pod, on its node. */
export interface VolumeHandle {
  readonly name: string;
  /** The field in the Pod: `emptyDir`. */
  readonly type: string;
  /** The plugin that serves it: `kubernetes.io/empty-dir`; empty before it is known. */
  readonly plugin: string;
  readonly state: 'waiting' | 'mounted' | 'uncertain' | 'unmounted';
  readonly reason?: string;
  /** Where it is on the node. */
  readonly path?: string;
  readonly mountedAt?: Date;
}

/** A container of a Pod: whichever instance of it runs now. */
export interface ContainerHandle {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly reason?: string;
  readonly restartCount: number;
  readonly exitCode?: number;
  /**
   * `node:fs` as a process inside sees it, with the container's user. Of a terminated one: read-only, until it is removed.
   * ContainerNotRunningError when it has never run, or was removed.
   */
  readonly fs: NodeFs;
  /** The same for another user. */
  fsAs(user: { uid?: number; gid?: number; groups?: number[] }): NodeFs;
  /** Its /proc/self/mountinfo. */
  mounts(): MountInfo[];
  /** EPERM unless privileged. */
  mount(request: MountRequest): void;
  unmount(path: string, options?: { lazy?: boolean }): void;
  /** Its main process ends. Default code 0. */
  exit(code?: number): void;
  /** Its main process dies. Default SIGKILL. */
  crash(reason?: 'SIGKILL' | 'SIGSEGV' | 'OOMKilled'): void;
  /** Sends a signal to its main process: `SIGTERM`. */
  kill(signal: string): void;
  /** Why reads and writes of an absolute path give what they give; or, before it has run, what it waits for. SimulationError. */
  explain(path: string): Explanation;
  /** What it printed; of the instance before with `previous`. */
  logs(options?: { previous?: boolean }): string;
}

/** A node to look at and to act on. */
export interface NodeHandle {
  readonly name: string;
  readonly os: 'linux' | 'windows';
  readonly object: DeepReadonly<NodeObject>;
  /** The host's `node:fs`, as root. */
  readonly fs: NodeFs;
  mounts(): MountInfo[];
  mount(request: MountRequest): void;
  unmount(path: string, options?: { lazy?: boolean }): void;
  /** Makes a device, fifo or socket. A block device has `size` (default 1Gi) of zeroes behind it. */
  mknod(
    path: string,
    device: {
      type: 'block' | 'char' | 'fifo' | 'socket';
      major?: number;
      minor?: number;
      mode?: number;
      size?: string;
    },
  ): void;
  /**
   * Limits what a directory takes with all below it, as project quotas of ext4 and xfs do: EDQUOT beyond. Default no limit.
   */
  setQuota(path: string, quota: Quota): void;
  readonly kubelet: KubeletHandle;
  /** Keeps the disk: mounts, memory and containers are gone. */
  reboot(): void;
  /** The power goes, at once: the rest of the cluster only notices that its kubelet is silent. The disk stays as it is. */
  fail(): void;
  /** It boots after that. */
  recover(): void;
  /**
   * systemd says that the node goes down: its kubelet ends pods by their priority, as `shutdownGracePeriod` allows, and then the
   * power goes. Time has to pass for it. `kubelet.start()` is the next boot.
   */
  shutdown(): void;
}

/** The kubelet of a node. Containers run on without it. */
export interface KubeletHandle {
  readonly running: boolean;
  stop(): void;
  start(): void;
  restart(): void;
  readonly volumeManager: {
    readonly desired: readonly { volume: string; pods: readonly string[] }[];
    readonly actual: readonly {
      volume: string;
      deviceMountState: string;
      pods: readonly { uid: string; state: 'mounted' | 'uncertain'; remountRequired: boolean }[];
    }[];
  };
}
