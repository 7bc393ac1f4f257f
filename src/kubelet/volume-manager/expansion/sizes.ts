import type { PersistentVolumeClaim } from '../../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../../base/index.ts';
import { amountOf, type VolumeSpec } from '../../../plugin/index.ts';
import type { ActualVolume } from '../actual-state-of-world.ts';
import type { DesiredVolume } from '../desired-state-of-world.ts';
import type { Environment } from '../environment.ts';

/** The node has a part in making a volume larger. Models checkIfSupportsNodeExpansion. */
export function growsOnNode({ plugin }: Pick<ActualVolume, 'plugin'>, spec: VolumeSpec): boolean {
  return plugin.expander?.nodeExpand !== undefined && spec.persistentVolume !== undefined;
}

/** The claim that a PersistentVolume is bound to. Throws an OperationError when there is none. */
export function claimOf(
  { context }: Environment,
  spec: VolumeSpec,
): DeepReadonly<PersistentVolumeClaim> {
  const { namespace, name = '' } = spec.persistentVolume?.spec.claimRef ?? {};
  const claim = context.objects.get('PersistentVolumeClaim', namespace, name);
  if (claim) return claim as DeepReadonly<PersistentVolumeClaim>;
  throw new OperationError(
    `mountVolume.NodeExpandVolume get PVC failed : persistentvolumeclaims "${name}" not found`,
  );
}

/** What the node has of a volume is as large as its claim says, as long as nobody knows better. Models InitializeClaimSize. */
export function initializeClaimSize(
  environment: Environment,
  name: string,
  spec: VolumeSpec,
): void {
  const volume = environment.actual.volumes.get(name);
  if (!volume || volume.size !== undefined || !growsOnNode(volume, spec)) return;
  const { namespace, name: claimName = '' } = spec.persistentVolume?.spec.claimRef ?? {};
  const claim = environment.context.objects.get('PersistentVolumeClaim', namespace, claimName) as
    | DeepReadonly<PersistentVolumeClaim>
    | undefined;
  volume.size = claim?.status?.capacity?.storage;
}

/**
 * A Pod was looked at again: its volume may have grown meanwhile. Models checkVolumeFSResize of
 * pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go.
 */
export function noticeGrowth(
  environment: Environment,
  volume: DesiredVolume,
  spec: VolumeSpec,
): void {
  if (!growsOnNode(volume, spec) || spec.readOnly) return;
  if (!canGrowInUse(environment)) return;
  volume.size = spec.persistentVolume?.spec.capacity?.storage;
  initializeClaimSize(environment, volume.name, spec);
}

/** What a volume that is in use has to grow to. Models volumeNeedsExpansion of cache/actual_state_of_world.go. */
export function growthInUse(
  environment: Environment,
  volume: ActualVolume,
  desired: DesiredVolume,
): string | undefined {
  if (volume.inUseErrorForExpansion || volume.size === undefined) return undefined;
  if (volume.plugin.expander?.nodeExpand === undefined) return undefined;
  if (!canGrowInUse(environment)) return undefined;
  return amountOf(desired.size) > amountOf(volume.size) ? desired.size : undefined;
}

function canGrowInUse({ context: { rules } }: Environment): boolean {
  return rules.gate('ExpandInUsePersistentVolumes');
}
