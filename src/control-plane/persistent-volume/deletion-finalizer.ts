import type { VersionRules } from '../../api/index.ts';
import type { Stored } from '../context.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from '../protection/finalizers.ts';
import { MIGRATED_TO, PROVISIONED_BY } from './annotations.ts';

/** What this controller has to delete before the object may go. */
export const IN_TREE_FINALIZER = 'kubernetes.io/pv-controller';
const EXTERNAL_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

type Volume = Stored<'PersistentVolume'>;

/**
 * The volume with the finalizers that its reclaim policy asks for; itself when it has them. Only volumes that an in-tree plugin
 * provisioned have any of this controller. Models modifyDeletionFinalizers of pv_controller_base.go.
 */
export function withDeletionFinalizer(volume: Volume, rules: VersionRules): Volume {
  if (!rules.gate('HonorPVReclaimPolicy')) return volume;
  const { annotations } = volume.metadata;
  if (!annotations?.[PROVISIONED_BY]?.startsWith('kubernetes.io/')) return volume;
  const migrated = annotations[MIGRATED_TO] !== undefined;
  const wanted = !migrated && volume.spec.persistentVolumeReclaimPolicy === 'Delete';
  let changed = volume;
  if (wanted && !hasFinalizer(volume, IN_TREE_FINALIZER) && !volume.metadata.deletionTimestamp) {
    changed = withFinalizer(changed, IN_TREE_FINALIZER);
  }
  if (!wanted) changed = without(changed, IN_TREE_FINALIZER);
  return migrated ? changed : without(changed, EXTERNAL_FINALIZER);
}

function without(volume: Volume, finalizer: string): Volume {
  return hasFinalizer(volume, finalizer) ? withoutFinalizer(volume, finalizer) : volume;
}
