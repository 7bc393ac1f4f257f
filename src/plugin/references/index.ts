import type { PersistentVolumeClaim, Pod, Volume } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import type { PluginRegistry } from '../registry.ts';
import type { ObjectReader, VolumeSpec } from '../types.ts';
import { inlineSpec, persistentSpec } from '../volume-spec.ts';
import { type BeingDeleted, boundClaim, volumeOfClaim } from './claim.ts';
import { checkVolumeMode } from './volume-mode.ts';

export { containersOf, volumeModeOf } from './volume-mode.ts';

/** The claim that a volume of a Pod stands for, or undefined: what it is called, and how it is used. */
export interface ClaimReference {
  readonly claimName: string;
  readonly readOnly: boolean;
  /** The claim belongs to this Pod: a generic ephemeral volume. */
  readonly ephemeral: boolean;
}

/** The claim behind a volume, for `persistentVolumeClaim` and `ephemeral`. */
export function claimReference(
  pod: DeepReadonly<Pod>,
  volume: DeepReadonly<Volume>,
): ClaimReference | undefined {
  const { persistentVolumeClaim: claim, ephemeral } = volume;
  if (claim) {
    return { claimName: claim.claimName, readOnly: claim.readOnly ?? false, ephemeral: false };
  }
  if (!ephemeral) return undefined;
  const claimName = `${pod.metadata.name ?? ''}-${volume.name}`;
  return { claimName, readOnly: false, ephemeral: true };
}

/**
 * What a volume of a Pod is in the end: itself, or the PersistentVolume behind its claim. Throws an OperationError with
 * upstream's reason. Models createVolumeSpec of pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go.
 */
export function resolveVolumeSpec(
  pod: DeepReadonly<Pod>,
  volume: DeepReadonly<Volume>,
  objects: ObjectReader,
  plugins: PluginRegistry,
  beingDeleted?: BeingDeleted,
): VolumeSpec {
  const reference = claimReference(pod, volume);
  const spec = specBehind(pod, volume, reference, { objects, plugins, beingDeleted });
  checkVolumeMode(pod, volume.name, spec);
  return spec;
}

/**
 * The same for what only attaches volumes: neither a claim that is being deleted nor how containers have the volume matters.
 * Models CreateVolumeSpec of pkg/controller/volume/attachdetach/util.
 */
export function resolveAttachedSpec(
  pod: DeepReadonly<Pod>,
  volume: DeepReadonly<Volume>,
  objects: ObjectReader,
  plugins: PluginRegistry,
): VolumeSpec {
  const resolving = { objects, plugins, beingDeleted: 'allowed' } as const;
  return specBehind(pod, volume, claimReference(pod, volume), resolving);
}

function specBehind(
  pod: DeepReadonly<Pod>,
  volume: DeepReadonly<Volume>,
  reference: ClaimReference | undefined,
  resolving: Resolving,
): VolumeSpec {
  return reference ? claimedSpec(pod, reference, resolving) : inlineSpec(volume, resolving.plugins);
}

interface Resolving {
  readonly objects: ObjectReader;
  readonly plugins: PluginRegistry;
  readonly beingDeleted: BeingDeleted | undefined;
}

function claimedSpec(
  pod: DeepReadonly<Pod>,
  { claimName, readOnly, ephemeral }: ClaimReference,
  { objects, plugins, beingDeleted }: Resolving,
): VolumeSpec {
  const namespace = pod.metadata.namespace ?? '';
  const processing = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      const message = `error processing PVC ${namespace}/${claimName}: ${messageOf(error)}`;
      throw new OperationError(message, { cause: error });
    }
  };
  const claim = processing(() => boundClaim(objects, namespace, claimName, beingDeleted));
  if (ephemeral) checkOwner(pod, claim);
  const persistent = processing(() => volumeOfClaim(objects, claim));
  return persistentSpec(persistent, readOnly, plugins);
}

/** Models k8s.io/component-helpers storage/ephemeral VolumeIsForPod. */
function checkOwner(pod: DeepReadonly<Pod>, claim: DeepReadonly<PersistentVolumeClaim>): void {
  const owners = claim.metadata.ownerReferences ?? [];
  if (owners.some(({ uid, controller }) => controller === true && uid === pod.metadata.uid)) return;
  const { namespace = '', name = '' } = claim.metadata;
  throw new OperationError(
    `PVC ${namespace}/${name} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`,
  );
}
