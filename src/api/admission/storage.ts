import { compare, compareQuantities, type DeepReadonly } from '../../base/index.ts';
import { ApiError } from '../api-error.ts';
import type { PersistentVolumeClaim, StorageClass } from '../types.ts';
import type { AdmissionContext } from './index.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const CLAIMS = 'persistentvolumeclaims';

/** Whether it is marked as the class of claims that name none. */
export function isDefaultClass({ metadata }: DeepReadonly<StorageClass>): boolean {
  return DEFAULT_CLASS.some((name) => metadata.annotations?.[name] === 'true');
}

/** A claim without a class gets the default one. Models plugin/pkg/admission/storage/storageclass/setdefault. */
export function admitStorageClass(
  { metadata, spec }: PersistentVolumeClaim,
  { store, rules }: AdmissionContext,
): void {
  if (spec.storageClassName !== undefined) return;
  if (metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
  const defaults = store.list('StorageClass').filter(isDefaultClass);
  if (defaults.length > 1 && rules.before('1.26')) {
    const why = `Internal error occurred: ${defaults.length} default StorageClasses were found`;
    throw ApiError.forbidden(CLAIMS, metadata.name ?? '', why);
  }
  const [newest] = defaults.sort((a, b) => {
    const [left, right] = [a.metadata, b.metadata];
    return (
      compare(right.creationTimestamp, left.creationTimestamp) || compare(left.name, right.name)
    );
  });
  if (newest) spec.storageClassName = newest.metadata.name;
}

/** Only a bound claim of a class that allows it may grow. Models plugin/pkg/admission/storage/persistentvolume/resize. */
export function admitResize(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  { store, rules }: AdmissionContext,
): void {
  if (!rules.gate('ExpandPersistentVolumes')) return;
  const [before, now] = [requestOf(old), requestOf(claim)];
  if (compareQuantities(now, before) <= 0) return;
  if (old.status?.phase !== 'Bound') {
    const why = 'Only bound persistent volume claims can be expanded';
    throw ApiError.forbidden(CLAIMS, claim.metadata.name, why);
  }
  const name = claim.metadata.annotations?.[CLASS_ANNOTATION] ?? claim.spec.storageClassName;
  const storageClass = name ? store.get('StorageClass', undefined, name) : undefined;
  if (storageClass?.allowVolumeExpansion) return;
  const why =
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
  throw ApiError.forbidden(CLAIMS, claim.metadata.name, why);
}

function requestOf({ spec }: PersistentVolumeClaim): string {
  return spec.resources?.requests?.['storage'] ?? '0';
}
