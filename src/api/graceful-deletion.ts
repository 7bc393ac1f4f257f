import { rfc3339 } from '../base/index.ts';
import type { StoredObject } from './objects.ts';
import type { ObjectMeta, Pod } from './types.ts';

/** How an object is deleted. Models metav1.DeleteOptions. */
export interface DeletionOptions {
  /** Default: the Pod's own. Other kinds have no grace period. */
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: {
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
  /** Default Background. The others leave a finalizer for the garbage collector. */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
}

const [FOREGROUND, ORPHAN] = ['foregroundDeletion', 'orphan'];

/**
 * What a deletion makes of an object: its metadata marked, `same` when it is being deleted already and nothing changes, or
 * `gone`. Models BeforeDelete of apiserver's registry/rest/delete.go and the pod strategy's CheckGracefulDelete.
 */
export function deletionOf(
  object: StoredObject,
  options: DeletionOptions,
  now: number,
): ObjectMeta | 'same' | 'gone' {
  const metadata = withPropagation(object.metadata as ObjectMeta, options);
  const pending = metadata.deletionTimestamp !== undefined;
  const grace = pending ? shorter(metadata, options) : graceOf(object, options);
  const held = (metadata.finalizers?.length ?? 0) > 0 || isHeldNamespace(object);
  if (grace === undefined) {
    if (metadata === object.metadata) return 'same';
    return held || metadata.deletionGracePeriodSeconds ? metadata : 'gone';
  }
  if (grace === 0 && !held) return 'gone';
  if (pending && metadata.deletionGracePeriodSeconds === grace) return 'same';
  const from = pending
    ? new Date(metadata.deletionTimestamp ?? 0).getTime() -
      1000 * (metadata.deletionGracePeriodSeconds ?? 0)
    : now;
  const marked: ObjectMeta = {
    ...metadata,
    deletionTimestamp: rfc3339(from + 1000 * grace),
    deletionGracePeriodSeconds: grace,
  };
  if (!pending && metadata.generation) marked.generation = metadata.generation + 1;
  return marked;
}

/** Whether an object that is being deleted has nothing left that holds it. */
export function isReleased(object: StoredObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (deletionTimestamp === undefined || (deletionGracePeriodSeconds ?? 0) > 0) return false;
  return (finalizers?.length ?? 0) === 0 && !isHeldNamespace(object);
}

function isHeldNamespace(object: StoredObject): boolean {
  if (object.kind !== 'Namespace') return false;
  const spec = object['spec'] as { finalizers?: readonly string[] } | undefined;
  return (spec?.finalizers?.length ?? 0) > 0;
}

/** With the finalizer that makes the garbage collector do what is asked for; without one the object keeps what it has. */
function withPropagation(metadata: ObjectMeta, { propagationPolicy }: DeletionOptions): ObjectMeta {
  if (propagationPolicy === undefined) return metadata;
  const { finalizers = [], ...rest } = metadata;
  const others = finalizers.filter((one) => one !== FOREGROUND && one !== ORPHAN);
  if (propagationPolicy === 'Orphan') others.push(ORPHAN);
  if (propagationPolicy === 'Foreground') others.push(FOREGROUND);
  const isSame =
    others.length === finalizers.length && others.every((one) => finalizers.includes(one));
  if (isSame) return metadata;
  return others.length > 0 ? { ...rest, finalizers: others } : rest;
}

/** A deletion under way may only be made shorter. */
function shorter(metadata: ObjectMeta, options: DeletionOptions): number | undefined {
  const before = metadata.deletionGracePeriodSeconds ?? 0;
  const wanted = options.gracePeriodSeconds;
  return wanted !== undefined && wanted < before ? Math.max(wanted, 0) : undefined;
}

function graceOf(object: StoredObject, { gracePeriodSeconds }: DeletionOptions): number {
  if (object.kind !== 'Pod') return 0;
  const { spec, status } = object as unknown as Pod;
  if (!spec.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  const period = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return period < 0 ? 1 : period;
}
