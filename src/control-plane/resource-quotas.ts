import { countsIn, deepEqual, namespaceUsage } from '../api/index.ts';
import { formatQuantity } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext, keyOf, type Stored, splitKey } from './context.ts';

/** Kinds that quotas count. */
const COUNTED = ['Pod', 'PersistentVolumeClaim'] as const;

/** Keeps `status.used` of every ResourceQuota. Models pkg/controller/resourcequota. */
export function startResourceQuotas(context: ControllerContext): void {
  const queue = context.queue({ name: 'resourcequota', sync: (key) => sync(key) });
  const quotas = context.informer('ResourceQuota', ({ type, object }) => {
    if (type !== 'DELETED') queue.add(keyOf(object));
  });
  const caches = COUNTED.map((kind) =>
    context.informer(kind, ({ object }) => changed(object.metadata.namespace)),
  );
  for (const quota of quotas.list()) queue.add(keyOf(quota));

  function changed(namespace: string): void {
    for (const quota of quotas.list()) {
      if (quota.metadata.namespace === namespace) queue.add(keyOf(quota));
    }
  }

  function sync(key: string): Operation | undefined {
    const quota = quotas.get(...splitKey(key));
    if (!quota) return undefined;
    const status = { hard: { ...quota.spec?.hard }, used: usedBy(quota) };
    return deepEqual(status, quota.status) ? undefined : write(context, quota, status);
  }

  function usedBy(quota: Stored<'ResourceQuota'>): Record<string, string> {
    const { metadata, spec } = quota;
    const objects = caches
      .flatMap((cache) => cache.list())
      .filter((object) => object.metadata.namespace === metadata.namespace)
      .filter((object) => countsIn(quota, object as never, context.dependencies.rules));
    const used = namespaceUsage(objects as never);
    const entries = Object.keys(spec?.hard ?? {}).map((name) => {
      const amount = used.get(name);
      return [name, amount ? formatQuantity(amount) : '0'] as const;
    });
    return Object.fromEntries(entries);
  }
}

function* write(
  context: ControllerContext,
  quota: Stored<'ResourceQuota'>,
  status: object,
): Operation {
  const { store } = context.dependencies;
  try {
    yield* context.write('UpdateResourceQuotaStatus', quota, () =>
      store.update({ ...quota, status } as never, { subresource: 'status' }),
    );
  } catch (error) {
    const reason = apiReason(error);
    if (reason !== 'NotFound' && reason !== 'Conflict') throw error;
  }
}
