import type { Container, Pod, PodSpec, Probe } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { qosClass } from './qos.ts';
import { defaultFieldRef, defaultPullPolicy, defaultVolume } from './volumes.ts';

/** Fills in a Pod. Models SetDefaults_Pod in pkg/apis/core/v1/defaults.go. */
export function defaultPod(pod: Pod, rules: VersionRules): void {
  pod.spec ??= { containers: [] };
  defaultPodSpec(pod.spec, rules);
  for (const container of everyContainer(pod.spec)) defaultRequests(container);
  pod.status ??= { phase: 'Pending' };
  pod.status.phase ||= 'Pending';
  pod.status.qosClass ||= qosClass(pod.spec);
}

/** Fills in the spec of a Pod, or of a template of Pods. */
export function defaultPodSpec(spec: PodSpec, rules: VersionRules): void {
  spec.containers ??= [];
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  if (rules.atLeast('1.6')) spec.schedulerName ||= 'default-scheduler';
  if (rules.atLeast('1.13')) spec.enableServiceLinks ??= true;
  dropDisabled(spec, rules);
  for (const volume of spec.volumes ?? []) defaultVolume(volume, rules);
  for (const container of everyContainer(spec)) defaultContainer(container, spec, rules);
  if (spec.serviceAccountName === undefined && spec.serviceAccount) {
    spec.serviceAccountName = spec.serviceAccount;
  }
}

/** Init, regular and ephemeral containers, in the order in which they are looked at. */
export function everyContainer(spec: PodSpec): Container[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** Fields whose gate is off are dropped in silence. Models DropDisabledFields of pkg/api/pod/util.go. */
function dropDisabled(spec: PodSpec, rules: VersionRules): void {
  if (!rules.gate('ImageVolume') && spec.volumes?.some(({ image }) => image)) dropImages(spec);
  if (!rules.gate('RecursiveReadOnlyMounts')) {
    for (const { volumeMounts = [] } of everyContainer(spec)) {
      for (const mount of volumeMounts) delete mount.recursiveReadOnly;
    }
  }
}

function dropImages(spec: PodSpec): void {
  const images = new Set(spec.volumes?.filter(({ image }) => image).map(({ name }) => name));
  spec.volumes = spec.volumes?.filter(({ name }) => !images.has(name)) ?? [];
  for (const container of everyContainer(spec)) {
    if (!container.volumeMounts) continue;
    container.volumeMounts = container.volumeMounts.filter(({ name }) => !images.has(name));
  }
}

function defaultContainer(container: Container, spec: PodSpec, rules: VersionRules): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  if (rules.atLeast('1.6')) container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  container.resources ??= {};
  for (const port of container.ports ?? []) {
    port.protocol ||= 'TCP';
    if (spec.hostNetwork) port.hostPort ??= port.containerPort;
  }
  for (const { valueFrom } of container.env ?? []) defaultFieldRef(valueFrom?.fieldRef);
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (!probe.httpGet) return;
  probe.httpGet.path ||= '/';
  probe.httpGet.scheme ||= 'HTTP';
}

/** A limit without a request asks for as much. */
function defaultRequests({ resources }: Container): void {
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}
