import { quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { keyOf, type Stored } from '../context.ts';
import { hasAnnotation, MIGRATED_TO, PROVISIONED_BY } from './annotations.ts';
import type { Binder } from './binder.ts';
import { volumeModeOf } from './claims.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** What syncVolume works with. */
export interface VolumeSync {
  readonly binder: Binder;
  /** Puts a claim into its queue. */
  readonly enqueueClaim: (key: string) => void;
}

/**
 * One look at a volume: its phase, by what its claim says.
 * Models syncVolume of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export function* syncVolume(sync: VolumeSync, volume: Volume): Operation {
  const { binder } = sync;
  const uid = volume.spec.claimRef?.uid;
  if (!uid) {
    yield* binder.setVolumePhase(volume, 'Available');
    return;
  }
  const claim = claimOf(binder, volume);
  if (claim?.metadata.uid !== uid) return yield* release(binder, volume);
  if (!claim.spec.volumeName) return waitForClaim(sync, volume, claim);
  if (claim.spec.volumeName === volume.metadata.name) {
    yield* binder.setVolumePhase(volume, 'Bound');
    return;
  }
  yield* boundElsewhere(binder, volume);
}

/** From the cache; when that does not know it, or another one, from the API server. */
function claimOf({ claims, context }: Binder, volume: Volume): Claim | undefined {
  const { namespace = '', name = '', uid } = volume.spec.claimRef ?? {};
  const cached = claims.get(namespace, name);
  if (cached?.metadata.uid === uid) return cached;
  const live = context.dependencies.store.get('PersistentVolumeClaim', namespace, name);
  return live as Claim | undefined;
}

/** The claim has yet to name the volume. */
function waitForClaim({ binder, enqueueClaim }: VolumeSync, volume: Volume, claim: Claim): void {
  if (volumeModeOf(volume) === volumeModeOf(claim)) return enqueueClaim(keyOf(claim));
  const { name: volumeName } = volume.metadata;
  const { name: claimName } = claim.metadata;
  binder.event(
    volume,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${quoted(claimName)} due to incompatible volumeMode.`,
  );
  binder.event(
    claim,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume ${quoted(volumeName)} to requested PersistentVolumeClaim due to incompatible volumeMode.`,
  );
}

/** The claim took another volume. One that was made for it is given up, any other is free again. */
function* boundElsewhere(binder: Binder, volume: Volume): Operation {
  const dynamic = hasAnnotation(volume, PROVISIONED_BY);
  if (dynamic && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
    return yield* release(binder, volume);
  }
  yield* binder.unbind(volume);
}

/** The claim is gone: the volume is Released, and Failed stays Failed. */
function* release(binder: Binder, volume: Volume): Operation {
  const released =
    volume.status?.phase === 'Failed' ? volume : yield* binder.setVolumePhase(volume, 'Released');
  yield* reclaim(binder, released);
}

const POLICIES: readonly string[] = ['Retain', 'Delete', 'Recycle'];

/** What becomes of a released volume, by its policy. Models reclaimVolume. */
function* reclaim(binder: Binder, volume: Volume): Operation {
  if (hasAnnotation(volume, MIGRATED_TO)) return;
  const policy = volume.spec.persistentVolumeReclaimPolicy ?? 'Retain';
  if (POLICIES.includes(policy)) return;
  const message = 'Volume has unrecognized PersistentVolumeReclaimPolicy';
  const failed = volume.status?.phase === 'Failed';
  yield* binder.setVolumePhase(volume, 'Failed', message);
  if (!failed) binder.event(volume, 'Warning', 'VolumeUnknownReclaimPolicy', message);
}
