import { type Entry, parentOf } from './memfs.ts';

/**
 * Where in a filesystem something is mounted, in any namespace: for every directory, which of its entries are mount points or
 * have some below them. What is below a directory is found without a look at all other mounts.
 */
export class MountMarks {
  readonly #below = new Map<Entry, Set<Entry>>();

  /** Something was mounted on an entry, or it came to its directory with mounts below it. */
  add(entry: Entry): void {
    let child = entry;
    for (let parent = parentOf(child); parent !== undefined; parent = parentOf(child)) {
      const marked = this.#below.get(parent);
      if (marked !== undefined) {
        marked.add(child);
        return;
      }
      this.#below.set(parent, new Set([child]));
      child = parent;
    }
  }

  /** Nothing is mounted on an entry any more: it stays marked if something is below it. */
  remove(entry: Entry): void {
    if (!this.#below.has(entry)) this.takeOut(entry);
  }

  /** An entry leaves its directory, with what is mounted on and below it. */
  takeOut(entry: Entry): void {
    let child = entry;
    for (let parent = parentOf(child); parent !== undefined; parent = parentOf(child)) {
      const marked = this.#below.get(parent);
      marked?.delete(child);
      if (marked === undefined || marked.size > 0) return;
      this.#below.delete(parent);
      if (parent.mounted !== undefined) return;
      child = parent;
    }
  }

  /** Whether something is mounted on an entry or below it. */
  has(entry: Entry): boolean {
    return entry.mounted !== undefined || this.#below.has(entry);
  }

  /** The mount points that are an entry or below it. */
  *points(entry: Entry): Generator<Entry, void, undefined> {
    if (entry.mounted !== undefined) yield entry;
    for (const child of this.#below.get(entry) ?? []) yield* this.points(child);
  }
}
