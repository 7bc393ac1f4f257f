import type { Pod } from '../../api/index.ts';
import { compare, type DeepReadonly } from '../../base/index.ts';
import type { PluginRegistry } from '../../plugin/index.ts';
import { type Operation, Signal } from '../../sim/index.ts';
import type {
  KubeletContext,
  MountedVolume,
  PodManager,
  PodStateProvider,
  VolumeManager,
  VolumeState,
  WaitLimits,
} from '../contracts.ts';
import { KubeletMetrics } from '../metrics/kubelet-metrics.ts';
import { addVolumeMetrics } from '../metrics/volume-metrics.ts';
import { ActualStateOfWorld, type ActualVolume } from './actual-state-of-world.ts';
import { DesiredStateOfWorld, type DesiredVolume } from './desired-state-of-world.ts';
import { type ClaimWriter, type Environment, nodeOf } from './environment.ts';
import { isAttachable } from './names.ts';
import { type OperationEnd, OperationExecutor } from './operation-executor.ts';
import { Populator } from './populator.ts';
import { Reconciler } from './reconciler.ts';
import { cleanOrphan, type FoundDirectory, reconstructVolumes } from './reconstruction.ts';
import { actualView, desiredView, mountedVolumesOf, volumeStatesOf } from './views.ts';
import { waitForAttachAndMount, waitForUnmount } from './wait.ts';

/** What a volume manager needs of the rest of its kubelet. */
export interface VolumeManagerDependencies {
  readonly pods: PodManager;
  readonly workers: PodStateProvider;
  readonly plugins: PluginRegistry;
  /** Takes the binds of subPaths of a volume away, before it is torn down. Default: there are none. */
  readonly cleanSubPaths?: (podUid: string, specName: string) => Operation;
  /** The attach/detach controller attaches. Default true. */
  readonly enableControllerAttachDetach?: boolean;
  /** `volumesInUse` may have changed: the node status is to be written at its next time. */
  readonly onVolumesInUseChanged?: () => void;
  /** A Pod has no volume any more. Default: nobody asks. */
  readonly onUnmounted?: (uid: string) => void;
  /** How claims are told that volumes have grown. Default: they are not. */
  readonly claims?: ClaimWriter;
  /** Who counts operations. Default: nobody looks. */
  readonly metrics?: KubeletMetrics;
}

/** A volume manager with what the kubelet's node status and pod workers tell it beside. */
export interface NodeVolumeManager extends VolumeManager {
  /** A sync of the Pod began: content that follows API objects is brought up to date. Models ReprocessPod. */
  reprocessPod(uid: string): void;
  /** These names, and no others, are in the node status that was written. Models MarkVolumesAsReportedInUse. */
  markVolumesAsReportedInUse(names: readonly string[]): void;
  /** The Node object changed: `volumesAttached` is looked at. */
  nodeChanged(): void;
  /** Pods whose volumes a PersistentVolume is, when it matters to them that it has grown: their uids. */
  podsToGrow(persistentVolume: string): string[];
  /** What the disk held was understood: `volumesInUse` may be written. */
  readonly statesSynced: boolean;
}

/** Makes the volume manager of one life of a kubelet. Nothing happens before `run`. */
export function createVolumeManager(
  context: KubeletContext,
  dependencies: VolumeManagerDependencies,
): NodeVolumeManager {
  return new KubeletVolumeManager(context, dependencies);
}

class KubeletVolumeManager implements NodeVolumeManager {
  readonly #environment: Environment;
  readonly #executor: OperationExecutor;
  readonly #populator: Populator;
  readonly #reconciler: Reconciler;
  readonly #dependencies: VolumeManagerDependencies;
  readonly #signals = new Map<string, Signal>();
  #orphans: FoundDirectory[] = [];
  #reconstructed = false;
  #nodeRead = false;

