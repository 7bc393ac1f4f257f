import { quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { keyOf, type Stored } from '../context.ts';
import { hasAnnotation, PROVISIONED_BY } from './annotations.ts';
import type { Binder } from './binder.ts';
import { volumeModeOf } from './claims.ts';
import { withDeletionFinalizer } from './deletion-finalizer.ts';
import type { Reclaiming } from './reclaiming.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** What syncVolume works with. */
export interface VolumeSync {
  readonly binder: Binder;
  readonly reclaiming: Reclaiming;
  /** Puts a claim into its queue. */
  readonly enqueueClaim: (key: string) => void;
}

/**
 * One look at a volume: its phase, by what its claim says.
 * Models syncVolume of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export function* syncVolume(sync: VolumeSync, found: Volume): Operation {
  const { binder } = sync;
  const { rules } = binder.context.dependencies;
  const volume = yield* binder.setFinalizers(found, withDeletionFinalizer(found, rules));
  const uid = volume.spec.claimRef?.uid;
  if (!uid) {
    yield* binder.setVolumePhase(volume, 'Available');
    return;
  }
  const claim = claimOf(binder, volume);
  if (claim?.metadata.uid !== uid) return yield* release(sync, volume);
  if (!claim.spec.volumeName) return waitForClaim(sync, volume, claim);
  if (claim.spec.volumeName === volume.metadata.name) {
    yield* binder.setVolumePhase(volume, 'Bound');
    return;
  }
  yield* boundElsewhere(sync, volume);
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
function* boundElsewhere(sync: VolumeSync, volume: Volume): Operation {
  const dynamic = hasAnnotation(volume, PROVISIONED_BY);
  if (dynamic && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
    return yield* release(sync, volume);
  }
  yield* sync.binder.unbind(volume);
}

/** The claim is gone: the volume is Released, and Failed stays Failed. */
function* release({ binder, reclaiming }: VolumeSync, volume: Volume): Operation {
  const released =
    volume.status?.phase === 'Failed' ? volume : yield* binder.setVolumePhase(volume, 'Released');
  yield* reclaiming.reclaim(released);
}
