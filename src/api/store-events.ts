import { type DeepReadonly, type Subscription, subscription } from '../base/index.ts';
import type { KubernetesObject } from './types.ts';

/** A change of one object: as it is now (as it last was, if DELETED), and as it was. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: DeepReadonly<KubernetesObject>;
  readonly old?: DeepReadonly<KubernetesObject> | undefined;
}

export type StoreListener = (event: StoreEvent) => void;

/** Who watches what. Each listener gets every event once, in the order of the writes, also of writes by listeners. */
export class StoreEvents {
  readonly #listeners = new Map<string, Set<{ listener: StoreListener }>>();
  #queue: StoreEvent[] = [];
  #delivering = false;
  #held = false;

  /** Tells of changes of a kind, or of all (`*`), until unsubscribed. */
  watch(kind: string, listener: StoreListener): Subscription {
    const entry = { listener };
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners.add(entry));
    return subscription(() => listeners.delete(entry));
  }

  add(event: StoreEvent): void {
    this.#queue.push(event);
    this.#deliver();
  }

  /** Keeps events back until `release`. */
  hold(): void {
    this.#held = true;
  }

  /** Delivers what was kept back, or drops it. */
  release(keep: boolean): void {
    this.#held = false;
    if (!keep) this.#queue = [];
    this.#deliver();
  }

  /** Everybody is told of everything, whatever a listener throws; the first of that comes out at the end. */
  #deliver(): void {
    if (this.#delivering || this.#held) return;
    const thrown: unknown[] = [];
    this.#delivering = true;
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      this.#tell(event, thrown);
    }
    this.#delivering = false;
    if (thrown.length > 0) throw thrown[0];
  }

  #tell(event: StoreEvent, thrown: unknown[]): void {
    for (const key of [event.object.kind, '*']) {
      const listeners = this.#listeners.get(key);
      for (const entry of [...(listeners ?? [])]) {
        if (!listeners?.has(entry)) continue;
        try {
          entry.listener(event);
        } catch (error) {
          thrown.push(error);
        }
      }
    }
  }
}
