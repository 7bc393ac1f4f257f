import {
  isKnownKind,
  type KubernetesObject,
  kindInfo,
  type OwnerReference,
  type StoreEvent,
} from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext } from './context.ts';

type Found = DeepReadonly<KubernetesObject>;

interface Identity {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

const COMPONENT = 'garbage-collector-controller';
const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Starts the garbage collector. */
export function startGarbageCollector(context: ControllerContext): void {
  new GarbageCollector(context).start();
}

/**
 * Deletes what was owned by an object that is gone, once no other owner is left; before it, for one that is deleted in the foreground;
 * or lets it go, for one that leaves orphans. Models pkg/controller/garbagecollector.
 */
class GarbageCollector {
  readonly #context: ControllerContext;
  readonly #queue: { add(uid: string): void };
  /** What an owner owns, by uid. */
  readonly #owned = new Map<string, Map<string, Identity>>();
  /** Owners that wait for this controller before they go. */
  readonly #waiting = new Map<string, Identity>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = context.queue({ name: 'garbagecollector', sync: (uid) => this.#sync(uid) });
  }

  start(): void {
    const { store } = this.#context.dependencies;
    for (const kind of store.kinds()) for (const object of store.list(kind)) this.#note(object);
    this.#context.watchAll((event) => this.#seen(event));
  }

  #seen({ type, object }: StoreEvent): void {
    if (type !== 'DELETED') return this.#note(object);
    const { uid, ownerReferences = [] } = object.metadata;
    this.#waiting.delete(uid);
    for (const owner of ownerReferences) {
      this.#owned.get(owner.uid)?.delete(uid);
      if (this.#waiting.has(owner.uid)) this.#queue.add(owner.uid);
    }
    if (this.#owned.has(uid)) this.#queue.add(uid);
  }

  #note(object: Found): void {
    const { kind, metadata } = object;
    const { uid, namespace, name, finalizers = [], ownerReferences = [] } = metadata;
    const identity = { kind, namespace, name };
    for (const owner of ownerReferences) {
      const items = this.#owned.get(owner.uid) ?? new Map<string, Identity>();
      this.#owned.set(owner.uid, items);
      items.set(uid, identity);
      if (this.#isAbsent(owner, namespace)) this.#queue.add(owner.uid);
    }
    if (metadata.deletionTimestamp === undefined) return;
    if (!finalizers.includes(FOREGROUND) && !finalizers.includes(ORPHAN)) return;
    this.#waiting.set(uid, identity);
    this.#queue.add(uid);
  }

  /** The owner that a reference means, if it is there. */
  #owner(
    reference: DeepReadonly<OwnerReference>,
    namespace: string | undefined,
  ): Found | undefined {
    const { store } = this.#context.dependencies;
    const found = store.get(reference.kind, namespace, reference.name);
    return found?.metadata.uid === reference.uid ? (found as Found) : undefined;
  }

