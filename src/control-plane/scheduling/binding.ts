import { ApiError, type PodCondition } from '../../api/index.ts';
import { messageOf, OperationError, quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, isSimulated, type Stored } from '../context.ts';
import type { DelayedClaims } from './delayed-claims.ts';
import { type Diagnosis, failureMessage } from './message.ts';
import { COMPONENT, condition, withCondition } from './pod-condition.ts';
import type { NoPreemption, Preemption } from './preemption.ts';
import { bindVolumes } from './volume-binding.ts';

/** The node of a Pod, and what is to be done with its claims. */
export interface Decision extends DelayedClaims {
  readonly node: Stored<'Node'>;
}

/**
 * Writes down the node of a Pod, after its volumes are bound. Models bindingCycle of pkg/scheduler/schedule_one.go and
 * the pods/binding subresource, which also sets condition PodScheduled.
 */
export function* bindPod(
  context: ControllerContext,
  pod: Stored<'Pod'>,
  decision: Decision,
): Operation {
  yield* bindVolumes(context, pod, decision);
  const { namespace, name } = pod.metadata;
  const node = decision.node.metadata.name;
  try {
    yield* context.write('Bind', pod, () => assign(context, pod, node));
  } catch (error) {
    if (!isSimulated(error)) throw error;
    throw new OperationError(rejected(context, pod, messageOf(error)));
  }
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  context.dependencies.events.event(COMPONENT, pod, 'Normal', 'Scheduled', message);
}

function assign({ dependencies, now }: ControllerContext, pod: Stored<'Pod'>, node: string): void {
  const { store } = dependencies;
  const { namespace, name, uid } = pod.metadata;
  const current = store.get('Pod', namespace, name) as Stored<'Pod'> | undefined;
  const { nodeName } = current?.spec ?? {};
  if (current?.metadata.uid !== uid) throw ApiError.notFound('pods', name);
  if (current.metadata.deletionTimestamp)
    throw refused(name, 'is being deleted, cannot be assigned to a host');
  if (nodeName) throw refused(name, `is already assigned to node ${quoted(nodeName)}`);
  const scheduled = condition(now, { type: 'PodScheduled', status: 'True' });
  store.update({
    ...current,
    spec: { ...current.spec, nodeName: node },
    status: { ...current.status, conditions: withCondition(current, scheduled) },
  });
}

function refused(name: string, why: string): ApiError {
  return ApiError.conflict('pods/binding', name, `pod ${name} ${why}`);
}

/** In the words of each version's framework. */
function rejected(
  { dependencies }: ControllerContext,
  { metadata }: Stored<'Pod'>,
  why: string,
): string {
  const { rules } = dependencies;
  const { namespace, name } = metadata;
  if (rules.atLeast('1.26')) return `running Bind plugin "DefaultBinder": ${why}`;
  if (rules.atLeast('1.20')) return `binding rejected: running Bind plugin "DefaultBinder": ${why}`;
  if (rules.before('1.18')) return `Binding rejected: ${why}`;
  return `Binding rejected: plugin "DefaultBinder" failed to bind pod "${namespace}/${name}": ${why}`;
}

/**
 * Says on the Pod why it has no node, as an event and as condition PodScheduled. Models handleSchedulingFailure.
 * @param why what kept it from every node, or the error that ended its binding
 * @param preemption the node that it may have once Pods there are gone, or why there is none
 */
export function* reportFailure(
  context: ControllerContext,
  pod: Stored<'Pod'>,
  why: Diagnosis | unknown,
  preemption: Preemption | NoPreemption = { message: '', waits: true },
): Operation {
  const { rules, events } = context.dependencies;
  const unschedulable = isDiagnosis(why);
  const said = 'node' in preemption ? '' : preemption.message;
  const message = unschedulable ? failureMessage(why, rules, said) : messageOf(why);
  const nominated = nominatedBy(pod, preemption);
  events.event(COMPONENT, pod, 'Warning', 'FailedScheduling', cut(message));
  const wanted: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason: unschedulable ? 'Unschedulable' : 'SchedulerError',
    message,
  };
  if (isSaid(pod, wanted) && nominated === pod.status?.nominatedNodeName) return;
  try {
    yield* context.write('UpdatePodStatus', pod, () => say(context, pod, wanted, nominated));
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}

/** The node that it waits for. */
function nominatedBy(
  { status }: Stored<'Pod'>,
  preemption: Preemption | NoPreemption,
): string | undefined {
  if ('node' in preemption) return preemption.node;
  return preemption.waits ? status?.nominatedNodeName : undefined;
}

function isDiagnosis(why: unknown): why is Diagnosis {
  return typeof why === 'object' && why !== null && ('rejections' in why || 'refusal' in why);
}

/** events.k8s.io takes 1024 bytes. */
function cut(message: string): string {
  return message.length <= 1024 ? message : `${message.slice(0, 1020)} ...`;
}

function isSaid(pod: Stored<'Pod'>, { type, status, reason, message }: PodCondition): boolean {
  const said = pod.status?.conditions?.find((condition) => condition.type === type);
  return said?.status === status && said.reason === reason && said.message === message;
}

function say(
  { dependencies, now }: ControllerContext,
  pod: Stored<'Pod'>,
  wanted: PodCondition,
  nominated: string | undefined,
): void {
  const { store } = dependencies;
  const { namespace, name, uid } = pod.metadata;
  const current = store.get('Pod', namespace, name) as Stored<'Pod'> | undefined;
  if (current?.metadata.uid !== uid) return;
  const conditions = withCondition(current, condition(now, wanted));
  const { nominatedNodeName: _, ...others } = current.status ?? {};
  store.update(
    {
      ...current,
      status: { ...others, conditions, ...(nominated && { nominatedNodeName: nominated }) },
    },
    { subresource: 'status' },
  );
}
