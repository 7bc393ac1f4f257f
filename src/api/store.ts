import { type DeepReadonly, rfc3339, type Subscription } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import { ApiError } from './api-error.ts';
import { copyOf, deepEqual, deepFreeze, setOwn } from './freeze.ts';
import { type DeletionOptions, deletionOf, isReleased } from './graceful-deletion.ts';
import { type KindInfo, kindInfo, resourceName } from './kinds.ts';
import { Leases } from './leases.ts';
import { Objects, type StoredObject } from './objects.ts';
import { type ListOptions, selects } from './selectors.ts';
import { StoreEvents, type StoreListener } from './store-events.ts';
import type { KindMap, KubernetesObject, ObjectMeta } from './types.ts';
import type { VersionRules } from './versions.ts';

export type { StoreEvent } from './store-events.ts';

/** An object before the store gives it its uid. `generateName` serves instead of a name. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: DeepReadonly<Partial<ObjectMeta>>;
  readonly [field: string]: unknown;
}

/** A part of an object that is written by itself. Models the subresources of the API. */
export type Subresource = 'status' | 'ephemeralcontainers' | 'resize' | 'scale' | 'finalize';

export interface StoreOptions {
  /** Virtual time, ms. */
  readonly clock: { readonly now: number };
  /** Where uids and generated names come from. */
  readonly random: Random;
  /** Default: the newest. */
  readonly rules?: Pick<VersionRules, 'before'>;
}

const GENERATED_NAME_TRIES = 8;
const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * etcd and the registry: what controllers read and write. It trusts its writers; what it holds is frozen, shared, and never
 * changed in place. Models apiserver's registry/generic/registry/store.go.
 */
export class Store {
  /** Defaulting and admission of what controllers create; the API server sets it. */
  admit: ((object: NewObject) => NewObject) | undefined;
  readonly #clock: { readonly now: number };
  readonly #random: Random;
  readonly #objects = new Objects();
  readonly #leases = new Leases();
  readonly #events = new StoreEvents();
  readonly #births = new Map<string, number>();
  /** What the transaction that runs has changed of them: as it was. */
  readonly #earlierBirths = new Map<string, number>();
  /** Pods have a generation, from 1.33 on. */
  readonly #podGenerations: boolean;
  #version = 0;
  #inTransaction = false;

