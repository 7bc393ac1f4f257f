import type { FieldErrors } from '../field-errors.ts';
import { matchesLabels } from '../selectors.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  JobSpec,
  LabelSelector,
  PodTemplate,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { validateAnnotations, validateLabels } from './metadata.ts';
import type { KindRules } from './rules.ts';
import { validateLabelSelector } from './selectors.ts';
import { semanticEqual } from './semantic-equal.ts';
import { validatePodTemplate } from './template.ts';

const IMMUTABLE = 'field is immutable';
const MISMATCH = '`selector` does not match template `labels`';

interface Context {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
}

function validateCount({ errors }: Context, field: string, count: number | undefined): void {
  if (count === undefined || count >= 0) return;
  errors.invalid(field, count, 'must be greater than or equal to 0');
}

/** A selector that is there, selects something, and selects what the template makes. */
function validateSelector(
  { errors }: Context,
  selector: LabelSelector | undefined,
  template: PodTemplateSpec,
  what: string,
): void {
  const field = 'spec.selector';
  if (!selector) return errors.required(field);
  validateLabelSelector(errors, field, selector);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) {
    errors.invalid(field, selector, `empty selector is invalid for ${what}`);
  }
  const labels = template.metadata?.labels ?? {};
  if (!matchesLabels(selector, labels)) {
    errors.invalid('spec.template.metadata.labels', labels, MISMATCH);
  }
}

