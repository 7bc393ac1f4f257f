import type { Container, HTTPGetAction, Pod, PodSpec, Probe } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { defaultPodResources } from './pod-resources.ts';
import { qosClass } from './qos.ts';
import { roundUpAmounts } from './quantities.ts';
import { defaultFieldRef, defaultPullPolicy, defaultVolume } from './volumes.ts';

/** Fills in a Pod. Models SetDefaults_Pod in pkg/apis/core/v1/defaults.go. */
export function defaultPod(pod: Pod, rules: VersionRules): void {
  pod.spec ??= { containers: [] };
  defaultPodSpec(pod.spec, rules);
  if (rules.atLeast('1.13')) pod.spec.enableServiceLinks ??= true;
  for (const container of everyContainer(pod.spec)) defaultRequests(container);
  if (rules.gate('InPlacePodVerticalScaling') && rules.before('1.33')) {
    for (const container of pod.spec.containers) defaultResizePolicy(container);
  }
  if (rules.gate('PodLevelResources')) defaultPodResources(pod.spec, rules);
  defaultHostPorts(pod.spec);
  pod.status ??= { phase: 'Pending' };
  pod.status.phase ||= 'Pending';
  if (pod.spec.schedulingGates?.length) gate(pod.status);
  const own = rules.gate('PodLevelResources') ? pod.spec.resources : undefined;
  pod.status.qosClass ||= qosClass(pod.spec, own ?? {});
}

/** Models applySchedulingGatedCondition of pkg/registry/core/pod/strategy.go. */
function gate(status: NonNullable<Pod['status']>): void {
  if (status.conditions?.some(({ type }) => type === 'PodScheduled')) return;
  const message = 'Scheduling is blocked due to non-empty scheduling gates';
  const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message };
  status.conditions = [...(status.conditions ?? []), gated];
}

/** Fills in the spec of a Pod, or of a template of Pods. */
export function defaultPodSpec(spec: PodSpec, rules: VersionRules): void {
  spec.containers ??= [];
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  roundUpAmounts(spec.overhead);
  if (rules.atLeast('1.6')) spec.schedulerName ||= 'default-scheduler';
  for (const volume of spec.volumes ?? []) defaultVolume(volume, rules);
  for (const container of everyContainer(spec)) defaultContainer(container, rules);
  if (spec.serviceAccountName === undefined && spec.serviceAccount) {
    spec.serviceAccountName = spec.serviceAccount;
  }
}

/** Init, regular and ephemeral containers, in the order in which they are looked at. */
export function everyContainer(spec: PodSpec): Container[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** One that starts a Pod, and goes on with it. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always';
}

function defaultContainer(container: Container, rules: VersionRules): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  if (rules.atLeast('1.6')) container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  container.resources ??= {};
  roundUpAmounts(container.resources.limits);
  roundUpAmounts(container.resources.requests);
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const { valueFrom } of container.env ?? []) defaultFieldRef(valueFrom?.fieldRef);
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  defaultHTTPGet(container.lifecycle?.postStart?.httpGet);
  defaultHTTPGet(container.lifecycle?.preStop?.httpGet);
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  defaultHTTPGet(probe.httpGet);
}

function defaultHTTPGet(action: HTTPGetAction | undefined): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

/** A limit without a request asks for as much. */
function defaultRequests({ resources }: Container): void {
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

/** Until 1.32 the API said of each amount that its change restarts nothing. */
function defaultResizePolicy(container: Container): void {
  for (const resourceName of ['cpu', 'memory']) {
    if (container.resources?.requests?.[resourceName] === undefined) continue;
    const { resizePolicy = [] } = container;
    if (resizePolicy.some((one) => one.resourceName === resourceName)) continue;
    container.resizePolicy = [...resizePolicy, { resourceName, restartPolicy: 'NotRequired' }];
  }
}

/** In the node's network a port is the node's. */
export function defaultHostPorts({ hostNetwork, containers, initContainers = [] }: PodSpec): void {
  if (!hostNetwork) return;
  for (const { ports = [] } of [...containers, ...initContainers]) {
    for (const port of ports) port.hostPort ||= port.containerPort;
  }
}
