import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError, quoted } from '../../base/index.ts';
import type { VolumePlugin, VolumeSpec } from '../../plugin/index.ts';
import type { SELinuxMetrics } from '../metrics/selinux-metrics.ts';
import { isAttachable, isDeviceMountable, uniqueVolumeName } from './names.ts';
import type { SELinuxLabels } from './selinux.ts';

/** More errors of one Pod are not kept. */
const MAX_POD_ERRORS = 10;

/** A volume that pods of this node want. It is there as long as one of them does. */
export interface DesiredVolume {
  /** The unique name. */
  readonly name: string;
  readonly plugin: VolumePlugin;
  readonly attachable: boolean;
  readonly deviceMountable: boolean;
  /** Its name is in the node status that was last written. */
  reportedInUse: boolean;
  /** The capacity that its PersistentVolume had when that was last looked at: a quantity. */
  size: string | undefined;
  readonly seLinux: SELinuxLabels;
  /** By uid. */
  readonly pods: Map<string, DesiredPod>;
}

/** A Pod that wants a volume. */
export interface DesiredPod {
  readonly volume: DesiredVolume;
  readonly uid: string;
  pod: DeepReadonly<Pod>;
  spec: VolumeSpec;
  /** Names of it in the Pod: several, where volumes of the Pod name the same claim. Until 1.34 only the last one. */
  outerNames: readonly string[];
  /** ms of virtual time: of the first request, or of the last where content follows API objects. */
  requestedAt: number;
}

const NONE: ReadonlyMap<string, DesiredPod> = new Map();

/**
 * Which volumes have to be mounted for which pods. Models
 * pkg/kubelet/volumemanager/cache/desired_state_of_world.go.
 */
export class DesiredStateOfWorld {
  readonly volumes: Map<string, DesiredVolume> = new Map();
  readonly #byPod = new Map<string, Map<string, DesiredPod>>();
  readonly #errors = new Map<string, Set<string>>();
  /** Told of a volume whenever its entry changed: with a uid, when that Pod began or ended to want it. */
  readonly #changed: (volume: DesiredVolume, uid?: string) => void;
  readonly #metrics: SELinuxMetrics | undefined;
  readonly #severalNames: boolean;

  constructor(
    changed: (volume: DesiredVolume, uid?: string) => void,
    { metrics, severalNames = true }: { metrics?: SELinuxMetrics; severalNames?: boolean } = {},
  ) {
    this.#changed = changed;
    this.#metrics = metrics;
    this.#severalNames = severalNames;
  }

  /** Adds a Pod's volume, or refreshes what is known of it. `now`: ms. Throws an OperationError without a name. */
  add(
    wanted: {
      uid: string;
      pod: DeepReadonly<Pod>;
      spec: VolumeSpec;
      outerName: string;
      seLinux?: SELinuxLabels;
    },
    plugin: VolumePlugin,
    now: number,
  ): DesiredVolume {
    const { uid, pod, spec, outerName } = wanted;
    const name = uniqueVolumeName(plugin, spec, uid);
    const seLinux = wanted.seLinux ?? { effective: '', original: '' };
    const volume = this.#volume(name, plugin, spec, seLinux);
    this.#demandSameLabel(volume, spec, seLinux);
    const known = volume.pods.get(uid);
    if (known) {
      known.pod = pod;
      known.spec = spec;
      known.outerNames = this.#names(known, outerName);
      if (plugin.refreshes) known.requestedAt = now;
    } else {
      const entry = { volume, uid, pod, spec, outerNames: [outerName], requestedAt: now };
      volume.pods.set(uid, entry);
      this.#index(uid).set(name, entry);
    }
    this.#changed(volume, known ? undefined : uid);
    return volume;
  }

  /** A Pod does not want a volume any more. */
  remove(uid: string, name: string): void {
    const volume = this.volumes.get(name);
    if (!volume?.pods.delete(uid)) return;
    if (volume.pods.size === 0) this.volumes.delete(name);
    const own = this.#byPod.get(uid);
    own?.delete(name);
    if (own?.size === 0) this.#byPod.delete(uid);
    this.#changed(volume, uid);
  }

  /** What a Pod wants, by unique name. */
  ofPod(uid: string): ReadonlyMap<string, DesiredPod> {
    return this.#byPod.get(uid) ?? NONE;
  }

  find(uid: string, name: string): DesiredPod | undefined {
    return this.#byPod.get(uid)?.get(name);
  }

  /** Whether a Pod wants a volume of this inner or outer name, whatever its plugin. */
  wants(uid: string, specName: string): boolean {
    for (const { spec, outerNames } of this.ofPod(uid).values()) {
      if (spec.name === specName || outerNames.includes(specName)) return true;
    }
    return false;
  }

  /** Exactly these are reported in use now. */
  markReportedInUse(names: Iterable<string>): void {
    const reported = new Set(names);
    for (const volume of this.volumes.values()) {
      const now = volume.attachable && reported.has(volume.name);
      if (volume.reportedInUse === now) continue;
      volume.reportedInUse = now;
      this.#changed(volume);
    }
  }

  addError(uid: string, message: string): void {
    let errors = this.#errors.get(uid);
    if (!errors) this.#errors.set(uid, (errors = new Set()));
    if (errors.size < MAX_POD_ERRORS) errors.add(message);
  }

  hasErrors(uid: string): boolean {
    return this.#errors.has(uid);
  }

  /** The errors of a Pod since they were last taken. */
  popErrors(uid: string): string[] {
    const errors = this.#errors.get(uid);
    this.#errors.delete(uid);
    return errors ? [...errors] : [];
  }

  #volume(
    name: string,
    plugin: VolumePlugin,
    spec: VolumeSpec,
    seLinux: SELinuxLabels,
  ): DesiredVolume {
    const known = this.volumes.get(name);
    if (known) return known;
    const made: DesiredVolume = {
      name,
      plugin,
      attachable: isAttachable(plugin),
      deviceMountable: isDeviceMountable(plugin),
      reportedInUse: false,
      size: spec.persistentVolume?.spec.capacity?.storage,
      seLinux,
      pods: new Map(),
    };
    this.volumes.set(name, made);
    if (seLinux.original !== '') this.#metrics?.admitted(plugin, spec);
    return made;
  }

  /** Pods that share a volume have to be labelled alike, where it is mounted with a label. */
  #demandSameLabel(
    { plugin, seLinux: known }: DesiredVolume,
    spec: VolumeSpec,
    { effective, original }: SELinuxLabels,
  ): void {
    const fits = known.effective === effective;
    if (fits && known.original === original) return;
    this.#metrics?.volumeMismatch(plugin, spec, !fits);
    if (fits) return;
    throw new OperationError(
      `conflicting SELinux labels of volume ${spec.name}: ${quoted(known.original)} and ${quoted(original)}`,
    );
  }

  #names({ outerNames }: DesiredPod, outerName: string): readonly string[] {
    if (!this.#severalNames) return [outerName];
    return outerNames.includes(outerName) ? outerNames : [...outerNames, outerName];
  }

  #index(uid: string): Map<string, DesiredPod> {
    let own = this.#byPod.get(uid);
    if (!own) this.#byPod.set(uid, (own = new Map()));
    return own;
  }
}
