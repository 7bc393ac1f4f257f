import type { Stored } from '../context.ts';
import { BIND_COMPLETED, classOf, hasAnnotation } from './annotations.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** Names a volume and has gone through binding. The phase does not matter. */
export function isFullyBound(claim: Claim): boolean {
  return !!claim.spec.volumeName && hasAnnotation(claim, BIND_COMPLETED);
}

/** Its class says WaitForFirstConsumer, and it names no volume. */
export function isDelayed(
  claim: Claim,
  classes: { storageClass(name: string): Stored<'StorageClass'> | undefined },
): boolean {
  if (claim.spec.volumeName) return false;
  return classes.storageClass(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** The volume's claimRef names this claim, with its uid or none. Models IsVolumeBoundToClaim. */
export function refersTo({ spec }: Volume, { metadata }: Claim): boolean {
  const { claimRef } = spec;
  if (!claimRef) return false;
  if (claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** Filesystem unless said. */
export function volumeModeOf({ spec }: Claim | Volume): string {
  return spec.volumeMode ?? 'Filesystem';
}