/** Pods that run for ever. */
function validateServiceTemplate(
  { errors, rules }: Context,
  template: PodTemplateSpec,
  what: string,
): void {
  const at = 'spec.template';
  if (what === 'StatefulSet') validateUncheckedTemplate(errors, at, template);
  else validatePodTemplate(at, template, { errors, rules });
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== undefined && restartPolicy !== 'Always') {
    errors.notSupported(`${at}.spec.restartPolicy`, restartPolicy, ['Always']);
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${what} is not Supported`;
    errors.forbidden(`${at}.spec.activeDeadlineSeconds`, detail);
  }
}

/**
 * The volumes of a StatefulSet's Pods are also those of its claims, so that upstream looks at its Pods only when they are made, and
 * names what it looks at so. Models ValidatePodTemplateSpecForStatefulSet.
 */
function validateUncheckedTemplate(
  errors: FieldErrors,
  at: string,
  { metadata = {} }: PodTemplateSpec,
): void {
  validateLabels(errors, `${at}.labels`, metadata.labels);
  validateAnnotations(errors, `${at}.annotations`, metadata.annotations);
}

/** A selector cannot change, where the API version says so: since apps/v1. */
function validateSelectorUpdate(
  { errors }: Context,
  apiVersion: string,
  now: LabelSelector | undefined,
  old: LabelSelector | undefined,
): void {
  const loose = apiVersion === 'extensions/v1beta1' || apiVersion === 'apps/v1beta1';
  if (loose || semanticEqual(now, old)) return;
  errors.invalid('spec.selector', now ?? null, IMMUTABLE);
}

function validateDeployment(context: Context, { spec }: Deployment): void {
  const { errors } = context;
  validateCount(context, 'spec.replicas', spec.replicas);
  validateSelector(context, spec.selector, spec.template, 'deployment');
  validateServiceTemplate(context, spec.template, 'ReplicaSet');
  const types = ['Recreate', 'RollingUpdate'];
  errors.oneOf('spec.strategy.type', spec.strategy?.type, types);
  if (spec.strategy?.type === 'Recreate' && spec.strategy.rollingUpdate) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    errors.forbidden('spec.strategy.rollingUpdate', detail);
  }
  validateCount(context, 'spec.minReadySeconds', spec.minReadySeconds);
  validateCount(context, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

/** Models ValidateDeployment of pkg/apis/apps/validation/validation.go. */
export const deploymentRules: KindRules<Deployment> = {
  create: (errors, deployment, { rules }) => validateDeployment({ errors, rules }, deployment),
  update: (errors, now, old, { rules }) => {
    const context = { errors, rules };
    validateDeployment(context, now);
    validateSelectorUpdate(context, now.apiVersion, now.spec.selector, old.spec.selector);
  },
};

function validateReplicaSet(context: Context, { spec }: ReplicaSet): void {
  validateCount(context, 'spec.replicas', spec.replicas);
  validateCount(context, 'spec.minReadySeconds', spec.minReadySeconds);
  if (!spec.template) return context.errors.required('spec.template');
  validateSelector(context, spec.selector, spec.template, 'deployment');
  validateServiceTemplate(context, spec.template, 'ReplicaSet');
}

/** Models ValidateReplicaSet. */
export const replicaSetRules: KindRules<ReplicaSet> = {
  create: (errors, replicaSet, { rules }) => validateReplicaSet({ errors, rules }, replicaSet),
  update: (errors, now, old, { rules }) => {
    const context = { errors, rules };
    validateReplicaSet(context, now);
    validateSelectorUpdate(context, now.apiVersion, now.spec.selector, old.spec.selector);
  },
};

function validateController(context: Context, { spec }: ReplicationController): void {
  const { errors } = context;
  const { selector = {}, template } = spec;
  validateCount(context, 'spec.minReadySeconds', spec.minReadySeconds);
  if (Object.keys(selector).length === 0) errors.required('spec.selector');
  validateCount(context, 'spec.replicas', spec.replicas);
  if (!template) return errors.required('spec.template');
  const labels = template.metadata?.labels ?? {};
  if (!matchesLabels({ matchLabels: selector }, labels)) {
    errors.invalid('spec.template.metadata.labels', labels, MISMATCH);
  }
  validateServiceTemplate(context, template, 'ReplicationController');
}

/** Models ValidateReplicationController of pkg/apis/core/validation/validation.go. */
export const replicationControllerRules: KindRules<ReplicationController> = {
  create: (errors, controller, { rules }) => validateController({ errors, rules }, controller),
  update: (errors, controller, _, { rules }) => validateController({ errors, rules }, controller),
};

function validateDaemonSet(context: Context, { spec }: DaemonSet): void {
  const { errors } = context;
  validateSelector(context, spec.selector, spec.template, 'daemonset');
  validateServiceTemplate(context, spec.template, 'DaemonSet');
  validateCount(context, 'spec.minReadySeconds', spec.minReadySeconds);
  errors.oneOf('spec.updateStrategy.type', spec.updateStrategy?.type, [
    'RollingUpdate',
    'OnDelete',
  ]);
  validateCount(context, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

/** Models ValidateDaemonSet. */
export const daemonSetRules: KindRules<DaemonSet> = {
  create: (errors, daemonSet, { rules }) => validateDaemonSet({ errors, rules }, daemonSet),
  update: (errors, now, old, { rules }) => {
    const context = { errors, rules };
    validateDaemonSet(context, now);
    validateSelectorUpdate(context, now.apiVersion, now.spec.selector, old.spec.selector);
  },
};

function validateStatefulSet(context: Context, { spec }: StatefulSet): void {
  const { errors, rules } = context;
  errors.oneOf('spec.podManagementPolicy', spec.podManagementPolicy, ['OrderedReady', 'Parallel']);
  const strategies = ['OnDelete', 'RollingUpdate'];
  errors.oneOf('spec.updateStrategy.type', spec.updateStrategy?.type, strategies);
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  for (const [field, policy] of Object.entries(retention)) {
    const at = `spec.persistentVolumeClaimRetentionPolicy.${field}`;
    errors.oneOf(at, String(policy), ['Delete', 'Retain']);
  }
  validateCount(context, 'spec.replicas', spec.replicas);
  validateCount(context, 'spec.minReadySeconds', spec.minReadySeconds);
  validateSelector(context, spec.selector, spec.template, 'statefulset');
  validateServiceTemplate(context, spec.template, 'StatefulSet');
  if (rules.before('1.36')) return;
  spec.volumeClaimTemplates?.forEach(({ spec: claim }, index) => {
    validateClaimSpec(errors, `spec.volumeClaimTemplates[${index}].spec`, claim, rules);
  });
}

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

/** What of a StatefulSet may change in a version, in upstream's order. */
function mutableFields(rules: VersionRules): readonly (typeof MUTABLE)[number][] {
  return MUTABLE.filter((field) => {
    if (field === 'ordinals') return rules.atLeast('1.27');
    if (field === 'revisionHistoryLimit') return rules.atLeast('1.33');
    if (field === 'persistentVolumeClaimRetentionPolicy') return rules.atLeast('1.23');
    if (field === 'minReadySeconds') return rules.atLeast('1.22');
    return field !== 'updateStrategy' || rules.atLeast('1.7');
  });
}

/** Models ValidateStatefulSet and its update of pkg/apis/apps/validation/validation.go. */
export const statefulSetRules: KindRules<StatefulSet> = {
  create: (errors, statefulSet, { rules }) => validateStatefulSet({ errors, rules }, statefulSet),
  update: (errors, now, old, { rules }) => {
    validateStatefulSet({ errors, rules }, now);
    const may = mutableFields(rules);
    const rest = (spec: object): object =>
      Object.fromEntries(Object.entries(spec).filter(([field]) => !may.includes(field as never)));
    if (semanticEqual(rest(now.spec), rest(old.spec))) return;
    const names = may.map((field) => `'${field}'`);
    const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    const detail = `updates to statefulset spec for fields other than ${list} are forbidden`;
    errors.forbidden('spec', detail);
  },
};

function validateJobSpec(context: Context, at: string, spec: JobSpec): void {
  const { errors, rules } = context;
  for (const field of ['parallelism', 'completions', 'backoffLimit'] as const) {
    validateCount(context, `${at}.${field}`, spec[field]);
  }
  validateCount(context, `${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds);
  validateCount(context, `${at}.ttlSecondsAfterFinished`, spec.ttlSecondsAfterFinished);
  errors.oneOf(`${at}.completionMode`, spec.completionMode, ['Indexed', 'NonIndexed']);
  validatePodTemplate(`${at}.template`, spec.template, { errors, rules });
  const { restartPolicy = 'Always' } = spec.template.spec;
  const field = `${at}.template.spec.restartPolicy`;
  if (restartPolicy === 'OnFailure' || restartPolicy === 'Never') return;
  if (restartPolicy === 'Always' && rules.atLeast('1.23')) {
    errors.required(field, 'valid values: "OnFailure", "Never"');
  } else errors.notSupported(field, restartPolicy, ['OnFailure', 'Never']);
}

