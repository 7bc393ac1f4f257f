import type { Stored } from '../context.ts';
import { annotated, BOUND_BY_CONTROLLER } from './annotations.ts';
import { refersTo } from './claims.ts';

/**
 * The volume with a claimRef to the claim; the volume itself when it has that already. A volume that the user had reserved
 * does not become one that the controller bound. Models GetBindVolumeToClaim of component-helpers/storage/volume.
 */
export function claimedBy(
  volume: Stored<'PersistentVolume'>,
  claim: Stored<'PersistentVolumeClaim'>,
): Stored<'PersistentVolume'> {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const { claimRef } = volume.spec;
  if (claimRef?.uid === uid && refersTo(volume, claim)) return volume;
  const owned = refersTo(volume, claim) ? volume : annotated(volume, BOUND_BY_CONTROLLER, 'yes');
  const reference = {
    kind: 'PersistentVolumeClaim',
    namespace,
    name,
    uid,
    apiVersion: 'v1',
    resourceVersion,
  };
  return { ...owned, spec: { ...owned.spec, claimRef: reference } };
}
