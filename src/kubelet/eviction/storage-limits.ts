import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { PodContext } from '../pod/context.ts';
import { podStats, watchVolumes } from '../stats/pod-stats.ts';
import { type Exceeded, exceededLimit, hasStorageLimit } from './limits.ts';

/** Pods with limits of local storage, and whether they keep them. Others cost nothing. */
export class StorageLimits {
  readonly #context: PodContext;
  readonly #dedicatedImages: boolean;
  readonly #enabled: boolean;
  readonly #watched = new Set<string>();

  constructor(context: PodContext, dedicatedImages: boolean) {
    this.#context = context;
    this.#dedicatedImages = dedicatedImages;
    const { configuration, rules } = context;
    const gate = 'LocalStorageCapacityIsolation';
    this.#enabled =
      configuration.localStorageCapacityIsolation && (rules.atLeast('1.25') || rules.gate(gate));
  }

  /** Containers or volumes of the Pod may be new: `changed` is told whenever its volumes on the disk take more or less. */
  watch(pod: DeepReadonly<Pod>, changed: () => void): void {
    if (!this.#enabled || !hasStorageLimit(pod)) return;
    this.#watched.add(pod.metadata.uid);
    watchVolumes(this.#context, pod.metadata.uid, changed);
  }

  /** Whether a Pod has limits to keep. */
  watches(uid: string): boolean {
    return this.#watched.has(uid);
  }

  forget(uid: string): void {
    this.#watched.delete(uid);
  }

  /** The first limit that a Pod is over. */
  exceeded(pod: DeepReadonly<Pod>): Exceeded | undefined {
    if (!this.watches(pod.metadata.uid)) return undefined;
    return exceededLimit(pod, podStats(this.#context, pod), {
      rules: this.#context.rules,
      dedicatedImages: this.#dedicatedImages,
    });
  }
}
