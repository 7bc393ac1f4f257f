import type { Pod } from '../../api/index.ts';
import { compare, type DeepReadonly } from '../../base/index.ts';
import type { MountedVolume } from '../contracts.ts';

/** On a PersistentVolume: the group to which its files belong. */
const GID = 'pv.beta.kubernetes.io/gid';

/**
 * Groups that every container of a Pod gets because a volume of it asks for them; not those that the Pod names itself. What is
 * no number is passed over. Models GetExtraSupplementalGroupsForPod of pkg/kubelet/volumemanager/volume_manager.go.
 */
export function volumeGroups(
  pod: DeepReadonly<Pod>,
  volumes: Iterable<Pick<MountedVolume, 'spec'>>,
): number[] {
  const asked = new Set<string>();
  for (const { spec } of volumes) {
    const group = spec.persistentVolume?.metadata.annotations?.[GID];
    if (group !== undefined && /^[+-]?\d+$/.test(group)) asked.add(group);
  }
  const own = pod.spec.securityContext?.supplementalGroups ?? [];
  return [...asked]
    .sort(compare)
    .map(Number)
    .filter((group) => !own.includes(group));
}
