import type { StoredObject } from './objects.ts';

interface Lease {
  readonly until: number;
  readonly key: string;
  /** A later write has a lease of its own. */
  readonly version: string;
}

/** How long an Event is kept after its last write: kube-apiserver's `--event-ttl`, by default 1 h. */
const EVENT_TTL = 3_600_000;

/** The objects that are kept for a time only: Events. Models etcd's leases as the registry of events asks for them. */
export class Leases {
  #queue: Lease[] = [];
  #first = 0;

  /** A write of an object at a time (ms). */
  add(key: string, { kind, metadata }: StoredObject, now: number): void {
    if (kind !== 'Event') return;
    this.#queue.push({ until: now + EVENT_TTL, key, version: metadata.resourceVersion ?? '' });
  }

  /** The next key whose time is over, taken out, with the version that it was written with. */
  next(now: number): Lease | undefined {
    const next = this.#queue[this.#first];
    if (next === undefined || next.until > now) return undefined;
    this.#first++;
    if (this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    return next;
  }
}
