import type { KubernetesObject, StoreEvent } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext } from './context.ts';

type Found = DeepReadonly<KubernetesObject>;

interface Identity {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * Deletes what was owned by an object that is gone, once no other owner is left.
 * Models pkg/controller/garbagecollector; foreground deletion and orphaning are not looked at.
 */
export function startGarbageCollector(context: ControllerContext): void {
  const { store } = context.dependencies;
  /** What an owner owns, by uid. */
  const owned = new Map<string, Map<string, Identity>>();
  const queue = context.queue({ name: 'garbagecollector', sync: (uid) => sync(uid) });
  for (const kind of store.kinds()) for (const object of store.list(kind)) note(object);
  context.watchAll(seen);

  function seen({ type, object }: StoreEvent): void {
    if (type !== 'DELETED') return note(object);
    const { uid, ownerReferences = [] } = object.metadata;
    for (const owner of ownerReferences) owned.get(owner.uid)?.delete(uid);
    if (owned.has(uid)) queue.add(uid);
  }

  function note({ kind, metadata }: Found): void {
    for (const owner of metadata.ownerReferences ?? []) {
      const items = owned.get(owner.uid) ?? new Map<string, Identity>();
      owned.set(owner.uid, items);
      const { namespace, name } = metadata;
      items.set(metadata.uid, { kind, namespace, name });
      if (!isThere(owner, namespace)) queue.add(owner.uid);
    }
  }

  function isThere(
    owner: { readonly kind: string; readonly name: string; readonly uid: string },
    namespace: string | undefined,
  ): boolean {
    return store.get(owner.kind, namespace, owner.name)?.metadata.uid === owner.uid;
  }

  function* sync(owner: string): Operation {
    for (const [uid, { kind, namespace, name }] of owned.get(owner) ?? []) {
      const object = store.get(kind, namespace, name);
      if (object?.metadata.uid !== uid || object.metadata.deletionTimestamp) continue;
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.some((reference) => isThere(reference, namespace))) continue;
      yield* remove(context, object);
    }
    if (owned.get(owner)?.size === 0) owned.delete(owner);
  }
}

function* remove(context: ControllerContext, object: Found): Operation {
  const { kind, metadata } = object;
  const { namespace, name, uid } = metadata;
  try {
    yield* context.write('DeleteDependent', object, () =>
      context.dependencies.store.delete(kind, namespace, name, { preconditions: { uid } }),
    );
  } catch (error) {
    const reason = apiReason(error);
    if (reason !== 'NotFound' && reason !== 'Conflict') throw error;
  }
}
