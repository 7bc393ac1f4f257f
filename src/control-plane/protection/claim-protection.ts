import type { InformerEvent } from '../../api/informer.ts';
import { claimReference } from '../../plugin/references/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, keyOf, type Stored, splitKey } from '../context.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from './finalizers.ts';

const FINALIZER = 'kubernetes.io/pvc-protection';

type Claim = Stored<'PersistentVolumeClaim'>;

/**
 * Keeps a claim that a Pod on a node uses from going when it is deleted: by its finalizer, added where it is missing.
 * Models pkg/controller/volume/pvcprotection.
 */
export function startClaimProtection(context: ControllerContext): void {
  const { rules, store } = context.dependencies;
  if (!rules.atLeast('1.10')) return;
  const queue = context.queue({ name: 'pvc-protection', sync: (key) => sync(key) });
  const claims = context.informer('PersistentVolumeClaim', ({ type, object }) => {
    if (type !== 'DELETED' && isDue(object)) queue.add(keyOf(object));
  });
  const pods = context.informer('Pod', (event) => {
    for (const key of claimsOf(event)) {
      const claim = claims.get(...splitKey(key));
      if (claim && isDue(claim)) queue.add(key);
    }
  });
  for (const claim of claims.list()) if (isDue(claim)) queue.add(keyOf(claim));

  function sync(key: string): Operation | undefined {
    const claim = claims.get(...splitKey(key));
    if (!claim || !isDue(claim)) return undefined;
    if (!claim.metadata.deletionTimestamp) return write(context, withFinalizer(claim, FINALIZER));
    const live = [...store.list('Pod')] as unknown as readonly Stored<'Pod'>[];
    if ([...pods.list(), ...live].some((pod) => uses(pod, claim))) return undefined;
    return write(context, withoutFinalizer(claim, FINALIZER));
  }
}

/** Lacks the finalizer, or is being deleted and has it. */
function isDue(claim: Claim): boolean {
  return hasFinalizer(claim, FINALIZER) === (claim.metadata.deletionTimestamp !== undefined);
}

/** Claims of a Pod that may no longer use them. */
function claimsOf({ type, object, old }: InformerEvent<Stored<'Pod'>>): string[] {
  if (type === 'ADDED') return [];
  return [old, object].flatMap((pod) =>
    (pod?.spec.volumes ?? []).flatMap((volume) => {
      const name = pod && claimReference(pod, volume)?.claimName;
      return name === undefined ? [] : [`${object.metadata.namespace}/${name}`];
    }),
  );
}

/** A Pod on a node that names the claim, whatever its phase. Models podUsesPVC. */
function uses(pod: Stored<'Pod'>, { metadata }: Claim): boolean {
  if (!pod.spec.nodeName || pod.metadata.namespace !== metadata.namespace || isShutDown(pod)) {
    return false;
  }
  return (pod.spec.volumes ?? []).some((volume) => {
    const reference = claimReference(pod, volume);
    if (reference?.claimName !== metadata.name) return false;
    if (!reference.ephemeral) return true;
    return metadata.ownerReferences?.some(
      ({ controller, uid }) => controller && uid === pod.metadata.uid,
    );
  });
}

function isShutDown({ metadata }: Stored<'Pod'>): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

function* write(context: ControllerContext, changed: Claim): Operation {
  const { store } = context.dependencies;
  try {
    yield* context.write('UpdatePersistentVolumeClaim', changed, () => store.update(changed));
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}
