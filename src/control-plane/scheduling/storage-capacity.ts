import type { VersionRules } from '../../api/index.ts';
import { amountOf } from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import { matchesSelector, requestOf } from '../persistent-volume/matching.ts';
import type { VolumeLister } from './volume-filters.ts';

/**
 * Whether a driver that says how much room it has can make a volume for the claim where the node has access. Others are not
 * asked. Models hasEnoughCapacity of pkg/scheduler/framework/plugins/volumebinding/binder.go.
 */
export function hasEnoughCapacity(
  claim: Stored<'PersistentVolumeClaim'>,
  { metadata, provisioner }: Stored<'StorageClass'>,
  node: Stored<'Node'>,
  lister: VolumeLister,
  rules: VersionRules,
): boolean {
  if (!rules.gate('CSIStorageCapacity')) return true;
  if (!lister.csiDriver(provisioner)?.spec.storageCapacity) return true;
  const wanted = requestOf(claim);
  return lister
    .storageCapacities()
    .filter(({ storageClassName }) => storageClassName === metadata.name)
    .some((place) => roomOf(place) >= wanted && reaches(place, node));
}

/** For one volume. */
function roomOf({ capacity, maximumVolumeSize }: Stored<'CSIStorageCapacity'>): number {
  const limit = maximumVolumeSize ?? capacity;
  return limit === undefined ? Number.NEGATIVE_INFINITY : amountOf(limit);
}

function reaches(
  { nodeTopology }: Stored<'CSIStorageCapacity'>,
  { metadata }: Stored<'Node'>,
): boolean {
  return nodeTopology !== undefined && matchesSelector(nodeTopology, metadata.labels);
}