  constructor({ clock, random, rules }: StoreOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#podGenerations = !rules?.before('1.33');
    for (const name of FIRST_NAMESPACES) {
      const labels = { 'kubernetes.io/metadata.name': name };
      const [spec, status] = [{ finalizers: ['kubernetes'] }, { phase: 'Active' }];
      this.create({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels },
        spec,
        status,
      });
    }
  }

  /** The version of the newest write. */
  get resourceVersion(): string {
    return String(this.#version);
  }

  /** One object, or undefined. A namespace is of no account for kinds without. */
  get<K extends keyof KindMap>(
    kind: K,
    namespace: string | undefined,
    name: string,
  ): DeepReadonly<KindMap[K]> | undefined;
  get(kind: string, namespace: string | undefined, name: string): StoredObject | undefined;
  get(kind: string, namespace: string | undefined, name: string): StoredObject | undefined {
    this.#expire(kind);
    return this.#objects.get(kind, keyOf(kind, namespace, name));
  }

  /** Objects of a kind in the order of namespace and name. Throws ApiError BadRequest for a bad selector. */
  list<K extends keyof KindMap>(kind: K, options?: ListOptions): DeepReadonly<KindMap[K]>[];
  list(kind: string, options?: ListOptions): StoredObject[];
  list(kind: string, options?: ListOptions): StoredObject[] {
    this.#expire(kind);
    const all = this.#objects.list(kind);
    return options ? all.filter(selects(kind, options)) : all;
  }

  count(kind: string): number {
    this.#expire(kind);
    return this.#objects.count(kind);
  }

  /** Every kind that something was ever stored of. */
  kinds(): string[] {
    return this.#objects.kinds();
  }

  /** The Pods whose `spec.nodeName` it is, in the order in which they came. */
  podsOnNode(nodeName: string): Iterable<DeepReadonly<KindMap['Pod']>> {
    return this.#objects.podsOnNode(nodeName) as Iterable<DeepReadonly<KindMap['Pod']>>;
  }

  /** Stores a new object, with defaults and admission. Throws ApiError AlreadyExists, and what admission throws. */
  create<K extends keyof KindMap>(object: NewObject & { kind: K }): DeepReadonly<KindMap[K]>;
  create(object: NewObject): StoredObject;
  create(object: NewObject): StoredObject {
    return this.createAsGiven(this.admit ? this.admit(copyOf(object)) : { ...object });
  }

  /** The same for an object that went through defaulting and admission. Takes what it is given as its own, and freezes it. */
  createAsGiven(object: NewObject): StoredObject {
    const info = kindInfo(object.kind, object.apiVersion);
    this.#expire(object.kind);
    const name = object.metadata.name || this.#generateName(object);
    const namespace = info.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    const key = keyOf(object.kind, namespace, name);
    if (this.#objects.get(object.kind, key))
      throw ApiError.alreadyExists(resourceName(object.kind, object.apiVersion), name);
    const metadata = withoutNamespace(object.metadata);
    metadata.name = name;
    if (namespace !== undefined) metadata.namespace = namespace;
    metadata.uid = this.#uid(object.kind, key);
    metadata.resourceVersion = '';
    metadata.creationTimestamp = rfc3339(this.#clock.now);
    if (this.#hasGeneration(info)) metadata.generation = 1;
    const stored = Object.assign(object, { metadata });
    return this.#write(key, stored as unknown as KubernetesObject, undefined);
  }

  /**
   * Writes a changed object. With `subresource: 'status'` only its status. One that is being deleted goes when its last
   * finalizer does. Throws ApiError NotFound, or Conflict where a uid or resourceVersion is given that is not the stored one.
   */
  update<K extends keyof KindMap>(
    object: NewObject & { kind: K },
    options?: { subresource?: Subresource },
  ): DeepReadonly<KindMap[K]>;
  update(object: NewObject, options?: { subresource?: Subresource }): StoredObject;
  update(object: NewObject, options: { subresource?: Subresource } = {}): StoredObject {
    const { kind, metadata } = object;
    this.#expire(kind);
    const key = keyOf(kind, metadata.namespace, metadata.name ?? '');
    const old = this.#objects.get(kind, key);
    if (!old) throw ApiError.notFound(resourceName(kind, object.apiVersion), metadata.name ?? '');
    this.#checkVersion(object, old);
    const now = this.#updated(object, old, options.subresource);
    if (deepEqual(now, old)) return old;
    return isReleased(now as StoredObject) ? this.#remove(key, now) : this.#write(key, now, old);
  }

  /**
   * Deletes as the API server does: a scheduled Pod is marked and has its grace period, finalizers hold an object, anything
   * else goes at once. Returns it marked, or as it last was. Throws ApiError NotFound, Conflict.
   */
  delete(
    kind: string,
    namespace: string | undefined,
    name: string,
    options: DeletionOptions = {},
  ): StoredObject {
    this.#expire(kind);
    const key = keyOf(kind, namespace, name);
    const old = this.#objects.get(kind, key);
    if (!old) throw ApiError.notFound(resourceName(kind), name);
    checkPreconditions(old, options);
    const deletion = deletionOf(old, options, this.#clock.now);
    if (deletion === 'same') return old;
    if (deletion === 'gone') return this.#remove(key, old as KubernetesObject);
    const marked = { ...old, metadata: deletion } as KubernetesObject;
    if (kind === 'Namespace') marked['status'] = { ...(old['status'] ?? {}), phase: 'Terminating' };
    return this.#write(key, marked, old);
  }

  /** Takes an object out whatever holds it; does nothing when it is not there. */
  remove(kind: string, namespace: string | undefined, name: string): void {
    const key = keyOf(kind, namespace, name);
    const old = this.#objects.get(kind, key);
    if (old) this.#remove(key, old as KubernetesObject);
  }

  /** Stores an object as it is given, uid and status and all; replaces one of that name. */
  restore(object: NewObject): StoredObject {
    const { kind } = object;
    this.#expire(kind);
    if (!object.metadata.name) throw ApiError.badRequest('metadata.name: Required value');
    const namespaced = kindInfo(kind, object.apiVersion).namespaced;
    const namespace = namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    const key = keyOf(kind, namespace, object.metadata.name);
    const old = this.#objects.get(kind, key);
    const given = withoutNamespace(object.metadata);
    const metadata = {
      creationTimestamp: rfc3339(this.#clock.now),
      ...given,
      ...(namespace !== undefined && { namespace }),
      uid: given.uid || this.#uid(kind, key),
    };
    return this.#write(key, { ...copyOf(object), metadata } as unknown as KubernetesObject, old);
  }

  /** Told of every write of a kind (`*`: of any), after it, in order. */
  watch(kind: string, listener: StoreListener): Subscription {
    return this.#events.watch(kind, listener);
  }

  /** Runs writes that are kept all or not at all: when the action throws, nothing was changed and nobody is told. */
  transaction<Result>(action: () => Result): Result {
    if (this.#inTransaction) return action();
    const version = this.#version;
    this.#earlierBirths.clear();
    let done = false;
    this.#inTransaction = true;
    this.#objects.begin();
    this.#events.hold();
    try {
      const result = action();
      done = true;
      return result;
    } finally {
      this.#inTransaction = false;
      this.#objects.end(done);
      if (!done) this.#undo(version);
      this.#events.release(done);
    }
  }

  #undo(version: number): void {
    this.#version = version;
    for (const [key, births] of this.#earlierBirths) this.#births.set(key, births);
  }

  /** Events go when their time is over: nobody notices before somebody reads or writes Events, so that idle days cost nothing. */
  #expire(kind: string): void {
    if (kind !== 'Event' || this.#inTransaction) return;
    const { now } = this.#clock;
    for (let over = this.#leases.next(now); over; over = this.#leases.next(now)) {
      const old = this.#objects.get('Event', over.key);
      if (old?.metadata.resourceVersion !== over.version) continue;
      this.#remove(over.key, old as KubernetesObject);
    }
  }

  #write(key: string, object: KubernetesObject, old: StoredObject | undefined): StoredObject {
    const stored = this.#nextVersion(object);
    this.#objects.set(object.kind, key, stored);
    this.#leases.add(key, stored, this.#clock.now);
    if (old) this.#events.add({ type: 'MODIFIED', object: stored, old });
    else this.#events.add({ type: 'ADDED', object: stored });
    return stored;
  }

  #remove(key: string, object: KubernetesObject): StoredObject {
    const old = this.#objects.get(object.kind, key);
    const last = this.#nextVersion(object);
    this.#objects.set(object.kind, key, undefined);
    this.#events.add({ type: 'DELETED', object: last, old });
    return last;
  }

  /** An object as it is stored next. What is frozen is copied, the rest is the store's own. */
  #nextVersion(object: KubernetesObject): StoredObject {
    this.#version++;
    const next = Object.isFrozen(object) ? { ...object } : object;
    if (Object.isFrozen(next.metadata)) next.metadata = { ...next.metadata };
    next.metadata.resourceVersion = String(this.#version);
    return deepFreeze(next);
  }

  #updated(object: NewObject, old: StoredObject, subresource?: Subresource): KubernetesObject {
    if (subresource === 'status') {
      return { ...old, status: object['status'] } as unknown as KubernetesObject;
    }
    const { uid, creationTimestamp, resourceVersion, generation } = old.metadata;
    const metadata: NewObject['metadata'] & { generation?: number } = {
      ...object.metadata,
      uid,
      creationTimestamp,
      resourceVersion,
    };
    const changed = generation !== undefined && !isSameSpec(object, old);
    const counted = object.metadata.generation ?? generation;
    const next = changed && counted === generation ? (generation ?? 0) + 1 : counted;
    if (next !== undefined) metadata.generation = next;
    return { ...object, metadata } as unknown as KubernetesObject;
  }

  #hasGeneration({ kind, generation }: KindInfo): boolean {
    return generation && (kind !== 'Pod' || this.#podGenerations);
  }

  #checkVersion({ kind, apiVersion, metadata }: NewObject, old: StoredObject): void {
    const resource = resourceName(kind, apiVersion);
    const { name, uid, resourceVersion } = old.metadata;
    if (metadata.uid && metadata.uid !== uid) {
      const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
      throw ApiError.conflict(resource, name, why);
    }
    if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion) {
      throw ApiError.conflict(resource, name);
    }
  }

  #uid(kind: string, key: string): string {
    const id = `${kind}/${key}`;
    // Names of Events come once, and are many: they are told apart by their time instead of being remembered.
    const birth = kind === 'Event' ? this.#clock.now : this.#nextBirth(id);
    return this.#random.fresh('uid', `${id}#${birth}`).uuid();
  }

  /** How often something of this name was made, this time included. */
  #nextBirth(id: string): number {
    const before = this.#births.get(id) ?? 0;
    if (this.#inTransaction && !this.#earlierBirths.has(id)) this.#earlierBirths.set(id, before);
    this.#births.set(id, before + 1);
    return before + 1;
  }

  #generateName({ kind, apiVersion, metadata }: NewObject): string {
    const base = metadata.generateName ?? '';
    if (base === '') throw ApiError.badRequest('resource name may not be empty');
    const id = `name of ${kind}/${metadata.namespace ?? ''}/${base}`;
    for (let tries = 0; tries < GENERATED_NAME_TRIES; tries++) {
      const suffix = this.#random.fresh('name', `${id}#${this.#nextBirth(id)}`).suffix();
      const name = `${base.slice(0, 58)}${suffix}`;
      if (!this.#objects.get(kind, keyOf(kind, metadata.namespace ?? 'default', name))) return name;
    }
    throw ApiError.alreadyExists(resourceName(kind, apiVersion), base);
  }
}

/** What no generation counts; all else of an object is wanted of it. */
const NOT_WANTED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function isSameSpec(a: NewObject, b: NewObject): boolean {
  const isSame = (field: string): boolean => NOT_WANTED.has(field) || deepEqual(a[field], b[field]);
  return Object.keys(a).every(isSame) && Object.keys(b).every(isSame);
}

/** A copy to write to. Where an object is namespaced, the namespace stands behind its name. */
function withoutNamespace(metadata: NewObject['metadata']): Partial<ObjectMeta> {
  const copy: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(metadata)) {
    if (field !== 'namespace') setOwn(copy, field, value);
  }
  return copy;
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return kindInfo(kind).namespaced ? `${namespace || 'default'}/${name}` : name;
}

function checkPreconditions(object: StoredObject, { preconditions }: DeletionOptions): void {
  const { name, uid, resourceVersion } = object.metadata;
  const resource = resourceName(object.kind, object.apiVersion);
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`;
    throw ApiError.conflict(resource, name, why);
  }
  const version = preconditions?.resourceVersion;
  if (version !== undefined && version !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${resourceVersion}`;
    throw ApiError.conflict(resource, name, why);
  }
}
