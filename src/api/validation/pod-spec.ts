import type { FieldErrors } from '../field-errors.ts';
import type { ContainerPort, ObjectMeta, PodSpec } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateContainers } from './containers.ts';
import { validateFileKeyVolumes } from './env.ts';
import { validateDNSConfig, validateHostAliases } from './host-names.ts';
import { validateHostUsers } from './host-users.ts';
import { validateLabels } from './metadata.ts';
import { isLabel, isQualifiedName, isSubdomain } from './names.ts';
import { validateOperatingSystem } from './os.ts';
import { inRange } from './paths.ts';
import { validatePodResources } from './pod-resources.ts';
import { validateResources } from './resources.ts';
import {
  validateAffinity,
  validateGates,
  validateSpread,
  validateTolerations,
} from './scheduling.ts';
import { validatePodSecurity } from './security.ts';
import { validateVolumes } from './volumes/index.ts';
import { validateHostProcess } from './windows.ts';

/** What the rules of one spec of Pods look at besides. */
export interface PodSpecContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  /** Absent for a template. */
  readonly metadata?: Partial<ObjectMeta> | undefined;
  /** What is stored, on update. */
  readonly old?: PodSpec | undefined;
}

/** The spec of a Pod or of a template, in upstream's order. Models ValidatePodSpec. */
export function validatePodSpec(at: string, spec: PodSpec, context: PodSpecContext): void {
  const { errors, rules, metadata, old } = context;
  const volumes = validateVolumes(spec.volumes ?? [], `${at}.volumes`, {
    errors,
    rules,
    owner: metadata ? 'Pod' : 'template',
    podName: metadata?.name,
    old,
  });
  validateContainers(at, { errors, rules, volumes, spec, old });
  validatePodResources(errors, `${at}.resources`, spec, rules);
  validateHostNetwork(at, spec, context);
  validatePolicies(errors, at, spec);
  validateLabels(errors, `${at}.nodeSelector`, spec.nodeSelector);
  validatePodSecurity(errors, `${at}.securityContext`, spec, rules);
  if (spec.affinity) validateAffinity(errors, `${at}.affinity`, spec.affinity, rules);
  validateDNSConfig(errors, `${at}.dnsConfig`, spec);
  spec.readinessGates?.forEach(({ conditionType = '' }, index) => {
    const field = `${at}.readinessGates[${index}].conditionType`;
    for (const text of isQualifiedName(conditionType)) errors.invalid(field, conditionType, text);
  });
  validateGates(errors, `${at}.schedulingGates`, spec);
  const spread = spec.topologySpreadConstraints ?? [];
  validateSpread(errors, `${at}.topologySpreadConstraints`, spread);
  validateHostProcess(errors, at, spec);
  validateHostUsers(at, spec, context);
  validateNames(errors, at, spec, rules);
  validateOperatingSystem(errors, at, spec);
  validateFileKeyVolumes(errors, at, spec);
}

/** In the node's network a port of a container is the node's. Models validatePodHostNetworkDeps. */
function validateHostNetwork(
  at: string,
  { hostNetwork, containers = [] }: PodSpec,
  context: PodSpecContext,
): void {
  if (!hostNetwork) return;
  containers.forEach(({ ports = [] }, container) => {
    ports.forEach((port, index) => {
      validateHostPort(`${at}.containers[${container}].ports[${index}]`, port, context);
    });
  });
}

function validateHostPort(
  at: string,
  { hostPort = 0, containerPort = 0 }: ContainerPort,
  { errors, rules, metadata }: PodSpecContext,
): void {
  if (hostPort === containerPort) return;
  if (rules.before('1.28')) {
    const detail = 'must match `hostPort` when `hostNetwork` is true';
    errors.invalid(`${at}.containerPort`, containerPort, detail);
  } else if (hostPort !== 0 || metadata) {
    const detail = 'must match `containerPort` when `hostNetwork` is true';
    errors.invalid(`${at}.hostPort`, hostPort, detail);
  }
}

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

function validatePolicies(errors: FieldErrors, at: string, spec: PodSpec): void {
  const { restartPolicy = '', dnsPolicy = '' } = spec;
  if (restartPolicy === '') errors.required(`${at}.restartPolicy`);
  else errors.oneOf(`${at}.restartPolicy`, restartPolicy, RESTART_POLICIES);
  if (dnsPolicy === '') errors.required(`${at}.dnsPolicy`);
  else errors.oneOf(`${at}.dnsPolicy`, dnsPolicy, DNS_POLICIES);
}

function validateNames(errors: FieldErrors, at: string, spec: PodSpec, rules: VersionRules): void {
  const check = (field: keyof PodSpec & string, rule: (name: string) => string[]): void => {
    const name = spec[field];
    if (typeof name !== 'string' || name === '') return;
    for (const text of rule(name)) errors.invalid(`${at}.${field}`, name, text);
  };
  check('serviceAccountName', isSubdomain);
  check('nodeName', isSubdomain);
  inRange(errors, `${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, [1, 2 ** 31 - 1]);
  check('hostname', isLabel);
  check('subdomain', isLabel);
  validateTolerations(errors, `${at}.tolerations`, spec.tolerations ?? []);
  validateHostAliases(errors, `${at}.hostAliases`, spec.hostAliases ?? []);
  check('priorityClassName', isSubdomain);
  check('runtimeClassName', isSubdomain);
  const policies = ['PreemptLowerPriority', 'Never'];
  errors.oneOf(`${at}.preemptionPolicy`, spec.preemptionPolicy, policies);
  if (spec.overhead) {
    validateResources(errors, `${at}.overhead`, { limits: spec.overhead }, rules);
  }
}
