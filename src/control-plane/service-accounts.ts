import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext, type Stored } from './context.ts';

const NAME = 'default';

/**
 * Gives every namespace its ServiceAccount `default`, again when it was deleted.
 * Models pkg/controller/serviceaccount/serviceaccounts_controller.go.
 */
export function startServiceAccounts(context: ControllerContext): void {
  const queue = context.queue({ name: 'serviceaccount', sync: (key) => sync(key) });
  const namespaces = context.informer('Namespace', ({ type, object }) => {
    if (type !== 'DELETED') queue.add(object.metadata.name);
  });
  const accounts = context.informer(
    'ServiceAccount',
    ({ type, object }) => {
      if (type === 'DELETED') queue.add(object.metadata.namespace);
    },
    ({ metadata }) => metadata.name === NAME,
  );
  for (const { metadata } of namespaces.list()) queue.add(metadata.name);

  function sync(name: string): Operation | undefined {
    const namespace = namespaces.get(undefined, name);
    if (!namespace || !isActive(namespace) || accounts.get(name, NAME)) return undefined;
    return createOnce(context, 'CreateServiceAccount', namespace, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: NAME, namespace: name },
    });
  }
}

/** Not being deleted. */
export function isActive({ metadata, status }: Stored<'Namespace'>): boolean {
  return !metadata.deletionTimestamp && status?.phase !== 'Terminating';
}

/** Creates an object of a namespace. That it is there already, or that the namespace is going, is no error. */
export function* createOnce(
  context: ControllerContext,
  name: string,
  namespace: Stored<'Namespace'>,
  object: NewObject,
): Operation {
  try {
    yield* context.write(name, namespace, () => context.dependencies.store.create(object));
  } catch (error) {
    const reason = apiReason(error);
    if (reason === 'AlreadyExists' || reason === 'Forbidden') return;
    throw error;
  }
}

/** What is to be stored, before the API server gives it a uid. */
export interface NewObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [field: string]: unknown;
}
