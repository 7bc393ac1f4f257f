import { rfc3339, type Subscription, subscription } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import { ApiError } from './api-error.ts';
import { deepFreeze } from './freeze.ts';
import { kindInfo, resourceName } from './kinds.ts';
import { matchesFields, matchesLabels } from './selectors.ts';
import type { KubernetesObject } from './object.ts';

/** Which part of an object a write is for. */
export type Subresource = 'status' | 'ephemeralcontainers' | 'resize';

/** A change of an object. `old`: as it was before a MODIFIED. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
  readonly old?: KubernetesObject;
}

export interface StoreOptions {
  readonly clock: { readonly now: number };
  readonly random: Random;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface StoreDeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * The API server's storage: uids, resource versions, generations, finalizers, graceful deletion and watches. Controllers write to
 * it directly, so it validates nothing. Objects are frozen and shared. Models staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go.
 */
export class Store {
  readonly #clock: { readonly now: number };
  readonly #random: Random;
  readonly #kinds = new Map<string, Map<string, KubernetesObject>>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #watches = new Map<string, Set<(event: StoreEvent) => void>>();
  #resourceVersion = 0;

  constructor({ clock, random }: StoreOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The version of the last write. */
  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  get(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.#kinds.get(kind)?.get(keyFor(kind, namespace, name));
  }

  /** By key, so by namespace and name. */
  list(kind: string, options: ListOptions = {}): KubernetesObject[] {
    const { namespace, labelSelector, fieldSelector } = options;
    let found = [...(this.#kinds.get(kind)?.values() ?? [])];
    if (namespace !== undefined && kindInfo(kind).namespaced) found = found.filter(({ metadata }) => metadata.namespace === namespace);
    if (labelSelector) found = found.filter(({ metadata }) => matchesLabels(labelSelector, metadata.labels ?? {}));
    if (fieldSelector) found = found.filter((object) => matchesFields(fieldSelector, object));
    return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** Kinds of which there is at least one object. */
  kinds(): string[] {
    return [...this.#kinds].filter(([, objects]) => objects.size > 0).map(([kind]) => kind).sort();
  }

  /** Pods that are bound to a node. */
  podsOnNode(node: string): KubernetesObject[] {
    const pods = this.#kinds.get('Pod');
    return [...(this.#byNode.get(node) ?? [])].flatMap((key) => pods?.get(key) ?? []);
  }

  /** Stores a new object: uid, resourceVersion, generation and creationTimestamp are filled in. AlreadyExists. */
  create(object: KubernetesObject): KubernetesObject {
    const { kind, metadata } = object;
    const name = metadata.name || this.#generated(kind, metadata);
    const key = keyFor(kind, metadata.namespace, name);
    if (this.#kinds.get(kind)?.has(key)) throw ApiError.alreadyExists(resourceName(kind, object.apiVersion), name);
    const made = {
      ...object,
      metadata: {
        ...metadata,
        name,
        uid: this.#random.stream('uid', `${kind}/${key}`).uuid(),
        resourceVersion: this.#nextVersion(),
        generation: 1,
        creationTimestamp: rfc3339(this.#clock.now),
      },
    } as KubernetesObject;
    return this.#put(made, undefined);
  }

  /** Stores an object as it is: its uid, status, finalizers and times are kept; what is missing is filled in. */
  restore(object: KubernetesObject): KubernetesObject {
    const { kind, metadata } = object;
    const key = keyFor(kind, metadata.namespace, metadata.name);
    const old = this.#kinds.get(kind)?.get(key);
    const kept = {
      ...object,
      metadata: {
        ...metadata,
        uid: metadata.uid ?? this.#random.stream('uid', `${kind}/${key}`).uuid(),
        resourceVersion: this.#nextVersion(),
        generation: metadata.generation ?? 1,
        creationTimestamp: metadata.creationTimestamp ?? rfc3339(this.#clock.now),
      },
    } as KubernetesObject;
    return this.#put(kept, old);
  }

  /**
   * Replaces an object. Conflict when its resourceVersion is not the stored one; NotFound. Without `subresource` the stored status is kept
   * by the API server, not here: controllers say what they write. An object whose last finalizer goes while it is being deleted is removed.
   */
  update(object: KubernetesObject, options: { subresource?: Subresource } = {}): KubernetesObject {
    const { kind, metadata } = object;
    const old = this.#demand(object);
    if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion) {
      throw ApiError.conflict(resourceName(kind, object.apiVersion), metadata.name);
    }
    if (metadata.uid && metadata.uid !== old.metadata.uid) {
      throw ApiError.conflict(resourceName(kind, object.apiVersion), metadata.name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`);
    }
    const merged = options.subresource === 'status' ? withStatus(old, object) : this.#withMeta(old, object);
    if (same(old, merged)) return old;
    const stored = this.#put({ ...merged, metadata: { ...merged.metadata, resourceVersion: this.#nextVersion() } }, old);
    if (isFinished(stored)) this.#remove(stored);
    return stored;
  }

  /** Deletes: gracefully, after finalizers, or at once. Returns the object as it is while it goes; undefined when it is gone. NotFound. */
  delete(kind: string, namespace: string | undefined, name: string, options: StoreDeleteOptions = {}): KubernetesObject | undefined {
    const object = this.get(kind, namespace, name);
    if (!object) throw ApiError.notFound(resourceName(kind), name);
    const { preconditions } = options;
    if (preconditions?.uid !== undefined && preconditions.uid !== object.metadata.uid) {
      throw ApiError.conflict(resourceName(kind), name, `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${object.metadata.uid}`);
    }
    const grace = gracePeriod(object, options.gracePeriodSeconds);
    const finalizers = object.metadata.finalizers ?? [];
    if (grace === 0 && finalizers.length === 0) {
      this.#remove(object);
      return undefined;
    }
    return this.#markDeleted(object, grace);
  }

  /** Told of every write of a kind (`*`: of all), in order, right after it. */
  watch(kind: string, listener: (event: StoreEvent) => void): Subscription {
    const listeners = this.#watches.get(kind) ?? new Set();
    const own = (event: StoreEvent): void => listener(event);
    listeners.add(own);
    this.#watches.set(kind, listeners);
    return subscription(() => listeners.delete(own));
  }

  #markDeleted(object: KubernetesObject, grace: number): KubernetesObject {
    const { metadata } = object;
    const seconds = metadata.deletionTimestamp === undefined ? grace : Math.min(grace, metadata.deletionGracePeriodSeconds ?? grace);
    if (metadata.deletionTimestamp !== undefined && seconds === metadata.deletionGracePeriodSeconds) return object;
    const marked = {
      ...object,
      metadata: {
        ...metadata,
        generation: (metadata.generation ?? 1) + 1,
        deletionTimestamp: rfc3339(this.#clock.now + seconds * 1000),
        deletionGracePeriodSeconds: seconds,
        resourceVersion: this.#nextVersion(),
      },
    } as KubernetesObject;
    return this.#put(marked, object);
  }

  #withMeta(old: KubernetesObject, object: KubernetesObject): KubernetesObject {
    const { uid, creationTimestamp, generation = 1, deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
    const changed = !same(old['spec'], object['spec']) && old['spec'] !== undefined;
    const metadata = {
      ...object.metadata,
      uid,
      creationTimestamp,
      generation: changed ? generation + 1 : generation,
      ...(deletionTimestamp !== undefined && { deletionTimestamp, deletionGracePeriodSeconds }),
      resourceVersion: old.metadata.resourceVersion,
    };
    return { ...object, metadata } as KubernetesObject;
  }

  #demand(object: KubernetesObject): KubernetesObject {
    const { kind, metadata, apiVersion } = object;
    const old = this.get(kind, metadata.namespace, metadata.name);
    if (!old) throw ApiError.notFound(resourceName(kind, apiVersion), metadata.name);
    return old;
  }

  #generated(kind: string, { generateName = '', namespace }: KubernetesObject['metadata']): string {
    const stream = this.#random.stream('generateName', `${kind}/${namespace ?? ''}/${generateName}`);
    return `${generateName}${stream.suffix()}`;
  }

  #nextVersion(): string {
    this.#resourceVersion++;
    return String(this.#resourceVersion);
  }

  #put(object: KubernetesObject, old: KubernetesObject | undefined): KubernetesObject {
    const { kind } = object;
    const stored = deepFreeze(object);
    const objects = this.#kinds.get(kind) ?? new Map<string, KubernetesObject>();
    const key = keyOf(stored);
    objects.set(key, stored);
    this.#kinds.set(kind, objects);
    if (kind === 'Pod') this.#index(key, old, stored);
    this.#tell(old === undefined ? { type: 'ADDED', object: stored } : { type: 'MODIFIED', object: stored, old });
    return stored;
  }

  #remove(object: KubernetesObject): void {
    const key = keyOf(object);
    this.#kinds.get(object.kind)?.delete(key);
    if (object.kind === 'Pod') this.#index(key, object, undefined);
    const last = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } });
    this.#tell({ type: 'DELETED', object: last, old: object });
  }

  #index(key: string, old: KubernetesObject | undefined, now: KubernetesObject | undefined): void {
    const before = nodeOf(old);
    const after = nodeOf(now);
    if (before === after) return;
    if (before !== undefined) this.#byNode.get(before)?.delete(key);
    if (after === undefined) return;
    const keys = this.#byNode.get(after) ?? new Set();
    keys.add(key);
    this.#byNode.set(after, keys);
  }

  #tell(event: StoreEvent): void {
    for (const kind of [event.object.kind, '*']) {
      const listeners = this.#watches.get(kind);
      if (listeners !== undefined) for (const listener of [...listeners]) listener(event);
    }
  }
}

function nodeOf(pod: KubernetesObject | undefined): string | undefined {
  return (pod?.['spec'] as { nodeName?: string } | undefined)?.nodeName || undefined;
}

/** The status of one object in another. Labels, annotations and the rest stay; finalizers too. */
function withStatus(old: KubernetesObject, object: KubernetesObject): KubernetesObject {
  return { ...old, status: object['status'] } as KubernetesObject;
}

function keyFor(kind: string, namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' || !kindInfo(kind).namespaced ? name : `${namespace}/${name}`;
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return keyFor(kind, metadata.namespace, metadata.name);
}

/** Being deleted, with neither grace nor finalizers left. */
function isFinished({ kind, metadata }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
  return kind !== 'Pod' || metadata.deletionGracePeriodSeconds === 0;
}

/** Only Pods go gracefully; one that is not scheduled, or has ended, at once. Models the pod strategy's CheckGracefulDelete. */
function gracePeriod(object: KubernetesObject, asked: number | undefined): number {
  if (object.kind !== 'Pod') return 0;
  const spec = object['spec'] as { terminationGracePeriodSeconds?: number; nodeName?: string };
  const { phase } = (object['status'] ?? {}) as { phase?: string };
  if (!spec.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
  return Math.max(0, asked ?? spec.terminationGracePeriodSeconds ?? 30);
}

/** Whether two plain values are alike. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  return left.length === right.length && left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]));
}
