import type { KubernetesObject, Store, StoreEvent } from '../api/index.ts';
import type { Informer } from '../api/informer.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext, type Stored } from './context.ts';
import { namespaceConditions } from './namespace-conditions.ts';

type Found = DeepReadonly<KubernetesObject>;

/** What is deleted for good at once: nobody waits for it. */
const LAST = ['Event'];

/**
 * Empties a namespace that is being deleted, and lets it go when nothing is left in it.
 * Models pkg/controller/namespace/deletion/namespaced_resources_deleter.go.
 */
export function startNamespaces(context: ControllerContext): void {
  const going = new Set<string>();
  let watching = false;
  const queue = context.queue({
    name: 'namespace',
    sync: (key) => empty(key, { context, namespaces, again: (name) => queue.add(name) }),
  });
  const namespaces = context.informer('Namespace', ({ type, object }) => {
    if (type === 'DELETED') going.delete(object.metadata.name);
    else noteIfGoing(object);
  });
  for (const namespace of namespaces.list()) noteIfGoing(namespace);

  function noteIfGoing({ metadata }: Stored<'Namespace'>): void {
    if (!metadata.deletionTimestamp) return;
    going.add(metadata.name);
    queue.add(metadata.name);
    if (!watching) context.watchAll(note);
    watching = true;
  }

  function note({ type, object }: StoreEvent): void {
    const { namespace } = object.metadata;
    if (type !== 'MODIFIED' && namespace !== undefined && going.has(namespace))
      queue.add(namespace);
  }
}

interface Parts {
  readonly context: ControllerContext;
  readonly namespaces: Informer<'Namespace'>;
  readonly again: (name: string) => void;
}

function* empty(name: string, { context, namespaces, again }: Parts): Operation {
  const { store, rules } = context.dependencies;
  const namespace = namespaces.get(undefined, name);
  if (!namespace?.metadata.deletionTimestamp) return;
  // From 1.33 on nothing goes while a Pod may need it.
  const podsFirst = rules.atLeast('1.33') && podsIn(store, name).length > 0;
  const found = podsFirst ? podsIn : contents;
  for (const object of found(store, name)) yield* remove(context, object);
  const left = found(store, name);
  yield* report(context, name, left);
  if (left.length > 0) return;
  if (podsFirst) again(name);
  else yield* finalize(context, namespace);
}

function podsIn(store: Store, namespace: string): Found[] {
  return store.list('Pod', { namespace }) as Found[];
}

function contents(store: Store, namespace: string): Found[] {
  const kinds = store.kinds().filter((kind) => !LAST.includes(kind));
  return [...kinds, ...LAST].flatMap((kind) =>
    store.list(kind).filter(({ metadata }) => metadata.namespace === namespace),
  );
}

function* remove(context: ControllerContext, object: Found): Operation {
  const { kind, metadata } = object;
  if (metadata.deletionTimestamp) return;
  const { namespace, name } = metadata;
  const call = (): unknown => context.dependencies.store.delete(kind, namespace, name);
  try {
    yield* context.write('DeleteCollection', object, call);
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}

/** What is left stands in the namespace's status, from 1.16 on. */
function* report(context: ControllerContext, name: string, left: readonly Found[]): Operation {
  const { store, rules } = context.dependencies;
  const namespace = store.get('Namespace', undefined, name);
  if (!namespace || rules.before('1.16')) return;
  const before = namespace.status?.conditions ?? [];
  const conditions = namespaceConditions(before, left, context.now);
  if (conditions === before) return;
  try {
    yield* context.write('UpdateNamespaceStatus', namespace, () => {
      const current = store.get('Namespace', undefined, name);
      if (current) store.update({ ...current, status: { ...current.status, conditions } });
    });
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}

function* finalize(context: ControllerContext, namespace: Stored<'Namespace'>): Operation {
  const { store } = context.dependencies;
  const finalizers = (namespace.spec?.finalizers ?? []).filter((name) => name !== 'kubernetes');
  try {
    yield* context.write('FinalizeNamespace', namespace, () => {
      const current = store.get('Namespace', undefined, namespace.metadata.name);
      if (current) store.update({ ...current, spec: { ...current.spec, finalizers } });
    });
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}
