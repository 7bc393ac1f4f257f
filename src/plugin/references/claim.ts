import type { PersistentVolume, PersistentVolumeClaim } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import type { ObjectReader } from '../types.ts';

/**
 * Whether a claim that is being deleted may be used: never, as long as its finalizer keeps it for pods that have it, or as if
 * it were not.
 */
export type BeingDeleted = 'refused' | 'unless protected' | 'allowed';

const PROTECTION = 'kubernetes.io/pvc-protection';

/**
 * A claim that a Pod may use: bound, and not being deleted. Throws an OperationError with upstream's reason.
 * Models getPVCExtractPV of pkg/kubelet/volumemanager/populator, and getPVCFromCacheExtractPV of
 * pkg/controller/volume/attachdetach/util, which does not ask whether it is being deleted.
 */
export function boundClaim(
  objects: ObjectReader,
  namespace: string,
  name: string,
  beingDeleted: BeingDeleted = 'refused',
): DeepReadonly<PersistentVolumeClaim> {
  const claim = fetch<PersistentVolumeClaim>(objects, 'PersistentVolumeClaim', namespace, name);
  if (claim instanceof Error) {
    throw new OperationError(`failed to fetch PVC from API server: ${claim.message}`);
  }
  const { deletionTimestamp, finalizers = [] } = claim.metadata;
  const kept =
    beingDeleted === 'allowed' ||
    (beingDeleted === 'unless protected' && finalizers.includes(PROTECTION));
  if (deletionTimestamp && !kept) throw new OperationError('PVC is being deleted');
  if (claim.status?.phase !== 'Bound') throw new OperationError('PVC is not bound');
  if (!claim.spec.volumeName) throw new OperationError('PVC has empty pvc.Spec.VolumeName');
  return claim;
}

/**
 * The volume that a claim is bound to, if it says the same. Models getPVSpec of pkg/kubelet/volumemanager/populator.
 */
export function volumeOfClaim(
  objects: ObjectReader,
  claim: DeepReadonly<PersistentVolumeClaim>,
): DeepReadonly<PersistentVolume> {
  const name = claim.spec.volumeName ?? '';
  const volume = fetch<PersistentVolume>(objects, 'PersistentVolume', undefined, name);
  if (volume instanceof Error) {
    throw new OperationError(`failed to fetch PV ${name} from API server: ${volume.message}`);
  }
  const reference = volume.spec.claimRef;
  if (!reference) {
    throw new OperationError(
      `found PV object ${name} but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`,
    );
  }
  if (reference.uid !== claim.metadata.uid) {
    throw new OperationError(
      `found PV object ${name} but its pv.Spec.ClaimRef.UID ${reference.uid ?? ''} does not point to claim.UID ${claim.metadata.uid ?? ''}`,
    );
  }
  return volume;
}

const RESOURCES: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
};

/** The object, or the error that the API server gives. */
function fetch<Kind>(
  objects: ObjectReader,
  kind: string,
  namespace: string | undefined,
  name: string,
): DeepReadonly<Kind> | Error {
  try {
    const found = objects.get(kind, namespace, name);
    if (found !== undefined) return found as DeepReadonly<Kind>;
  } catch (error) {
    return new OperationError(messageOf(error), { cause: error });
  }
  return new OperationError(`${RESOURCES[kind]} "${name}" not found`, { code: 'NotFound' });
}
