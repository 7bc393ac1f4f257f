import { OperationError } from '../../base/index.ts';
import {
  notFoundInCache,
  notRegistered,
  type ObjectKey,
  type ObjectSource,
  type ObjectStore,
  textOfKey,
} from './object-store.ts';

/** Milliseconds without a read after which a watch stops: it begins again with the next read. */
const MAX_IDLE = 5 * 60_000;

interface Item {
  /** How often each Pod uses it. */
  readonly references: Map<string, number>;
  /** Since when it is watched. */
  watchedSince: number;
  /** ms of virtual time. */
  lastRead: number;
  /** It had come before the watch could stop for want of reads. */
  synced: boolean;
  /** An immutable object, from when it was first read: nobody looks for changes of it any more. */
  frozen: unknown;
}

/**
 * Watches each object while pods use it, so that what is read is current. Models
 * pkg/kubelet/util/manager/watch_based_manager.go.
 */
export class WatchStore implements ObjectStore {
  readonly #source: ObjectSource;
  readonly #now: () => number;
  readonly #maxIdle: number;
  readonly #items = new Map<string, Item>();
  /** Lists and watches that were begun, of any object. */
  watches = 0;

  /** @param maxIdle ms; default 5 min */
  constructor(source: ObjectSource, now: () => number, maxIdle: number = MAX_IDLE) {
    this.#source = source;
    this.#now = now;
    this.#maxIdle = maxIdle;
  }

  add(key: ObjectKey, podUid: string): void {
    const text = textOfKey(key);
    let item = this.#items.get(text);
    if (!item) {
      item = this.#begin();
      this.#items.set(text, item);
    }
    item.references.set(podUid, (item.references.get(podUid) ?? 0) + 1);
  }

  delete(key: ObjectKey, podUid: string): void {
    const text = textOfKey(key);
    const item = this.#items.get(text);
    const count = item?.references.get(podUid);
    if (!item || count === undefined) return;
    if (count > 1) item.references.set(podUid, count - 1);
    else item.references.delete(podUid);
    if (item.references.size === 0) this.#items.delete(text);
  }

  /** How often a Pod uses an object. */
  references(key: ObjectKey, podUid: string): number {
    return this.#items.get(textOfKey(key))?.references.get(podUid) ?? 0;
  }

  /** Whether changes of an object are looked for: not of one that is immutable, or that nobody reads. */
  isWatched(key: ObjectKey): boolean {
    const item = this.#items.get(textOfKey(key));
    return item !== undefined && item.frozen === undefined && !this.#isIdle(key, item);
  }

  get(key: ObjectKey): unknown {
    const item = this.#items.get(textOfKey(key));
    if (!item) throw notRegistered(key);
    if (item.frozen) return item.frozen;
    if (this.#isIdle(key, item)) this.#watch(item);
    item.lastRead = this.#now();
    if (!this.#isSynced(key, item)) {
      const kind = key.kind.toLowerCase();
      throw new OperationError(`failed to sync ${kind} cache: timed out waiting for the condition`);
    }
    const found = this.#source.get(key.kind, key.namespace, key.name);
    if (!found) throw notFoundInCache(key);
    if ((found as { immutable?: boolean }).immutable === true) item.frozen = found;
    return found;
  }

  #begin(): Item {
    const item: Item = {
      references: new Map(),
      watchedSince: 0,
      lastRead: 0,
      synced: false,
      frozen: undefined,
    };
    this.#watch(item);
    return item;
  }

  #watch(item: Item): void {
    item.watchedSince = item.lastRead = this.#now();
    item.synced = false;
    this.watches++;
  }

  #isSynced({ kind, namespace, name }: ObjectKey, item: Item): boolean {
    item.synced ||= this.#source.synced?.(kind, namespace, name) ?? true;
    return item.synced;
  }

  /** One whose first list is still on its way is left alone. */
  #isIdle(key: ObjectKey, item: Item): boolean {
    return this.#isSynced(key, item) && this.#now() - item.lastRead > this.#maxIdle;
  }
}
