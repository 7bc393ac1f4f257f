import { rfc3339 } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import { deletePod, patchPodStatus } from '../pod-disruption.ts';
import { withCondition } from '../scheduling/pod-condition.ts';

/** Who reports. */
export const COMPONENT = 'node-controller';

/** The Pods that were given to a node. */
export function podsOn({ dependencies }: ControllerContext, node: string): Stored<'Pod'>[] {
  return dependencies.store.list('Pod').filter(({ spec }) => spec.nodeName === node);
}

/** Nobody can say any more that they are ready. Models MarkPodsNotReady. */
export function* markPodsNotReady(context: ControllerContext, node: string): Operation {
  const { events } = context.dependencies;
  for (const pod of podsOn(context, node)) {
    const marked = yield* patchPodStatus(context, pod, (now) => notReady(now, context.now));
    if (marked) events.event(COMPONENT, pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}

function notReady(pod: Stored<'Pod'>, now: number): Stored<'Pod'>['status'] | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True' || !pod.status) return undefined;
  const wanted = { ...ready, status: 'False', lastTransitionTime: rfc3339(now) };
  return { ...pod.status, conditions: withCondition(pod, wanted) };
}

/**
 * Deletes the Pods of a node that is lost for long, before taints did that: those of DaemonSets stay, and those that are being
 * deleted. Models deletePods of pkg/controller/util/node.
 */
export function* deleteLostPods(context: ControllerContext, node: Stored<'Node'>): Operation {
  const { events } = context.dependencies;
  const { name } = node.metadata;
  const pods = podsOn(context, name);
  if (pods.length > 0) {
    const message = `Deleting all Pods from Node ${name}.`;
    events.event(COMPONENT, node, 'Normal', 'DeletingAllPods', `Node ${name} event: ${message}`);
  }
  for (const pod of pods) {
    const owners = pod.metadata.ownerReferences ?? [];
    if (pod.metadata.deletionTimestamp || owners.some(({ kind }) => kind === 'DaemonSet')) continue;
    yield* patchPodStatus(context, pod, ({ status, metadata }) => {
      if (!status || status.reason === 'NodeLost') return undefined;
      const message = `Node ${name} which was running pod ${metadata.name} is unresponsive`;
      return { ...status, reason: 'NodeLost', message };
    });
    const text = `Marking for deletion Pod ${pod.metadata.name} from Node ${name}`;
    events.event(COMPONENT, pod, 'Normal', 'NodeControllerEviction', text);
    yield* deletePod(context, pod);
  }
}
