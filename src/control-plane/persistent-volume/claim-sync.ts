import { OperationError, quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { keyOf, type Stored } from '../context.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  hasAnnotation,
  hasClass,
  SELECTED_NODE,
} from './annotations.ts';
import type { Binder } from './binder.ts';
import { isDelayed, refersTo } from './claims.ts';
import { findMatch, mismatch } from './matching.ts';
import type { Provisioning } from './provisioning.ts';
import type { StorageClasses } from './storage-classes.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/** What syncClaim works with. */
export interface ClaimSync {
  readonly binder: Binder;
  readonly classes: StorageClasses;
  readonly provisioning: Provisioning;
  /** Pods that use a claim and have no node, by name. */
  readonly unscheduledPods: (claim: Claim) => readonly string[];
}

/**
 * One look at a claim: binds it, or says why it waits, or that its volume is lost.
 * Models syncClaim of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export function* syncClaim(sync: ClaimSync, claim: Claim): Operation {
  if (hasAnnotation(claim, BIND_COMPLETED)) return yield* syncCompleted(sync, claim);
  if (claim.spec.volumeName) return yield* syncNamed(sync, claim, claim.spec.volumeName);
  yield* syncFree(sync, claim);
}

/** The claim names no volume: takes one that matches, or has one made. */
function* syncFree(sync: ClaimSync, claim: Claim): Operation {
  const { binder, classes, provisioning } = sync;
  const { rules } = binder.context.dependencies;
  const chosen = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
  const waits = isDelayed(claim, classes);
  // Until 1.15 a claim that was to get a new volume could still be given one that happened to fit, on whatever node.
  const delayed = waits && !(chosen && rules.before('1.16'));
  const match = findMatch(claim, binder.volumes.list(), { rules, delayed });
  if (match) return yield* bindFound(sync, match, claim);
  const fallback = hasClass(claim) ? undefined : classes.retroactiveDefault();
  if (fallback) return yield* setClass(sync, claim, fallback.metadata.name);
  if (waits && !chosen) {
    binder.event(claim, 'Normal', ...waitingFor(sync, claim));
  } else if (classes.of(claim) !== '') {
    return yield* provisioning.provision(claim);
  } else {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    binder.event(claim, 'Normal', 'FailedBinding', message);
  }
  yield* binder.setClaimPhase(claim, 'Pending');
}

/** What was provisioned for it is counted as done, or as failed once more. */
function* bindFound({ binder }: ClaimSync, volume: Volume, claim: Claim): Operation {
  const { metrics } = binder.context.dependencies;
  const key = keyOf(claim);
  try {
    yield* binder.bind(volume, claim);
  } catch (error) {
    metrics?.volumes.failed(key);
    throw error;
  }
  metrics?.volumes.done(key, binder.context.now);
}

function* setClass({ binder }: ClaimSync, claim: Claim, name: string): Operation {
  const { metrics } = binder.context.dependencies;
  try {
    yield* binder.setClass(claim, name);
  } catch (error) {
    metrics?.volumes.classSet(true);
    throw error;
  }
  metrics?.volumes.classSet(false);
}

function waitingFor({ binder, unscheduledPods }: ClaimSync, claim: Claim): [string, string] {
  const pods = binder.context.dependencies.rules.atLeast('1.20') ? unscheduledPods(claim) : [];
  if (pods.length === 0) {
    return ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
  }
  const noun = pods.length === 1 ? 'pod' : 'pods';
  return ['WaitForPodScheduled', `waiting for ${noun} ${pods.join(',')} to be scheduled`];
}

/** The claim names a volume, but they are not bound yet. */
function* syncNamed({ binder }: ClaimSync, claim: Claim, name: string): Operation {
  const volume = binder.volumes.get(undefined, name);
  if (!volume) {
    yield* binder.setClaimPhase(claim, 'Pending');
  } else if (!volume.spec.claimRef) {
    yield* bindIfSuitable(binder, volume, claim);
  } else if (refersTo(volume, claim)) {
    yield* binder.bind(volume, claim);
  } else {
    yield* foreign(binder, volume, claim);
  }
}

function* bindIfSuitable(binder: Binder, volume: Volume, claim: Claim): Operation {
  const why = mismatch(volume, claim);
  if (why === undefined) return yield* binder.bind(volume, claim);
  const message = `Cannot bind to requested volume ${quoted(volume.metadata.name)}: ${why}`;
  const oldMessage =
    "Volume's size is smaller than requested or volume's class does not match with claim";
  if (binder.context.dependencies.rules.before('1.9')) {
    binder.event(volume, 'Warning', 'VolumeMismatch', oldMessage);
  } else {
    binder.event(claim, 'Warning', 'VolumeMismatch', message);
  }
  yield* binder.setClaimPhase(claim, 'Pending');
}

/** The volume belongs to another claim. */
function* foreign(binder: Binder, volume: Volume, claim: Claim): Operation {
  const name = quoted(volume.metadata.name);
  const message = `volume ${name} already bound to a different claim.`;
  if (binder.context.dependencies.rules.atLeast('1.20')) {
    binder.event(claim, 'Warning', 'FailedBinding', message);
  }
  if (!hasAnnotation(claim, BOUND_BY_CONTROLLER)) {
    yield* binder.setClaimPhase(claim, 'Pending');
    return;
  }
  const { namespace, name: owner } = volume.spec.claimRef ?? {};
  const id = quoted(`${claim.metadata.namespace}/${claim.metadata.name}`);
  throw new OperationError(
    `invalid binding of claim ${id} to volume ${name}: volume already claimed by ${quoted(`${namespace}/${owner}`)}`,
  );
}

/** The claim was bound: its volume must still say so. */
function* syncCompleted({ binder }: ClaimSync, claim: Claim): Operation {
  const name = claim.spec.volumeName;
  if (!name) return yield* lose(binder, claim, 'ClaimLost', LOST_REFERENCE);
  const volume = binder.volumes.get(undefined, name);
  if (!volume) return yield* lose(binder, claim, 'ClaimLost', LOST_VOLUME);
  const { claimRef } = volume.spec;
  if (!claimRef || claimRef.uid === claim.metadata.uid) return yield* binder.bind(volume, claim);
  yield* lose(binder, claim, 'ClaimMisbound', MISBOUND);
}

const LOST_REFERENCE =
  'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
const LOST_VOLUME = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
const MISBOUND = 'Two claims are bound to the same volume, this one is bound incorrectly';

function* lose(binder: Binder, claim: Claim, reason: string, message: string): Operation {
  const changed = yield* binder.setClaimPhase(claim, 'Lost');
  if (changed) binder.event(claim, 'Warning', reason, message);
}
