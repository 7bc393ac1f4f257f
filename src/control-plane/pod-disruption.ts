import type { PodCondition } from '../api/index.ts';
import { rfc3339 } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import type { ControllerContext, Stored } from './context.ts';
import { withCondition } from './scheduling/pod-condition.ts';

/** A change of a Pod's status that is made when it is written, to the Pod as it is then; undefined: none. */
export type StatusChange = (pod: Stored<'Pod'>) => Stored<'Pod'>['status'] | undefined;

/** Writes the status of a Pod, if it is still there and something is to be changed. */
export function* patchPodStatus(
  context: ControllerContext,
  { metadata }: Stored<'Pod'>,
  change: StatusChange,
): Operation<boolean> {
  const { store } = context.dependencies;
  const read = (): Stored<'Pod'> | undefined => {
    const found = store.get('Pod', metadata.namespace, metadata.name) as Stored<'Pod'> | undefined;
    return found?.metadata.uid === metadata.uid ? found : undefined;
  };
  const pod = read();
  if (!pod || change(pod) === undefined) return false;
  return yield* context.write('UpdatePodStatus', pod, () => {
    const now = read();
    const status = now && change(now);
    if (!now || status === undefined) return false;
    store.update({ ...now, status }, { subresource: 'status' });
    return true;
  });
}

/** Deletes a Pod: as it asks for, or at once with a grace period of 0. */
export function* deletePod(
  context: ControllerContext,
  pod: Stored<'Pod'>,
  options: { readonly gracePeriodSeconds?: number } = {},
): Operation {
  const { namespace, name, uid } = pod.metadata;
  const { store } = context.dependencies;
  yield* context.write('DeletePod', pod, () => {
    if (store.get('Pod', namespace, name)?.metadata.uid !== uid) return;
    store.delete('Pod', namespace, name, { ...options, preconditions: { uid } });
  });
}

/** The conditions of a Pod that is deleted by somebody else than its owner. */
export function disrupted(
  pod: Stored<'Pod'>,
  now: number,
  { reason, message }: { readonly reason: string; readonly message: string },
): readonly PodCondition[] {
  const wanted = {
    type: 'DisruptionTarget',
    status: 'True',
    reason,
    message,
    lastTransitionTime: rfc3339(now),
  };
  return withCondition(pod, wanted) as readonly PodCondition[];
}

/** Whether the version marks Pods so. */
export function marksDisruption({ dependencies: { rules } }: ControllerContext): boolean {
  return rules.gate('PodDisruptionConditions');
}