/** Models ValidateJob and its update of pkg/apis/batch/validation/validation.go. */
export const jobRules: KindRules<Job> = {
  create: (errors, { spec }, { rules }) => validateJobSpec({ errors, rules }, 'spec', spec),
  update: (errors, now, old, { rules }) => {
    validateJobSpec({ errors, rules }, 'spec', now.spec);
    const fixed = ['completions', 'selector', 'template', 'completionMode'] as const;
    for (const field of fixed) {
      if (semanticEqual(now.spec[field], old.spec[field], field)) continue;
      errors.invalid(`spec.${field}`, now.spec[field] ?? null, IMMUTABLE);
    }
  },
};

function validateCronJob(context: Context, { spec }: CronJob): void {
  const { errors } = context;
  if (!spec.schedule) errors.required('spec.schedule');
  const policies = ['Allow', 'Forbid', 'Replace'];
  errors.oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, policies);
  validateCount(context, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  validateCount(context, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  validateCount(context, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
  validateJobSpec(context, 'spec.jobTemplate.spec', spec.jobTemplate.spec);
}

/** Models ValidateCronJob. */
export const cronJobRules: KindRules<CronJob> = {
  create: (errors, cronJob, { rules }) => validateCronJob({ errors, rules }, cronJob),
  update: (errors, cronJob, _, { rules }) => validateCronJob({ errors, rules }, cronJob),
};

function validateTemplateObject(context: Context, { template }: PodTemplate): void {
  if (template) validatePodTemplate('template', template, context);
}

/** Models ValidatePodTemplate. */
export const podTemplateRules: KindRules<PodTemplate> = {
  create: (errors, object, { rules }) => validateTemplateObject({ errors, rules }, object),
  update: (errors, object, _, { rules }) => validateTemplateObject({ errors, rules }, object),
};
