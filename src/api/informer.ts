import { type DeepReadonly, type Subscription, subscription } from '../base/index.ts';
import { type Operation, type Owner, type Simulation, step } from '../sim/index.ts';
import type { KindMap, KubernetesObject } from './index.ts';
import type { Store } from './store.ts';

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
 * lag, and the cache is the store itself; otherwise each delivery is a step, so that the lag is a choice of the scheduler.
 * Models client-go's tools/cache.
 */
export class Informer<K extends keyof KindMap> {
  readonly #options: InformerOptions<DeepReadonly<KindMap[K]>>;
  readonly #subscription: Subscription;
  readonly #cache: Map<string, DeepReadonly<KindMap[K]>> | undefined;
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
    if (!this.#cache) return this.#options.onEvent(seen);
    this.#queue.push(seen);
    if (this.#delivering) return;
    this.#delivering = true;
    const { simulation, owner, kind } = this.#options;
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

  *#deliver(): Operation {
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      const next = event;
      yield* step('watch', {}, () => this.#apply(next));
    }
    this.#delivering = false;
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
