import {
  notFoundByApi,
  notRegistered,
  type ObjectKey,
  type ObjectSource,
  type ObjectStore,
  textOfKey,
} from './object-store.ts';

interface Item {
  references: number;
  /** Undefined: to be read again. */
  found: { readonly object: unknown; readonly at: number } | undefined;
}

/**
 * Reads an object from the API server, and again when a Pod that uses it is synced, or when it is too old. Models
 * pkg/kubelet/util/manager/cache_based_manager.go.
 */
export class CacheStore implements ObjectStore {
  readonly #source: ObjectSource;
  readonly #now: () => number;
  readonly #maxAge: () => number;
  readonly #items = new Map<string, Item>();

  /** @param maxAge ms; asked for at every read: the Node may say so */
  constructor(source: ObjectSource, now: () => number, maxAge: () => number) {
    this.#source = source;
    this.#now = now;
    this.#maxAge = maxAge;
  }

  add(key: ObjectKey): void {
    const text = textOfKey(key);
    const item = this.#items.get(text) ?? { references: 0, found: undefined };
    this.#items.set(text, item);
    item.references++;
    item.found = undefined;
  }

  delete(key: ObjectKey): void {
    const text = textOfKey(key);
    const item = this.#items.get(text);
    if (item && --item.references === 0) this.#items.delete(text);
  }

  get(key: ObjectKey): unknown {
    const item = this.#items.get(textOfKey(key));
    if (!item) throw notRegistered(key);
    const now = this.#now();
    if (!item.found || now >= item.found.at + this.#maxAge()) {
      const object = readByApi(this.#source, key);
      item.found = object === undefined ? undefined : { object, at: now };
    }
    if (!item.found) throw notFoundByApi(key);
    return item.found.object;
  }
}

/** Reads an object from the API server at every look. Models simpleSecretManager of pkg/kubelet/secret. */
export class GetStore implements ObjectStore {
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  add(): void {}

  delete(): void {}

  get(key: ObjectKey): unknown {
    const found = readByApi(this.#source, key);
    if (found === undefined) throw notFoundByApi(key);
    return found;
  }
}

function readByApi(source: ObjectSource, { kind, namespace, name }: ObjectKey): unknown {
  return source.read ? source.read(kind, namespace, name) : source.get(kind, namespace, name);
}
