import { rfc3339 } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import {
  annotated,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  hasAnnotation,
  PRE_RESIZE_CAPACITY,
  SELECTED_NODE,
} from './annotations.ts';
import type { OwnCache } from './cache.ts';
import { claimedBy } from './claimed-by.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** Who reports the PV controller's events. */
const COMPONENT = 'persistentvolume-controller';

/**
 * The writes of the PV controller: each a step, none when nothing would change, each result kept in the controller's cache.
 * Models pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export class Binder {
  readonly context: ControllerContext;
  readonly claims: OwnCache<'PersistentVolumeClaim'>;
  readonly volumes: OwnCache<'PersistentVolume'>;

  constructor(
    context: ControllerContext,
    claims: OwnCache<'PersistentVolumeClaim'>,
    volumes: OwnCache<'PersistentVolume'>,
  ) {
    this.context = context;
    this.claims = claims;
    this.volumes = volumes;
  }

  /** Records an event on a claim or volume. */
  event(on: Claim | Volume, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.dependencies.events.event(COMPONENT, on, type, reason, message);
  }

  /** Binds in four writes: the volume's claimRef, its phase, the claim's volumeName, its phase. */
  *bind(volume: Volume, claim: Claim): Operation {
    const reserved = yield* this.#writeVolume(volume, claimedBy(volume, claim));
    const bound = yield* this.setVolumePhase(reserved, 'Bound');
    const named = yield* this.#writeClaim(claim, namedFor(claim, volume));
    yield* this.#setClaimBound(named, bound);
  }

  /** Takes the claimRef away; of one that the user wrote only the uid. Then the volume is Available. */
  *unbind(volume: Volume): Operation {
    const freed = yield* this.#writeVolume(volume, withoutClaim(volume));
    yield* this.setVolumePhase(freed, 'Available');
  }

  /** Writes a phase, with the message that goes with it, if it is another. */
  *setVolumePhase(volume: Volume, phase: string, message?: string): Operation<Volume> {
    if (volume.status?.phase === phase) return volume;
    const { message: _, phase: __, ...others } = volume.status ?? {};
    const { rules } = this.context.dependencies;
    const status = {
      ...others,
      phase,
      ...(message !== undefined && { message }),
      ...(rules.atLeast('1.29') && { lastPhaseTransitionTime: rfc3339(this.context.now) }),
    };
    return yield* this.#store('UpdatePersistentVolumeStatus', this.volumes, { ...volume, status });
  }

  /** Failed, with why; said once, until it is in another phase. */
  *failVolume(volume: Volume, reason: string, message: string): Operation<Volume> {
    if (volume.status?.phase === 'Failed') return volume;
    const failed = yield* this.setVolumePhase(volume, 'Failed', message);
    this.event(failed, 'Warning', reason, message);
    return failed;
  }

  /** Writes the finalizers of a volume. */
  *setFinalizers(volume: Volume, changed: Volume): Operation<Volume> {
    return yield* this.#writeVolume(volume, changed);
  }

  /** The scheduler may choose another node for a claim. */
  *reschedule(claim: Claim): Operation {
    if (!hasAnnotation(claim, SELECTED_NODE)) return;
    yield* this.#writeClaim(claim, annotated(claim, SELECTED_NODE, undefined));
  }

  /** Pending or Lost: without modes and capacity. Returns whether the phase changed. */
  *setClaimPhase(claim: Claim, phase: 'Pending' | 'Lost'): Operation<boolean> {
    const { status } = claim;
    const bare = !status?.accessModes?.length && !status?.capacity;
    if (status?.phase === phase && bare) return false;
    const {
      accessModes: _,
      capacity: __,
      currentVolumeAttributesClassName: ___,
      ...others
    } = status ?? {};
    const changed = { ...claim, status: { ...others, phase } };
    yield* this.#store('UpdatePersistentVolumeClaimStatus', this.claims, changed);
    return status?.phase !== phase;
  }

  /** Writes the class of a claim. */
  *setClass(claim: Claim, storageClassName: string): Operation {
    yield* this.#writeClaim(claim, { ...claim, spec: { ...claim.spec, storageClassName } });
  }

  /** Writes annotations of a claim, if any is new. */
  *annotateClaim(claim: Claim, annotations: Readonly<Record<string, string>>): Operation<Claim> {
    let marked = claim;
    for (const [name, value] of Object.entries(annotations)) {
      if (claim.metadata.annotations?.[name] !== value) marked = annotated(marked, name, value);
    }
    return yield* this.#writeClaim(claim, marked);
  }

  *#setClaimBound(claim: Claim, volume: Volume): Operation {
    const status = boundStatus(claim, volume);
    if (status === claim.status) return;
    yield* this.#store('UpdatePersistentVolumeClaimStatus', this.claims, { ...claim, status });
  }

  *#writeVolume(volume: Volume, changed: Volume): Operation<Volume> {
    if (changed === volume) return volume;
    return yield* this.#store('UpdatePersistentVolume', this.volumes, changed);
  }

  *#writeClaim(claim: Claim, changed: Claim): Operation<Claim> {
    if (changed === claim) return claim;
    return yield* this.#store('UpdatePersistentVolumeClaim', this.claims, changed);
  }

  *#store<K extends 'PersistentVolume' | 'PersistentVolumeClaim'>(
    name: string,
    cache: OwnCache<K>,
    changed: Stored<K>,
  ): Operation<Stored<K>> {
    const { store } = this.context.dependencies;
    const options = name.endsWith('Status') ? { subresource: 'status' as const } : {};
    const written = yield* this.context.write(name, changed, () => store.update(changed, options));
    return cache.keep(written as Stored<K>);
  }
}

/** The claim with its volumeName, marked as done. */
function namedFor(claim: Claim, volume: Volume): Claim {
  const { name } = volume.metadata;
  let named = claim;
  if (claim.spec.volumeName !== name) {
    named = annotated(
      { ...claim, spec: { ...claim.spec, volumeName: name } },
      BOUND_BY_CONTROLLER,
      'yes',
    );
  }
  return hasAnnotation(named, BIND_COMPLETED) ? named : annotated(named, BIND_COMPLETED, 'yes');
}

function withoutClaim(volume: Volume): Volume {
  const { claimRef, ...spec } = volume.spec;
  if (!claimRef) return volume;
  if (hasAnnotation(volume, BOUND_BY_CONTROLLER)) {
    return annotated({ ...volume, spec }, BOUND_BY_CONTROLLER, undefined);
  }
  const { uid, ...reference } = claimRef;
  return uid ? { ...volume, spec: { ...spec, claimRef: reference } } : volume;
}

/** The claim's status once bound; its own when that says all of it. Capacity only follows a change of phase. */
function boundStatus(claim: Claim, volume: Volume): Claim['status'] {
  const status = claim.status ?? {};
  const accessModes = volume.spec.accessModes;
  const sameModes = status.accessModes?.join() === accessModes?.join();
  if (status.phase === 'Bound' && sameModes) return claim.status;
  if (status.phase === 'Bound') return { ...status, accessModes };
  const storage = volume.metadata.annotations?.[PRE_RESIZE_CAPACITY];
  const capacity = { ...volume.spec.capacity, ...(storage !== undefined && { storage }) };
  const attributes = volume.spec.volumeAttributesClassName;
  return {
    ...status,
    phase: 'Bound',
    accessModes,
    capacity,
    ...(attributes && { currentVolumeAttributesClassName: attributes }),
  };
}
