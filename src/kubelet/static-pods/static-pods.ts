import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { podKey } from '../pod/containers.ts';
import type { PodWorkers } from '../pod/pod-workers.ts';

export interface StaticPodsParts {
  readonly workers: PodWorkers;
  /** A Pod is to run. */
  readonly start: (pod: DeepReadonly<Pod>) => void;
  /** A Pod's manifest is gone. */
  readonly end: (pod: DeepReadonly<Pod>) => void;
}

/**
 * The static pods of a node. One whose name another still has, or that comes back under the uid of one that is just ending,
 * waits until that has ended. Models allowPodStart and the static parts of pkg/kubelet/pod_workers.go.
 */
export class StaticPods {
  readonly #parts: StaticPodsParts;
  /** By uid: what there are manifests of. */
  #pods = new Map<string, DeepReadonly<Pod>>();
  /** By `namespace/name`: the uid of who runs under it, or is ending. */
  readonly #started = new Map<string, string>();
  /** Uids of pods that came back while they were ending. */
  readonly #returned = new Set<string>();

  constructor(parts: StaticPodsParts) {
    this.#parts = parts;
  }

  /** The pods that there are now. */
  update(pods: readonly DeepReadonly<Pod>[]): void {
    const now = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
    const before = this.#pods;
    this.#pods = now;
    for (const [uid, pod] of before) if (!now.has(uid)) this.#end(pod);
    for (const [uid, pod] of now) if (!before.has(uid)) this.#startIfAllowed(pod);
  }

  #end(pod: DeepReadonly<Pod>): void {
    const { uid } = pod.metadata;
    this.#returned.delete(uid);
    this.#parts.end(pod);
    // One that was refused has nothing that could end.
    if (this.#parts.workers.get(uid)?.state === 'finished') this.finished(pod);
  }

  /** Nothing is left of a Pod: another one of its name may start. */
  finished(pod: DeepReadonly<Pod>): void {
    const name = podKey(pod);
    const { uid } = pod.metadata;
    // One that ended by itself, and whose manifest is still there, is not started again.
    if (this.#started.get(name) !== uid || (this.#pods.has(uid) && !this.#returned.has(uid)))
      return;
    this.#started.delete(name);
    if (this.#returned.delete(uid)) this.#parts.workers.forget(uid);
    for (const next of this.#pods.values())
      if (podKey(next) === name) return this.#startIfAllowed(next);
  }

  /** Who runs under a name. */
  uidOf(name: string): string | undefined {
    return this.#started.get(name);
  }

  uids(): Iterable<string> {
    return this.#started.values();
  }

  /** Whether a name is one of a static Pod, or of one that is ending. */
  knows(name: string): boolean {
    if (this.#started.has(name)) return true;
    return [...this.#pods.values()].some((pod) => podKey(pod) === name);
  }

  #startIfAllowed(pod: DeepReadonly<Pod>): void {
    const { uid } = pod.metadata;
    const name = podKey(pod);
    if (this.#parts.workers.get(uid)) return void this.#returned.add(uid);
    if (this.#started.has(name)) return;
    this.#started.set(name, uid);
    this.#parts.start(pod);
  }
}