  /**
   * Whether there is no such owner. Nobody can say so of a kind that is not known, nor of an owner in a namespace where the object is in
   * none: such an object stays. Models isDangling.
   */
  #isAbsent(reference: DeepReadonly<OwnerReference>, namespace: string | undefined): boolean {
    const { kind, apiVersion } = reference;
    if (namespace === undefined && kindInfo(kind, apiVersion).namespaced) return false;
    const isKind = isKnownKind(kind) || this.#context.dependencies.store.kinds().includes(kind);
    return isKind && !this.#owner(reference, namespace);
  }

  *#sync(uid: string): Operation {
    const owner = this.#find(this.#waiting.get(uid), uid);
    if (owner?.metadata.finalizers?.includes(ORPHAN)) yield* this.#orphan(owner);
    else {
      for (const dependent of this.#dependents(uid)) yield* this.#collect(dependent);
      if (owner && !this.#isBlocked(uid)) yield* this.#release(owner, FOREGROUND);
    }
    if (this.#owned.get(uid)?.size === 0) this.#owned.delete(uid);
  }

  #find(identity: Identity | undefined, uid: string): Found | undefined {
    if (!identity) return undefined;
    const { kind, namespace, name } = identity;
    const found = this.#context.dependencies.store.get(kind, namespace, name);
    return found?.metadata.uid === uid ? (found as Found) : undefined;
  }

  #dependents(owner: string): Found[] {
    return [...(this.#owned.get(owner) ?? [])].flatMap(
      ([uid, identity]) => this.#find(identity, uid) ?? [],
    );
  }

  /** Whether something that the owner owns keeps it. */
  #isBlocked(owner: string): boolean {
    return this.#dependents(owner).some(({ metadata }) =>
      metadata.ownerReferences?.some((one) => one.uid === owner && one.blockOwnerDeletion),
    );
  }

  /** Deletes an object none of whose owners is to stay; else takes the owners away that are not. Models attemptToDeleteItem. */
  *#collect(object: Found): Operation {
    const { deletionTimestamp, namespace, ownerReferences = [] } = object.metadata;
    if (deletionTimestamp !== undefined) return;
    const absent = ownerReferences.filter((owner) => this.#isAbsent(owner, namespace));
    for (const owner of absent) this.#tellOfOtherNamespace(object, owner);
    const there = ownerReferences.filter((owner) => !absent.includes(owner));
    const solid = there.filter((reference) => {
      const owner = this.#owner(reference, namespace);
      return !owner || !isGoingFirst(owner);
    });
    if (solid.length > 0) {
      if (solid.length < ownerReferences.length) yield* this.#setOwners(object, solid);
      return;
    }
    const hasOwn = this.#dependents(object.metadata.uid).length > 0;
    yield* this.#delete(object, there.length > 0 && hasOwn ? 'Foreground' : undefined);
  }

  /** An owner has to be in the same namespace. Models reportInvalidNamespaceOwnerRef. */
  #tellOfOtherNamespace(object: Found, owner: DeepReadonly<OwnerReference>): void {
    const { store, events, rules } = this.#context.dependencies;
    const { namespace = '' } = object.metadata;
    const elsewhere = store.list(owner.kind).some(({ metadata }) => metadata.uid === owner.uid);
    if (!elsewhere || rules.before('1.20')) return;
    const { apiVersion, kind, name, uid } = owner;
    const reference = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${reference} does not exist in namespace ${JSON.stringify(namespace)}`;
    events.event(COMPONENT, object, 'Warning', 'OwnerRefInvalidNamespace', message);
  }

  *#delete(object: Found, propagationPolicy: 'Foreground' | undefined): Operation {
    const { store } = this.#context.dependencies;
    const { namespace, name, uid } = object.metadata;
    const options = { preconditions: { uid }, ...(propagationPolicy && { propagationPolicy }) };
    yield* this.#write('DeleteDependent', object, () =>
      store.delete(object.kind, namespace, name, options),
    );
  }

  /** What the owner owned belongs to nobody, and then the owner may go. */
  *#orphan(owner: Found): Operation {
    const { uid } = owner.metadata;
    for (const dependent of this.#dependents(uid)) {
      const others = (dependent.metadata.ownerReferences ?? []).filter((one) => one.uid !== uid);
      yield* this.#setOwners(dependent, others);
      this.#owned.get(uid)?.delete(dependent.metadata.uid);
    }
    yield* this.#release(owner, ORPHAN);
  }

  *#setOwners(object: Found, owners: readonly DeepReadonly<OwnerReference>[]): Operation {
    const { ownerReferences: _, ...metadata } = object.metadata;
    const changed = owners.length > 0 ? { ...metadata, ownerReferences: owners } : metadata;
    yield* this.#update('UpdateOwnerReferences', { ...object, metadata: changed } as Found);
  }

  *#release(owner: Found, finalizer: string): Operation {
    const { finalizers = [], ...rest } = owner.metadata;
    const left = finalizers.filter((one) => one !== finalizer);
    if (left.length === finalizers.length) return;
    const metadata = left.length > 0 ? { ...rest, finalizers: left } : rest;
    yield* this.#update('RemoveFinalizer', { ...owner, metadata } as Found);
  }

  *#update(step: string, object: Found): Operation {
    const { store } = this.#context.dependencies;
    yield* this.#write(step, object, () => store.update(object as never));
  }

  /** Somebody else may have been faster: then the change comes as an event. */
  *#write(step: string, object: Found, call: () => unknown): Operation {
    try {
      yield* this.#context.write(step, object, call);
    } catch (error) {
      const reason = apiReason(error);
      if (reason !== 'NotFound' && reason !== 'Conflict') throw error;
    }
  }
}

/** It is deleted in the foreground: what it owns goes before it. */
function isGoingFirst({ metadata }: Found): boolean {
  const going = metadata.deletionTimestamp !== undefined;
  return going && (metadata.finalizers?.includes(FOREGROUND) ?? false);
}
