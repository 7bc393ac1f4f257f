import type { Pod, Volume } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { PodContext } from '../pod/context.ts';
import { podStats, watchVolumes } from '../stats/pod-stats.ts';
import { type Exceeded, exceededLimit, hasStorageLimit, roomLeft } from './limits.ts';

/** Pods with limits of local storage, and whether they keep them. Others cost nothing. */
export class StorageLimits {
  readonly #context: PodContext;
  readonly #dedicatedImages: boolean;
  readonly #enabled: boolean;
  /** Until 1.21 volumes in memory were as large as the node lets them. */
  readonly #capsMemory: boolean;
  readonly #inMemory = new Set<string>();
  /** What there was of a Pod to measure, by uid. */
  readonly #parts = new Map<string, string>();
  /** Bytes that a Pod can still take before it has to be measured again, by uid. */
  readonly #room = new Map<string, number>();

  constructor(context: PodContext, dedicatedImages: boolean) {
    this.#context = context;
    this.#dedicatedImages = dedicatedImages;
    const { configuration, rules } = context;
    const gate = 'LocalStorageCapacityIsolation';
    this.#capsMemory = rules.gate('SizeMemoryBackedVolumes');
    this.#enabled =
      configuration.localStorageCapacityIsolation && (rules.atLeast('1.25') || rules.gate(gate));
  }

  /**
   * Containers or volumes of the Pod may be new: `changed` is told whenever its volumes on the disk take more bytes, or less.
   * False: nothing is, or it has no limits.
   */
  watch(pod: DeepReadonly<Pod>, changed: (bytes: number) => void): boolean {
    if (!this.#enabled || !hasStorageLimit(pod)) return false;
    const { uid } = pod.metadata;
    const parts = this.#partsOf(uid);
    if (this.#parts.get(uid) === parts) return false;
    this.#parts.set(uid, parts);
    this.#room.set(uid, 0);
    watchVolumes(this.#context, uid, changed);
    const inMemory = ({ emptyDir }: DeepReadonly<Volume>): boolean =>
      emptyDir?.medium === 'Memory' && emptyDir.sizeLimit !== undefined;
    if (!this.#capsMemory && pod.spec.volumes?.some(inMemory)) this.#inMemory.add(uid);
    return true;
  }

  /** What there is of a Pod to measure. */
  #partsOf(uid: string): string {
    const { runtime, volumes } = this.#context;
    const running = runtime.containers(uid).filter(({ state }) => state === 'running');
    return [...volumes.mountedVolumes(uid).keys(), ...running.map(({ id }) => id)].join();
  }

  /** Pods with limits of volumes in memory that nothing but the kubelet keeps. */
  get inMemory(): ReadonlySet<string> {
    return this.#inMemory;
  }

  /** Whether a Pod has limits to keep. */
  watches(uid: string): boolean {
    return this.#room.has(uid);
  }

  forget(uid: string): void {
    this.#room.delete(uid);
    this.#parts.delete(uid);
    this.#inMemory.delete(uid);
  }

  /** Whether a Pod that took so many bytes more is over a limit. Mostly it cannot be, and is not measured. */
  grew(pod: DeepReadonly<Pod>, bytes: number): boolean {
    const { uid } = pod.metadata;
    const room = (this.#room.get(uid) ?? 0) - Math.max(0, bytes);
    this.#room.set(uid, room);
    return room < 0 && this.exceeded(pod) !== undefined;
  }

  /** The first limit that a Pod is over, as far as it can be measured. */
  exceeded(pod: DeepReadonly<Pod>): Exceeded | undefined {
    const { uid } = pod.metadata;
    const stats = this.watches(uid) ? podStats(this.#context, pod) : undefined;
    if (!stats) return undefined;
    const { rules } = this.#context;
    const dedicatedImages = this.#dedicatedImages;
    const over = exceededLimit(pod, stats, { rules, dedicatedImages });
    this.#room.set(uid, over ? 0 : roomLeft(pod, stats, dedicatedImages));
    return over;
  }
}
