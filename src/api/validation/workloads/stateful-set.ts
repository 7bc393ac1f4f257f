import { FieldErrors } from '../../field-errors.ts';
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateClaimSpec } from '../claim-spec.ts';
import { validateAnnotations, validateLabels } from '../metadata.ts';
import { isLabel } from '../names.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validatePodTemplate } from '../template.ts';
import { validateCount } from './counts.ts';
import { validateRunsForever, type WorkloadContext } from './pods.ts';
import { validateMatch, validateSelector } from './selector.ts';
import { validateUpdateStrategy } from './stateful-set-strategy.ts';
import { validateNotDecremented, validateReplicaCounts } from './statuses.ts';

/** What of a spec is not looked at, because what is stored was taken when it was not. */
interface Skipped {
  readonly serviceName: boolean;
  readonly template: boolean;
  readonly claimTemplates: boolean;
}

/** Models ValidateStatefulSet and its updates of pkg/apis/apps/validation/validation.go. */
export const statefulSetRules: KindRules<StatefulSet> = {
  create: (errors, { spec }, { rules }) => {
    const skipped = { serviceName: rules.before('1.33'), ...byVersion(rules) };
    validateStatefulSet({ errors, rules }, spec, skipped);
  },
  update: (errors, now, old, { rules }) => {
    const template = byVersion(rules).template || !isGood(old.spec, rules);
    const skipped = { serviceName: true, claimTemplates: true, template };
    validateStatefulSet({ errors, rules }, now.spec, skipped);
    validateMutable(errors, now.spec, old.spec, rules);
  },
  updateStatus: (errors, { status = {} }, old) => {
    const fields = [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ] as const;
    validateReplicaCounts(errors, status, fields, 'status.readyReplicas');
    validateNotDecremented(errors, status, old.status);
  },
};

function byVersion(rules: VersionRules): Pick<Skipped, 'template' | 'claimTemplates'> {
  return { template: rules.before('1.34'), claimTemplates: rules.before('1.34') };
}

function isGood(spec: StatefulSetSpec, rules: VersionRules): boolean {
  const errors = new FieldErrors();
  const skipped = { serviceName: true, template: false, claimTemplates: true };
  validateStatefulSet({ errors, rules }, spec, skipped);
  return errors.count === 0;
}

function validateStatefulSet(
  context: WorkloadContext,
  spec: StatefulSetSpec,
  skipped: Skipped,
): void {
  const { errors, rules } = context;
  const { podManagementPolicy: management, serviceName = '' } = spec;
  if (!management) errors.required('spec.podManagementPolicy');
  else if (management !== 'OrderedReady' && management !== 'Parallel') {
    const detail = "must be 'OrderedReady' or 'Parallel'";
    errors.invalid('spec.podManagementPolicy', management, detail);
  }
  validateUpdateStrategy(errors, spec.updateStrategy);
  validateRetention(errors, spec);
  if (!skipped.claimTemplates) {
    spec.volumeClaimTemplates?.forEach(({ spec: claim }, index) => {
      validateClaimSpec(errors, `spec.volumeClaimTemplates[${index}].spec`, claim, rules);
    });
  }
  validateCount(errors, 'spec.replicas', spec.replicas);
  validateCount(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  validateCount(errors, 'spec.ordinals.start', spec.ordinals?.start);
  if (!skipped.serviceName && serviceName !== '') {
    for (const text of isLabel(serviceName)) errors.invalid('spec.serviceName', serviceName, text);
  }
  if (validateSelector(errors, spec.selector, 'statefulset')) {
    validateMatch(errors, spec.selector, spec.template);
    validateTemplate(context, spec, skipped.template);
  } else errors.invalid('spec.selector', spec.selector);
  validateRunsForever(errors, spec.template, 'StatefulSet');
}

function validateRetention(
  errors: FieldErrors,
  { persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec,
): void {
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const at = `spec.persistentVolumeClaimRetentionPolicy.${field}`;
    errors.oneOf(at, policy?.[field], ['Retain', 'Delete']);
  }
}

/** Before 1.34 its Pods were looked at when they were made, and the template only by its own metadata. */
function validateTemplate(
  context: WorkloadContext,
  spec: StatefulSetSpec,
  metadataOnly: boolean,
): void {
  const { errors } = context;
  const { metadata = {} } = spec.template;
  if (!metadataOnly) return validatePodTemplate('spec.template', withClaims(spec), context);
  validateLabels(errors, 'spec.template.labels', metadata.labels);
  validateAnnotations(errors, 'spec.template.annotations', metadata.annotations);
}

/** The template with the volumes that its Pods get from claims. Models volumesToAddForTemplates. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const names = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '');
  const own = (template.spec.volumes ?? []).filter(({ name }) => !names.includes(name));
  const claims = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...template.spec, volumes: [...own, ...claims] } };
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
    return field !== 'minReadySeconds' || rules.atLeast('1.22');
  });
}

function validateMutable(
  errors: FieldErrors,
  now: StatefulSetSpec,
  old: StatefulSetSpec,
  rules: VersionRules,
): void {
  if (rules.before('1.7')) return validateOldMutable(errors, now, old);
  const may = mutableFields(rules);
  const rest = (spec: object): object =>
    Object.fromEntries(Object.entries(spec).filter(([field]) => !may.includes(field as never)));
  if (semanticEqual(rest(now), rest(old))) return;
  const names = may.map((field) => `'${field}'`);
  const and = rules.before('1.22') ? ', and' : ' and';
  const list = `${names.slice(0, -1).join(', ')}${and} ${names.at(-1)}`;
  const detail = `updates to statefulset spec for fields other than ${list} are forbidden`;
  errors.forbidden('spec', detail);
}

/** Before 1.7 there was no other way to update than by hand. */
function validateOldMutable(errors: FieldErrors, now: StatefulSetSpec, old: StatefulSetSpec): void {
  const spec = { ...now.template.spec, containers: old.template.spec.containers };
  const template = { ...now.template, spec };
  if (semanticEqual({ ...now, replicas: old.replicas, template }, old)) return;
  const detail = "updates to statefulset spec for fields other than 'replicas' and 'containers'";
  errors.forbidden('spec', `${detail} are forbidden.`);
}
