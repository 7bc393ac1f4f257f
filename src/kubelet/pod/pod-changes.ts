import { deepEqual, type Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

/** Whether a change of a Pod is one that its worker has to act on: not one of its status alone. */
export function needsSync(old: DeepReadonly<Pod>, pod: DeepReadonly<Pod>): boolean {
  if (!deepEqual(old.spec, pod.spec)) return true;
  const [a, b] = [old.metadata, pod.metadata];
  return (
    a.deletionTimestamp !== b.deletionTimestamp ||
    a.deletionGracePeriodSeconds !== b.deletionGracePeriodSeconds ||
    !deepEqual(a.labels, b.labels) ||
    !deepEqual(a.annotations, b.annotations)
  );
}

/** The volume that admission gives every Pod, for the API server's own token. */
const ADMITTED = 'kube-api-access-';

/** Whether a Pod asks for a token of its service account by itself. Only such tokens are refreshed on time. */
export function showsOwnToken({ spec }: DeepReadonly<Pod>): boolean {
  return (spec.volumes ?? []).some(
    ({ name, projected }) =>
      !name.startsWith(ADMITTED) &&
      projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
  );
}
