import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, keyOf, type Stored } from '../context.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from './finalizers.ts';

const FINALIZER = 'kubernetes.io/pv-protection';

/**
 * Keeps a volume that is Bound from going when it is deleted: by its finalizer, added where it is missing.
 * Models pkg/controller/volume/pvprotection.
 */
export function startVolumeProtection(context: ControllerContext): void {
  if (!context.dependencies.rules.atLeast('1.10')) return;
  const queue = context.queue({ name: 'pv-protection', sync: (key) => sync(key) });
  const volumes = context.informer('PersistentVolume', ({ type, object }) => {
    if (type !== 'DELETED' && change(object)) queue.add(keyOf(object));
  });
  for (const volume of volumes.list()) if (change(volume)) queue.add(keyOf(volume));

  function sync(name: string): Operation | undefined {
    const volume = volumes.get(undefined, name);
    const changed = volume && change(volume);
    return changed && write(context, changed);
  }
}

/** The volume as it should be, or undefined when it is that. */
function change(volume: Stored<'PersistentVolume'>): Stored<'PersistentVolume'> | undefined {
  const has = hasFinalizer(volume, FINALIZER);
  if (!volume.metadata.deletionTimestamp) return has ? undefined : withFinalizer(volume, FINALIZER);
  if (!has || volume.status?.phase === 'Bound') return undefined;
  return withoutFinalizer(volume, FINALIZER);
}

function* write(context: ControllerContext, changed: Stored<'PersistentVolume'>): Operation {
  const { store } = context.dependencies;
  try {
    yield* context.write('UpdatePersistentVolume', changed, () => store.update(changed));
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}
