import {
  type DeepReadonly,
  OperationError,
  type Subscription,
  subscription,
} from '../base/index.ts';
import { type Operation, type Owner, type Simulation, sleepUntil, step } from '../sim/index.ts';
import type { KindMap, KubernetesObject } from './index.ts';
import type { Store } from './store.ts';

/** Waits before a broken watch is opened again, ms. Models the back-off of client-go's Reflector. */
const FIRST_WAIT = 800;
const LONGEST_WAIT = 30_000;

/** What changed: `object` as it is now (as it last was, if DELETED), `old` as it was. */
export interface InformerEvent<Object> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Object;
  readonly old?: Object | undefined;
}

export interface InformerOptions<Object> {
  readonly store: Store;
  readonly simulation: Simulation;
  /** The kubelet or controller whose cache it is; it dies with it. */
  readonly owner: Owner;
  readonly kind: string;
  /** Which objects. Default: all. */
  readonly filter?: (object: Object) => boolean;
  readonly onEvent: (event: InformerEvent<Object>) => void;
}

/**
 * The cache that a kubelet or a controller has of one kind, fed by a queue of events of its own. In fifo order there is no
 * lag, and the cache is the store itself, as long as no fault is for deliveries; otherwise each delivery is a step, so that the
 * lag is a choice of the scheduler. Models client-go's tools/cache.
 */
export class Informer<K extends keyof KindMap> {
  readonly #options: InformerOptions<DeepReadonly<KindMap[K]>>;
  readonly #subscription: Subscription;
  #cache: Map<string, DeepReadonly<KindMap[K]>> | undefined;
  readonly #queue: InformerEvent<DeepReadonly<KindMap[K]>>[] = [];
  #delivering = false;

  constructor(options: InformerOptions<DeepReadonly<KindMap[K]>> & { kind: K }) {
    this.#options = options;
    const { simulation, store, kind } = options;
    if (simulation.order !== 'fifo') this.#cache = new Map();
    for (const object of this.#stored()) this.#cache?.set(keyOf(object), object);
    const watch = store.watch(kind, (event) =>
      this.#take(event as InformerEvent<DeepReadonly<KindMap[K]>>),
    );
    this.#subscription = subscription(() => watch.unsubscribe());
  }

  get(namespace: string | undefined, name: string): DeepReadonly<KindMap[K]> | undefined {
    if (this.#cache) return this.#cache.get(key(namespace, name));
    const object = this.#options.store.get(this.#options.kind, namespace, name);
    return object as DeepReadonly<KindMap[K]> | undefined;
  }

  /** All of them, in the order of their keys. */
  list(): DeepReadonly<KindMap[K]>[] {
    if (!this.#cache) return this.#stored();
    return [...this.#cache.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** No more events. */
  stop(): void {
    this.#subscription.unsubscribe();
  }

  #stored(): DeepReadonly<KindMap[K]>[] {
    const { store, kind, filter } = this.#options;
    const all = [...store.list(kind)] as unknown as DeepReadonly<KindMap[K]>[];
    return filter ? all.filter(filter) : all;
  }

  #take(event: InformerEvent<DeepReadonly<KindMap[K]>>): void {
    const seen = this.#filtered(event);
    if (!seen || !this.#options.owner.alive) return;
    const { simulation, owner, kind } = this.#options;
    if (!this.#cache && !simulation.faults.has('watch')) return this.#options.onEvent(seen);
    this.#cache ??= this.#before(seen);
    this.#queue.push(seen);
    if (this.#delivering) return;
    this.#delivering = true;
    simulation.spawn(`${owner.name}: watch ${String(kind)}`, owner, this.#deliver());
  }

  /** An object that comes to match was added, for this cache; one that no longer does was deleted. */
  #filtered(
    event: InformerEvent<DeepReadonly<KindMap[K]>>,
  ): InformerEvent<DeepReadonly<KindMap[K]>> | undefined {
    const { filter } = this.#options;
    if (!filter) return event;
    const now = event.type !== 'DELETED' && filter(event.object);
    const before = event.type !== 'ADDED' && filter(event.old ?? event.object);
    if (now) return before ? event : { type: 'ADDED', object: event.object };
    return before ? { type: 'DELETED', object: event.object, old: event.old } : undefined;
  }

  /** What is stored, but for an event that is still to be told. */
  #before({
    object,
    old,
  }: InformerEvent<DeepReadonly<KindMap[K]>>): Map<string, DeepReadonly<KindMap[K]>> {
    const cache = new Map(this.#stored().map((one) => [keyOf(one), one]));
    if (old) cache.set(keyOf(old), old);
    else cache.delete(keyOf(object));
    return cache;
  }

  *#deliver(): Operation {
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      yield* this.#tell(event);
    }
    this.#delivering = false;
    const { simulation } = this.#options;
    if (simulation.order === 'fifo' && !simulation.faults.has('watch')) this.#cache = undefined;
  }

  /** A watch that breaks is opened again: nothing is lost, it comes later. */
  *#tell(event: InformerEvent<DeepReadonly<KindMap[K]>>): Operation {
    const { simulation, kind } = this.#options;
    const subject = { object: `${kind}/${keyOf(event.object)}` };
    let told = false;
    for (let wait = FIRST_WAIT; !told; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        yield* step('watch', subject, () => {
          told = true;
          this.#apply(event);
        });
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        if (told) return;
        const reason = `watch to be opened again: ${error.message}`;
        yield* sleepUntil(simulation.now + wait, { class: 'retry', reason });
      }
    }
  }

  #apply(event: InformerEvent<DeepReadonly<KindMap[K]>>): void {
    if (event.type === 'DELETED') this.#cache?.delete(keyOf(event.object));
    else this.#cache?.set(keyOf(event.object), event.object);
    this.#options.onEvent(event);
  }
}

function key(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function keyOf(object: unknown): string {
  const { metadata } = object as KubernetesObject;
  return key(metadata.namespace, metadata.name);
}
