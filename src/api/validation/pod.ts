import type { FieldErrors } from '../field-errors.ts';
import type { ObjectMeta, Pod, PodSpec, Toleration } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateContainers } from './containers.ts';
import { isLabelValue, isQualifiedName, isSubdomain } from './names.ts';
import { validatePodUpdate } from './pod-update.ts';
import type { KindRules } from './rules.ts';
import { validateSecurity } from './security.ts';
import { validateNodeSelectorTerm } from './selectors.ts';
import { validateVolumes } from './volumes/index.ts';

/** What the rules of one spec of Pods look at besides. */
export interface PodSpecContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  /** Absent for a template. */
  readonly metadata?: Partial<ObjectMeta> | undefined;
}

export const podRules: KindRules<Pod> = {
  create: (errors, pod, { rules }) => validatePod(errors, pod, rules),
  update: (errors, pod, old) => validatePodUpdate(errors, pod, old, undefined),
  updateEphemeralContainers: (errors, pod, old) =>
    validatePodUpdate(errors, pod, old, 'ephemeralcontainers'),
};

/** A whole Pod. Models ValidatePod of pkg/apis/core/validation/validation.go. */
export function validatePod(errors: FieldErrors, pod: Pod, rules: VersionRules): void {
  validatePodSpec('spec', pod.spec, { errors, rules, metadata: pod.metadata });
}

/** The spec of a Pod or of a template. */
export function validatePodSpec(at: string, spec: PodSpec, context: PodSpecContext): void {
  const { errors, rules, metadata } = context;
  const volumes = validateVolumes(spec.volumes ?? [], `${at}.volumes`, {
    errors,
    rules,
    owner: metadata ? 'Pod' : 'template',
    podName: metadata?.name,
    serviceAccountName: spec.serviceAccountName,
  });
  validateContainers(at, { errors, rules, volumes, spec });
  errors.oneOf(`${at}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']);
  const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  errors.oneOf(`${at}.dnsPolicy`, spec.dnsPolicy, policies);
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    for (const text of isQualifiedName(key)) errors.invalid(`${at}.nodeSelector`, key, text);
    for (const text of isLabelValue(value)) errors.invalid(`${at}.nodeSelector`, value, text);
  }
  validateSecurity(at, spec, errors);
  validateNames(errors, at, spec);
  validateAffinity(errors, `${at}.affinity`, spec);
  spec.tolerations?.forEach((toleration, index) => {
    validateToleration(errors, `${at}.tolerations[${index}]`, toleration);
  });
  const seconds = spec.activeDeadlineSeconds;
  if (seconds !== undefined && (seconds < 1 || seconds > 2 ** 31 - 1)) {
    const detail = 'must be between 1 and 2147483647, inclusive';
    errors.invalid(`${at}.activeDeadlineSeconds`, seconds, detail);
  }
}

function validateNames(errors: FieldErrors, at: string, spec: PodSpec): void {
  const { serviceAccountName, nodeName, runtimeClassName } = spec;
  const names = { serviceAccountName, nodeName, runtimeClassName };
  for (const [field, name] of Object.entries(names)) {
    if (name) for (const text of isSubdomain(name)) errors.invalid(`${at}.${field}`, name, text);
  }
}

function validateAffinity(errors: FieldErrors, at: string, { affinity }: PodSpec): void {
  const node = affinity?.nodeAffinity;
  const required = node?.requiredDuringSchedulingIgnoredDuringExecution;
  const field = `${at}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`;
  if (required && !required.nodeSelectorTerms?.length) {
    const detail = 'must have at least one node selector term';
    errors.required(`${field}.nodeSelectorTerms`, detail);
  }
  required?.nodeSelectorTerms?.forEach((term, index) => {
    validateNodeSelectorTerm(errors, `${field}.nodeSelectorTerms[${index}]`, term);
  });
}

function validateToleration(errors: FieldErrors, at: string, toleration: Toleration): void {
  const { key = '', operator = '', value = '', effect, tolerationSeconds } = toleration;
  if (key !== '') for (const text of isQualifiedName(key)) errors.invalid(`${at}.key`, key, text);
  if (key === '' && operator !== 'Exists') {
    const detail =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.invalid(`${at}.operator`, operator, detail);
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.invalid(`${at}.effect`, effect ?? '', detail);
  }
  if (operator === 'Exists' && value !== '') {
    const detail = "value must be empty when `operator` is 'Exists'";
    errors.invalid(`${at}.operator`, toleration, detail);
  } else if (operator === '' || operator === 'Equal') {
    for (const text of isLabelValue(value)) errors.invalid(`${at}.operator`, value, text);
  } else if (operator !== 'Exists')
    errors.notSupported(`${at}.operator`, operator, ['Equal', 'Exists']);
  if (effect) errors.oneOf(`${at}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
}
