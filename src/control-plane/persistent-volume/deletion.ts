import { messageOf, OperationError, quoted } from '../../base/index.ts';
import { persistentSpec, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';
import { type Operation, stepOf } from '../../sim/index.ts';
import { apiReason, isSimulated, type Stored } from '../context.ts';
import { hasFinalizer, withoutFinalizer } from '../protection/finalizers.ts';
import { classOf, PROVISIONED_BY } from './annotations.ts';
import type { Binder } from './binder.ts';
import { countedOperation } from './counted-operation.ts';
import { IN_TREE_FINALIZER } from './deletion-finalizer.ts';
import { isReleased } from './released.ts';

type Volume = Stored<'PersistentVolume'>;

/** The code of the error of a deleter whose volume is still attached or mounted somewhere: it is tried again. */
const IN_USE = 'InUse';

/**
 * Deletes what a released volume stands for, and then the volume. Throws an OperationError when that fails; the volume is
 * Failed then. Models deleteVolumeOperation of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export function* deleteVolume(binder: Binder, name: string): Operation {
  const { store, rules } = binder.context.dependencies;
  const volume = store.get('PersistentVolume', undefined, name);
  if (!volume) return;
  if (volume.metadata.deletionTimestamp && !rules.gate('HonorPVReclaimPolicy')) return;
  if (!isReleased(binder, volume)) return;
  try {
    if (!(yield* deleteStorage(binder, volume))) return;
  } catch (error) {
    if (!isSimulated(error)) throw error;
    yield* sayFailed(binder, volume, error);
    throw error;
  }
  yield* deleteObject(binder, volume);
}

/** Whether it was deleted: false where that is left to others. */
export function* deleteStorage(
  { context }: Binder,
  volume: Stored<'PersistentVolume'>,
): Operation<boolean> {
  const { host, plugins } = context.dependencies;
  const spec = persistentSpec(volume, false, plugins);
  const plugin = deletablePlugin(plugins, spec);
  const node = host?.();
  if (!plugin?.deleter || !node) return false;
  const { deleter } = plugin;
  yield* countedOperation(context, 'volume_delete', plugin.name, () =>
    stepOf('Delete', { volume: volume.metadata.name }, () => deleter.delete(spec, node)),
  );
  context.dependencies.simulation.trace.add('volume', {
    operation: 'Delete',
    volume: volume.metadata.name,
    plugin: plugin.name,
  });
  return true;
}

/** Who deletes it, as metrics say: the plugin, or the provisioner of its class. Models getProvisionerNameFromVolume. */
export function deleterName({ context }: Binder, volume: Volume): string {
  const { plugins, store } = context.dependencies;
  try {
    const plugin = deletablePlugin(plugins, persistentSpec(volume, false, plugins));
    if (plugin) return plugin.name;
  } catch {
    return 'N/A';
  }
  return store.get('StorageClass', undefined, classOf(volume))?.provisioner ?? 'N/A';
}

/** The one that provisioned it, else by its source; undefined when it was somebody else. Models findDeletablePlugin. */
function deletablePlugin(
  plugins: Binder['context']['dependencies']['plugins'],
  spec: VolumeSpec,
): VolumePlugin | undefined {
  const { metadata, spec: fields } = spec.persistentVolume ?? {};
  const provisioner = metadata?.annotations?.[PROVISIONED_BY];
  if (provisioner) {
    if (!plugins.find(provisioner) && !provisioner.startsWith('kubernetes.io/')) return undefined;
    return demandDeleter(plugins.byName(provisioner));
  }
  if (fields && 'csi' in fields) return undefined;
  try {
    return demandDeleter(plugins.bySpec(spec));
  } catch (error) {
    const name = quoted(metadata?.name ?? '');
    throw new OperationError(
      `error getting deleter volume plugin for volume ${name}: ${messageOf(error)}`,
    );
  }
}

function demandDeleter(plugin: VolumePlugin): VolumePlugin {
  if (plugin.deleter) return plugin;
  throw new OperationError('no deletable volume plugin matched');
}

function* sayFailed(binder: Binder, volume: Volume, error: unknown): Operation {
  const message = messageOf(error);
  if (error instanceof OperationError && error.code === IN_USE) {
    binder.event(volume, 'Normal', 'VolumeDelete', message);
    return;
  }
  yield* binder.failVolume(volume, 'VolumeFailedDelete', message);
}

/** First its finalizer: with it, the object would stay. */
function* deleteObject({ context, volumes }: Binder, deleted: Volume): Operation {
  const { store } = context.dependencies;
  const { name } = deleted.metadata;
  const volume = store.get('PersistentVolume', undefined, name);
  if (volume && hasFinalizer(volume, IN_TREE_FINALIZER)) {
    const freed = withoutFinalizer(volume, IN_TREE_FINALIZER);
    const written = yield* context.write('UpdatePersistentVolume', freed, () =>
      store.update(freed),
    );
    volumes.keep(written);
  }
  try {
    yield* context.write('DeletePersistentVolume', deleted, () =>
      store.delete('PersistentVolume', undefined, name),
    );
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}