  constructor(context: KubeletContext, dependencies: VolumeManagerDependencies) {
    this.#dependencies = dependencies;
    const metrics = dependencies.metrics ?? new KubeletMetrics(context.rules);
    this.#environment = {
      context,
      plugins: dependencies.plugins,
      desired: new DesiredStateOfWorld((volume, uid) => this.#desiredChanged(volume, uid), {
        metrics: metrics.seLinux,
        severalNames: context.rules.atLeast('1.35'),
      }),
      actual: new ActualStateOfWorld((volume, uid) => this.#actualChanged(volume, uid)),
      controllerAttach: dependencies.enableControllerAttachDetach ?? true,
      metrics,
      cleanSubPaths: dependencies.cleanSubPaths ?? noSubPaths,
      claims: dependencies.claims ?? NO_CLAIMS,
    };
    const host = context.layout.host;
    addVolumeMetrics(this.#environment.metrics, { environment: this.#environment, host });
    this.#executor = this.#makeExecutor();
    this.#populator = this.#makePopulator();
    this.#reconciler = new Reconciler({
      environment: this.#environment,
      executor: this.#executor,
      ready: () => this.#ready,
      onError: (uid) => this.#signals.get(uid)?.wake(),
    });
  }

  run(): void {
    this.#orphans = reconstructVolumes(this.#environment);
    this.#reconstructed = true;
    this.nodeChanged();
  }

  podChanged(uid: string): void {
    this.#populator.podChanged(uid);
  }

  reprocessPod(uid: string): void {
    this.#populator.reprocess(uid);
  }

  sourcesReady(): void {
    this.#populator.sourcesReady();
  }

  nodeChanged(): void {
    if (this.#reconstructed && !this.#nodeRead) this.#readNode();
    this.#reconciler.nodeChanged();
  }

  markVolumesAsReportedInUse(names: readonly string[]): void {
    this.#environment.desired.markReportedInUse(names);
  }

  waitForAttachAndMount(pod: DeepReadonly<Pod>, limits: WaitLimits = {}): Operation {
    return waitForAttachAndMount(pod, this.#waitOptions(limits));
  }

  waitForUnmount(pod: DeepReadonly<Pod>, limits: WaitLimits = {}): Operation {
    return waitForUnmount(pod, this.#waitOptions(limits));
  }

  mountedVolumes(uid: string): ReadonlyMap<string, MountedVolume> {
    return mountedVolumesOf(this.#environment, uid);
  }

  hasPossiblyMountedVolumes(uid: string): boolean {
    return this.#environment.actual.ofPod(uid).size > 0;
  }

  states(pod: DeepReadonly<Pod>): VolumeState[] {
    return volumeStatesOf(this.#environment, this.#executor, pod);
  }

  changed(uid: string): Signal {
    let signal = this.#signals.get(uid);
    if (!signal) this.#signals.set(uid, (signal = new Signal()));
    return signal;
  }

  volumesInUse(): string[] {
    if (!this.statesSynced) return [];
    const names = new Set<string>();
    const { desired, actual } = this.#environment;
    for (const { name, attachable } of desired.volumes.values()) if (attachable) names.add(name);
    for (const { name, plugin } of actual.volumes.values())
      if (isAttachable(plugin)) names.add(name);
    return [...names].sort(compare);
  }

  podsToGrow(persistentVolume: string): string[] {
    const uids: string[] = [];
    for (const { plugin, pods } of this.#environment.desired.volumes.values()) {
      if (!plugin.expander?.nodeExpand) continue;
      for (const { uid, spec } of pods.values())
        if (spec.persistentVolume?.metadata.name === persistentVolume) uids.push(uid);
    }
    return uids;
  }

  get statesSynced(): boolean {
    return this.#nodeRead;
  }

  get desired(): VolumeManager['desired'] {
    return desiredView(this.#environment);
  }

  get actual(): VolumeManager['actual'] {
    return actualView(this.#environment);
  }

  get #ready(): boolean {
    return this.#populator.populated && this.#nodeRead;
  }

  /** The device paths of attached volumes that were found on the disk stand in the Node. */
  #readNode(): void {
    const { actual } = this.#environment;
    const found = [...actual.volumes.values()].filter(({ plugin }) => isAttachable(plugin));
    if (found.length > 0) {
      const node = nodeOf(this.#environment);
      if (!node) return;
      for (const volume of found) {
        const attached = node.status?.volumesAttached?.find(({ name }) => name === volume.name);
        volume.devicePath = attached?.devicePath ?? volume.devicePath;
      }
    }
    this.#nodeRead = true;
    if (found.length > 0) this.#dependencies.onVolumesInUseChanged?.();
    this.#becameReady();
  }

  /** From now on volumes are unmounted, too. */
  #becameReady(): void {
    if (!this.#ready) return;
    this.#reconciler.markAll();
    const { context, desired } = this.#environment;
    const { simulation, name: node } = context.system;
    simulation.trace.add('lifecycle', { who: 'volume manager', what: 'ready' }, node);
    const orphans = this.#orphans.filter(({ podUid, name }) => !desired.wants(podUid, name));
    this.#orphans = [];
    for (const found of orphans) {
      const task = cleanOrphan(this.#environment, found);
      context.system.simulation.spawn('volume_unmount', context.owner, task);
    }
  }

  #desiredChanged({ name, attachable, pods }: DesiredVolume, uid: string | undefined): void {
    if (uid !== undefined)
      this.#record('desired', name, uid, pods.has(uid) ? 'wanted' : 'unwanted');
    this.#reconciler.mark(name);
    if (attachable) this.#dependencies.onVolumesInUseChanged?.();
  }

  #actualChanged(volume: ActualVolume, uid: string | undefined): void {
    const { plugin, name, deviceMountState, pods } = volume;
    const device = this.#environment.actual.volumes.has(name) ? deviceMountState : 'gone';
    const state = uid === undefined ? device : (pods.get(uid)?.state ?? 'unmounted');
    this.#record('actual', name, uid, state);
    if (uid !== undefined) {
      this.#signals.get(uid)?.wake();
      this.#populator.mountsChanged(uid);
      if (!this.hasPossiblyMountedVolumes(uid)) this.#dependencies.onUnmounted?.(uid);
    } else if (isAttachable(plugin)) {
      this.#dependencies.onVolumesInUseChanged?.();
    }
  }

  #record(
    world: 'desired' | 'actual',
    volume: string,
    uid: string | undefined,
    state: string,
  ): void {
    const { simulation, name } = this.#environment.context.system;
    const fields = uid === undefined ? { world, volume, state } : { world, volume, uid, state };
    simulation.trace.add('world', fields, name);
  }

  #makeExecutor(): OperationExecutor {
    const { system, owner, log } = this.#environment.context;
    return new OperationExecutor({
      simulation: system.simulation,
      owner,
      node: system.name,
      log,
      onReady: (end) => this.#operationEnded(end),
      onEnd: (operation) => this.#environment.metrics.operations.ended(operation),
    });
  }

  #makePopulator(): Populator {
    return new Populator({
      environment: this.#environment,
      pods: this.#dependencies.pods,
      workers: this.#dependencies.workers,
      mark: (volume) => this.#reconciler.mark(volume),
      onError: (uid) => this.#signals.get(uid)?.wake(),
      onPopulated: () => this.#becameReady(),
      onForgotten: (uid) => this.#signals.delete(uid),
    });
  }

  #operationEnded(end: OperationEnd): void {
    this.#reconciler.operationEnded(end);
    if (end.outcome === 'failed' && end.pod !== '') this.#signals.get(end.pod)?.wake();
  }

  #waitOptions({ cancel, deadline }: WaitLimits): Parameters<typeof waitForUnmount>[1] {
    return {
      environment: this.#environment,
      reprocess: (uid) => this.#populator.reprocess(uid),
      changed: (uid) => this.changed(uid),
      cancel,
      deadline,
    };
  }
}

const NO_CLAIMS: ClaimWriter = { patchStatus: (claim) => claim, event: () => {} };

function* noSubPaths(): Operation {}
