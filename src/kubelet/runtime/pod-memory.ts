import { BLOCK_SIZE, MemoryGroup } from '../../kernel/index.ts';

/**
 * The memory cgroups of pods: what a container that has ended wrote to files in memory stays charged to its Pod. Models
 * `kubepods/pod<uid>/<container>` below /sys/fs/cgroup.
 */
export class PodMemory {
  readonly #pods = new Map<string, MemoryGroup>();

  get(podUid: string): MemoryGroup | undefined {
    return this.#pods.get(podUid);
  }

  /** What a Pod may use, in bytes; undefined for no limit. */
  limit(podUid: string, bytes: number | undefined): void {
    this.#pod(podUid).limit = pagesOf(bytes);
  }

  /** The group of a new container. */
  container(podUid: string, bytes: number | undefined): MemoryGroup {
    return new MemoryGroup(pagesOf(bytes), this.#pod(podUid));
  }

  forget(podUid: string): void {
    this.#pods.delete(podUid);
  }

  clear(): void {
    this.#pods.clear();
  }

  #pod(podUid: string): MemoryGroup {
    let group = this.#pods.get(podUid);
    if (!group) this.#pods.set(podUid, (group = new MemoryGroup()));
    return group;
  }
}

function pagesOf(bytes: number | undefined): number {
  return bytes === undefined ? Number.POSITIVE_INFINITY : Math.floor(bytes / BLOCK_SIZE);
}
