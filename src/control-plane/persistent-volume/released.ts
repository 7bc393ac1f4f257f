import type { Stored } from '../context.ts';
import type { Binder } from './binder.ts';

/** Its claim is gone, or took another volume. Models isVolumeReleased. */
export function isReleased({ claims }: Binder, volume: Stored<'PersistentVolume'>): boolean {
  const { claimRef } = volume.spec;
  if (!claimRef?.uid) return false;
  const claim = claims.get(claimRef.namespace, claimRef.name ?? '');
  if (claim?.metadata.uid !== claimRef.uid) return true;
  const { volumeName } = claim.spec;
  return !!volumeName && volumeName !== volume.metadata.name;
}
