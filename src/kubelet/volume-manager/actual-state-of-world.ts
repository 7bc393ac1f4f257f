import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { VolumePlugin, VolumeSpec } from '../../plugin/index.ts';

/** Whether the device of a volume is mounted for the node. */
export type DeviceMountState =
  | 'DeviceNotMounted'
  | 'DeviceGloballyMounted'
  | 'DeviceMountUncertain';

/** A volume that the node has. Those that need no attaching are in here all the same. */
export interface ActualVolume {
  /** The unique name. */
  readonly name: string;
  readonly plugin: VolumePlugin;
  spec: VolumeSpec;
  devicePath: string;
  deviceMountPath: string | undefined;
  deviceMountState: DeviceMountState;
  /** Found on the disk, and its device was not mounted by this kubelet yet. */
  deviceReconstructed: boolean;
  /** It is given to containers as a device. */
  block: boolean;
  /** How large the node takes a claim's volume to be: a quantity. Undefined: that was not found out yet. */
  size: string | undefined;
  /** The label that it is mounted with, once it is; empty: none. */
  seLinuxLabel: string | undefined;
  /** It cannot grow while it is in use: not tried again. */
  inUseErrorForExpansion: boolean;
  /** It was to grow, and that surely failed. */
  expansionFailed: boolean;
  /** By uid. */
  readonly pods: Map<string, ActualPod>;
}

/** What is known of a volume that was set up, or may have been. */
export interface PodMount {
  readonly pod: DeepReadonly<Pod>;
  readonly spec: VolumeSpec;
  readonly outerNames: readonly string[];
  /** Absolute, on the node. */
  readonly path: string;
  /** It is a device, not a directory. */
  readonly block?: boolean | undefined;
  /** What containers get as a device. */
  readonly devicePath?: string | undefined;
}

/** A Pod that has a volume, or may have it. */
export interface ActualPod {
  readonly volume: ActualVolume;
  readonly uid: string;
  mount: PodMount;
  state: 'mounted' | 'uncertain';
  remountRequired: boolean;
  /** Found on the disk, and not set up by this kubelet yet. */
  reconstructed: boolean;
  /** ms of virtual time. */
  mountedAt: number;
}

const NONE: ReadonlyMap<string, ActualPod> = new Map();

/**
 * Which volumes are attached to the node, and mounted for which pods. Models
 * pkg/kubelet/volumemanager/cache/actual_state_of_world.go.
 */
export class ActualStateOfWorld {
  readonly volumes: Map<string, ActualVolume> = new Map();
  readonly #byPod = new Map<string, Map<string, ActualPod>>();
  /** Told of every change: the volume, and the Pod where it is about one. */
  readonly #changed: (volume: ActualVolume, uid: string | undefined) => void;

  constructor(changed: (volume: ActualVolume, uid: string | undefined) => void) {
    this.#changed = changed;
  }

  /** The volume is attached, or needs no attaching. Of one that is known only the device path changes. */
  markAttached(
    name: string,
    plugin: VolumePlugin,
    spec: VolumeSpec,
    devicePath = '',
  ): ActualVolume {
    let volume = this.volumes.get(name);
    if (volume) volume.devicePath = devicePath;
    else {
      volume = {
        name,
        plugin,
        spec,
        devicePath,
        deviceMountPath: undefined,
        deviceMountState: 'DeviceNotMounted',
        deviceReconstructed: false,
        block: false,
        size: undefined,
        seLinuxLabel: undefined,
        inUseErrorForExpansion: false,
        expansionFailed: false,
        pods: new Map(),
      };
      this.volumes.set(name, volume);
    }
    this.#changed(volume, undefined);
    return volume;
  }

  /** Throws an OperationError while pods have it. */
  deleteVolume(name: string): void {
    const volume = this.volumes.get(name);
    if (!volume) return;
    if (volume.pods.size > 0) {
      throw new OperationError(
        `failed to DeleteVolume "${name}", it still has ${volume.pods.size} mountedPods`,
      );
    }
    this.volumes.delete(name);
    this.#changed(volume, undefined);
  }

  /** The device is in this state now. Mounted: it was this kubelet that did it. */
  markDevice(volume: ActualVolume, state: DeviceMountState, path?: string): void {
    volume.deviceMountState = state;
    if (state === 'DeviceGloballyMounted') volume.deviceReconstructed = false;
    volume.deviceMountPath =
      state === 'DeviceNotMounted' ? undefined : (path ?? volume.deviceMountPath);
    this.#changed(volume, undefined);
  }

  /** Set up, at `now` ms: a remount is done, and nothing is left of reconstruction. */
  markMounted(volume: ActualVolume, uid: string, mount: PodMount, now: number): void {
    volume.spec = mount.spec;
    const known = volume.pods.get(uid);
    if (known?.state === 'mounted') {
      known.mount = mount;
      known.remountRequired = false;
    } else {
      this.#set({
        volume,
        uid,
        mount,
        state: 'mounted',
        remountRequired: false,
        reconstructed: false,
        mountedAt: now,
      });
    }
    this.#changed(volume, uid);
  }

  /** Perhaps set up: it has to be set up again while it is wanted, and torn down when it is not. */
  markUncertain(
    volume: ActualVolume,
    uid: string,
    mount: PodMount,
    found: { now: number; reconstructed?: boolean },
  ): void {
    const known = volume.pods.get(uid);
    if (known) known.state = 'uncertain';
    else {
      this.#set({
        volume,
        uid,
        mount,
        state: 'uncertain',
        remountRequired: false,
        reconstructed: found.reconstructed ?? false,
        mountedAt: found.now,
      });
    }
    this.#changed(volume, uid);
  }

  markUnmounted(volume: ActualVolume, uid: string): void {
    if (!volume.pods.delete(uid)) return;
    const own = this.#byPod.get(uid);
    own?.delete(volume.name);
    if (own?.size === 0) this.#byPod.delete(uid);
    this.#changed(volume, uid);
  }

  /** Volumes of the Pod whose content follows API objects are to be set up again: their unique names. */
  *markRemountRequired(uid: string): Generator<string> {
    for (const entry of this.ofPod(uid).values()) {
      if (!entry.volume.plugin.refreshes || entry.remountRequired) continue;
      entry.remountRequired = true;
      yield entry.volume.name;
    }
  }

  find(uid: string, name: string): ActualPod | undefined {
    return this.#byPod.get(uid)?.get(name);
  }

  /** What a Pod has, or may have, by unique name. */
  ofPod(uid: string): ReadonlyMap<string, ActualPod> {
    return this.#byPod.get(uid) ?? NONE;
  }

  /** Whether another Pod has, or may have, the volume. */
  mountedElsewhere(name: string, uid: string): boolean {
    const pods = this.volumes.get(name)?.pods;
    return pods !== undefined && pods.size > (pods.has(uid) ? 1 : 0);
  }

  #set(entry: ActualPod): void {
    const { volume, uid } = entry;
    volume.pods.set(uid, entry);
    let own = this.#byPod.get(uid);
    if (!own) this.#byPod.set(uid, (own = new Map()));
    own.set(volume.name, entry);
  }
}
