import { rfc3339 } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, keyOf, type Stored } from '../context.ts';
import { COMPONENT, withCondition } from './pod-condition.ts';
import type { Preemption } from './preemption.ts';

/** Deletes the Pods that have to make room. Models prepareCandidate of pkg/scheduler/framework/preemption. */
export function* evictVictims(
  context: ControllerContext,
  preemptor: Stored<'Pod'>,
  { node, victims }: Preemption,
): Operation {
  const { rules, events } = context.dependencies;
  const by = rules.atLeast('1.28')
    ? `pod ${preemptor.metadata.uid}`
    : rules.atLeast('1.26')
      ? 'a pod'
      : keyOf(preemptor);
  for (const victim of victims) {
    if (victim.metadata.deletionTimestamp) continue;
    if (rules.gate('PodDisruptionConditions')) yield* markDisrupted(context, victim);
    yield* deletePod(context, victim);
    const message = `Preempted by ${by} on node ${node}`;
    events.event(COMPONENT, victim, 'Normal', 'Preempted', message);
  }
}

function* markDisrupted(context: ControllerContext, victim: Stored<'Pod'>): Operation {
  const { store } = context.dependencies;
  const { namespace, name, uid } = victim.metadata;
  yield* context.write('UpdatePodStatus', victim, () => {
    const current = store.get('Pod', namespace, name) as Stored<'Pod'> | undefined;
    if (current?.metadata.uid !== uid) return;
    const conditions = withCondition(current, {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
      lastTransitionTime: rfc3339(context.now),
    });
    store.update(
      { ...current, status: { ...current.status, conditions } },
      { subresource: 'status' },
    );
  });
}

function* deletePod(context: ControllerContext, { kind, metadata }: Stored<'Pod'>): Operation {
  const { store } = context.dependencies;
  const { namespace, name } = metadata;
  try {
    yield* context.write('DeletePod', { kind, metadata } as Stored<'Pod'>, () =>
      store.delete('Pod', namespace, name),
    );
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}
