import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { PodManager } from '../contracts.ts';

/** The pods of a node, by uid, in the order in which they came. Models pkg/kubelet/pod/pod_manager.go. */
export class KnownPods implements PodManager {
  readonly #pods = new Map<string, DeepReadonly<Pod>>();

  pods(): Iterable<DeepReadonly<Pod>> {
    return this.#pods.values();
  }

  get(uid: string): DeepReadonly<Pod> | undefined {
    return this.#pods.get(uid);
  }

  set(pod: DeepReadonly<Pod>): void {
    this.#pods.set(pod.metadata.uid, pod);
  }

  delete(uid: string): void {
    this.#pods.delete(uid);
  }
}
