import type { Pod, Volume } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import { resolveVolumeSpec, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';
import { TickLoop } from '../../sim/index.ts';
import type { PodManager, PodStateProvider } from '../contracts.ts';
import type { Environment } from './environment.ts';
import { noticeGrowth } from './expansion/index.ts';
import { isFailure } from './failure.ts';
import { usedVolumeNames } from './names.ts';
import { seLinuxLabelsOf } from './selinux.ts';

/** Milliseconds between two passes. */
const PERIOD = 100;

export interface PopulatorOptions {
  readonly environment: Environment;
  readonly pods: PodManager;
  readonly workers: PodStateProvider;
  /** A volume is to be looked at. */
  readonly mark: (volume: string) => void;
  /** An error of a Pod is there to be taken. */
  readonly onError: (uid: string) => void;
  /** The first pass after all sources were ready is over. */
  readonly onPopulated: () => void;
  /** Nothing is known of a Pod any more. */
  readonly onForgotten: (uid: string) => void;
}

/**
 * Keeps the desired state of world to what the pods ask for. Only pods that something happened to are looked at. Models
 * pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go.
 */
export class Populator {
  readonly #options: PopulatorOptions;
  readonly #loop: TickLoop;
  readonly #changed = new Set<string>();
  /** False: seen, and to be processed again. */
  readonly #processed = new Map<string, boolean>();
  /** Wanted no more, but not mounted either: kept until the Pod's object is gone. */
  readonly #kept = new Set<string>();
  #sourcesReady = false;
  #populated = false;

  constructor(options: PopulatorOptions) {
    this.#options = options;
    const { system, owner } = options.environment.context;
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${owner.name}: desired state of world populator`,
      period: PERIOD,
      pass: () => this.#pass(),
    });
  }

  /** It has seen every Pod once. */
  get populated(): boolean {
    return this.#populated;
  }

  /** The Pod is looked at in the next pass. */
  podChanged(uid: string): void {
    this.#changed.add(uid);
    this.#loop.wake();
  }

  /** The Pod's volumes are resolved again, and refreshed. */
  reprocess(uid: string): void {
    this.#processed.set(uid, false);
    this.podChanged(uid);
  }

  /** Something of the Pod was mounted or unmounted. */
  mountsChanged(uid: string): void {
    if (this.#kept.has(uid)) this.podChanged(uid);
  }

  sourcesReady(): void {
    if (this.#sourcesReady) return;
    this.#sourcesReady = true;
    for (const { metadata } of this.#options.pods.pods()) this.#changed.add(metadata.uid);
    this.#loop.wake();
  }

  #pass(): undefined {
    const complete = this.#sourcesReady;
    const uids = [...this.#changed];
    this.#changed.clear();
    for (const uid of uids) this.#add(uid);
    for (const uid of uids) this.#remove(uid);
    if (!complete || this.#populated) return;
    this.#populated = true;
    this.#options.onPopulated();
  }

  #add(uid: string): void {
    const { pods, workers } = this.#options;
    const pod = pods.get(uid);
    if (!pod || this.#processed.get(uid)) return;
    // Before the first complete pass, pods may still have containers that run.
    const over = this.#populated
      ? workers.shouldPodContainersBeTerminating(uid)
      : workers.shouldPodRuntimeBeRemoved(uid);
    if (!over) this.#process(uid, pod);
  }

  #process(uid: string, pod: DeepReadonly<Pod>): void {
    const used = usedVolumeNames(pod);
    let complete = true;
    for (const volume of pod.spec.volumes ?? []) {
      if (used.has(volume.name) && !this.#addVolume(uid, pod, volume)) complete = false;
    }
    if (complete) {
      const { desired, actual } = this.#options.environment;
      for (const name of actual.markRemountRequired(uid)) this.#options.mark(name);
      desired.popErrors(uid);
    }
    if (complete || this.#processed.has(uid)) this.#processed.set(uid, true);
  }

  /** False: it could not be resolved. */
  #addVolume(uid: string, pod: DeepReadonly<Pod>, volume: DeepReadonly<Volume>): boolean {
    const { environment, onError } = this.#options;
    const { context, plugins, desired, metrics } = environment;
    try {
      // A kubelet that starts again must find what its pods have, although the claim is to go with them.
      const deleting = context.rules.atLeast('1.33') ? 'unless protected' : 'refused';
      const spec = resolveVolumeSpec(pod, volume, context.objects, plugins, deleting);
      const plugin = this.#pluginOf(spec);
      const outerName = volume.name;
      const seLinux = seLinuxLabelsOf(context, { pod, spec, outerName }, plugin, metrics.seLinux);
      const wanted = { uid, pod, spec, outerName, seLinux };
      const added = desired.add(wanted, plugin, context.system.simulation.now);
      noticeGrowth(environment, added, spec);
      return true;
    } catch (error) {
      if (!isFailure(error)) throw error;
      context.log('error', `Error processing volume "${volume.name}": ${error.message}`);
      desired.addError(uid, error.message);
      onError(uid);
      return false;
    }
  }

  #pluginOf(spec: VolumeSpec): VolumePlugin {
    try {
      return this.#options.environment.plugins.bySpec(spec);
    } catch (error) {
      throw new OperationError(
        `failed to get Plugin from volumeSpec for volume "${spec.name}" err=${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  #remove(uid: string): void {
    const { environment, pods, workers } = this.#options;
    const { desired, actual } = environment;
    const known = pods.get(uid) !== undefined;
    if (workers.shouldPodRuntimeBeRemoved(uid)) {
      this.#kept.delete(uid);
      for (const name of [...desired.ofPod(uid).keys()]) {
        if (known && !actual.find(uid, name)) this.#kept.add(uid);
        else this.#removeVolume(uid, name);
      }
    }
    if (!known) this.#forget(uid);
  }

  #removeVolume(uid: string, name: string): void {
    this.#options.environment.desired.remove(uid, name);
    this.#processed.delete(uid);
  }

  #forget(uid: string): void {
    const { desired, actual } = this.#options.environment;
    this.#processed.delete(uid);
    desired.popErrors(uid);
    if (desired.ofPod(uid).size > 0 || actual.ofPod(uid).size > 0) return;
    this.#kept.delete(uid);
    this.#options.onForgotten(uid);
  }
}
