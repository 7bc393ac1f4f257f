import type { PersistentVolumeClaim, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { ClusterParts } from '../cluster.ts';
import type { WaitingFor } from '../explanation.ts';
import type { PodWaits } from './pod-waits.ts';

/** Claims of a Pod that are not bound, in their controller's words. */
export function claimsOf(
  pod: DeepReadonly<Pod>,
  { store }: Pick<ClusterParts, 'store'>,
  waits: PodWaits,
): WaitingFor[] {
  const { namespace = 'default' } = pod.metadata;
  return claimNames(pod).flatMap((name) => {
    const what = `claim ${name}`;
    const claim = store.get('PersistentVolumeClaim', namespace, name) as
      | DeepReadonly<PersistentVolumeClaim>
      | undefined;
    if (!claim) return [{ what, why: 'there is no such claim' }];
    if (claim.metadata.deletionTimestamp) return [{ what, why: 'it is being deleted' }];
    const { phase = 'Pending' } = claim.status ?? {};
    if (phase === 'Bound') return [];
    return [{ what, why: reasonOf(name, phase, waits) }];
  });
}

function claimNames({ metadata, spec }: DeepReadonly<Pod>): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
}

function reasonOf(name: string, phase: string, waits: PodWaits): string {
  const event = waits.lastEvent({ kind: 'PersistentVolumeClaim', name });
  return event?.message === undefined ? phase : `${phase}: ${event.message}`;
}
