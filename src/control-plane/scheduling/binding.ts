import type { PodCondition } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError, rfc3339 } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, type Stored } from '../context.ts';
import type { DelayedClaims } from './delayed-claims.ts';
import { type Diagnosis, failureMessage } from './message.ts';
import { bindVolumes } from './volume-binding.ts';

/** The node of a Pod, and what is to be done with its claims. */
export interface Decision extends DelayedClaims {
  readonly node: Stored<'Node'>;
}

const COMPONENT = 'default-scheduler';

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
  yield* context.write('Bind', pod, () => assign(context, pod, node));
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  context.dependencies.events.event(COMPONENT, pod, 'Normal', 'Scheduled', message);
}

function assign({ dependencies, now }: ControllerContext, pod: Stored<'Pod'>, node: string): void {
  const { store } = dependencies;
  const { namespace, name, uid } = pod.metadata;
  const current = store.get('Pod', namespace, name) as Stored<'Pod'> | undefined;
  const id = `pod ${namespace}/${name}`;
  if (current?.metadata.uid !== uid) throw new OperationError(`pods "${name}" not found`);
  if (current.metadata.deletionTimestamp) {
    throw new OperationError(`${id} is being deleted, cannot be assigned to a host`);
  }
  if (current.spec.nodeName) throw new OperationError(`${id} is already assigned to node`);
  const scheduled = condition(now, { type: 'PodScheduled', status: 'True' });
  store.update({
    ...current,
    spec: { ...current.spec, nodeName: node },
    status: { ...current.status, conditions: withCondition(current, scheduled) },
  });
}

/**
 * Says on the Pod why it has no node, as an event and as condition PodScheduled. Models handleSchedulingFailure.
 * @param why what kept it from every node, or the error that ended its binding
 */
export function* reportFailure(
  context: ControllerContext,
  pod: Stored<'Pod'>,
  why: Diagnosis | unknown,
): Operation {
  const { rules, events } = context.dependencies;
  const unschedulable = isDiagnosis(why);
  const preempts = pod.spec.preemptionPolicy !== 'Never';
  const message = unschedulable ? failureMessage(why, rules, preempts) : messageOf(why);
  events.event(COMPONENT, pod, 'Warning', 'FailedScheduling', cut(message));
  const wanted: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason: unschedulable ? 'Unschedulable' : 'SchedulerError',
    message,
  };
  if (isSaid(pod, wanted)) return;
  try {
    yield* context.write('UpdatePodStatus', pod, () => say(context, pod, wanted));
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
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
): void {
  const { store } = dependencies;
  const { namespace, name, uid } = pod.metadata;
  const current = store.get('Pod', namespace, name) as Stored<'Pod'> | undefined;
  if (current?.metadata.uid !== uid) return;
  const conditions = withCondition(current, condition(now, wanted));
  store.update(
    { ...current, status: { ...current.status, conditions } },
    { subresource: 'status' },
  );
}

function condition(now: number, fields: PodCondition): PodCondition {
  return { ...fields, lastTransitionTime: rfc3339(now) };
}

/** The Pod's conditions with one of them set; the time stays when the status does. */
function withCondition(
  { status }: Stored<'Pod'>,
  wanted: PodCondition,
): DeepReadonly<PodCondition>[] {
  const conditions = [...(status?.conditions ?? [])];
  const at = conditions.findIndex(({ type }) => type === wanted.type);
  if (at < 0) return [...conditions, wanted];
  const before = conditions[at];
  const time = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  conditions[at] = { ...wanted, ...(time !== undefined && { lastTransitionTime: time }) };
  return conditions;
}
