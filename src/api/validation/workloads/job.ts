import type { FieldErrors } from '../../field-errors.ts';
import { GoValue, LABEL_SELECTOR } from '../../go-syntax.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isLabel } from '../names.ts';
import type { KindRules } from '../rules.ts';
import { validateLabelSelector } from '../selectors.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateCounts } from './counts.ts';
import { validateJobSpec } from './job-spec.ts';
import type { WorkloadContext } from './pods.ts';
import { validateMatch } from './selector.ts';

/** Models ValidateJob and its updates of pkg/apis/batch/validation/validation.go. */
export const jobRules: KindRules<Job> = {
  create: (errors, job, { rules }) => {
    validateGeneratedSelector(errors, job.spec);
    validateJob({ errors, rules }, job.spec);
    validateHostnames(errors, job);
  },
  update: (errors, { spec }, old, { rules }) => {
    validateJob({ errors, rules }, spec);
    validateImmutable(errors, spec, old, rules);
  },
  updateStatus: (errors, { status = {} }) => {
    validateCounts(errors, 'status', status, [
      'active',
      'succeeded',
      'failed',
      'ready',
      'terminating',
    ]);
  },
};

/** A selector that is not made for the Job has to be asked for. */
function validateGeneratedSelector(
  errors: FieldErrors,
  { selector, manualSelector }: JobSpec,
): void {
  if (manualSelector || !selector) return;
  errors.invalid('spec.selector', selector, '`selector` not auto-generated');
}

/** A selector is there if it was asked for: the other is made of the Job's uid, and not kept here. */
function validateJob(context: WorkloadContext, spec: JobSpec): void {
  const { errors } = context;
  validateJobSpec(context, 'spec', spec);
  if (!spec.selector && !spec.manualSelector) return;
  if (!spec.selector) errors.required('spec.selector');
  const before = errors.count;
  validateLabelSelector(errors, 'spec.selector', spec.selector);
  if (errors.count === before) validateMatch(errors, spec.selector, spec.template);
}

/** The name of the last Pod's host. */
function validateHostnames(
  errors: FieldErrors,
  { metadata, spec: { completionMode, completions = 0 } }: Job,
): void {
  const { name = '' } = metadata;
  if (completionMode !== 'Indexed' || completions <= 0 || name === '') return;
  const hostname = `${name}-${completions - 1}`;
  if (isLabel(hostname).length === 0) return;
  const detail = `will not able to create pod with invalid DNS label: ${hostname}`;
  errors.invalid('metadata.name', name, detail);
}

/** What may change of a Job that has not begun: where its Pods can run. */
const SCHEDULING = ['nodeSelector', 'tolerations', 'schedulingGates'] as const;

function validateImmutable(
  errors: FieldErrors,
  spec: JobSpec,
  { spec: old, status }: Job,
  rules: VersionRules,
): void {
  const open = rules.atLeast('1.23') && old.suspend === true && status?.startTime === undefined;
  const fixed = (field: keyof JobSpec, now: unknown, before: unknown): void => {
    if (semanticEqual(now, before, field)) return;
    const value = field === 'selector' ? new GoValue(now, LABEL_SELECTOR) : (now ?? null);
    errors.invalid(`spec.${field}`, value, 'field is immutable');
  };
  validateCompletions(errors, spec, old, rules);
  fixed('selector', spec.selector, old.selector);
  fixed(
    'template',
    spec.template,
    open ? withScheduling(old.template, spec.template) : old.template,
  );
  for (const field of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex'] as const) {
    fixed(field, spec[field], old[field]);
  }
  fixed('managedBy', spec.managedBy, old.managedBy);
  fixed('successPolicy', spec.successPolicy, old.successPolicy);
}

function validateCompletions(
  errors: FieldErrors,
  { completions: now, parallelism, completionMode }: JobSpec,
  { completions: before }: JobSpec,
  rules: VersionRules,
): void {
  if (now === before) return;
  const elastic = rules.atLeast('1.27') && completionMode === 'Indexed';
  if (!elastic) return errors.invalid('spec.completions', now ?? null, 'field is immutable');
  if (now === undefined || now === parallelism) return;
  errors.invalid('spec.completions', now, 'can only be modified in tandem with spec.parallelism');
}

/** A template with what another says of scheduling. */
function withScheduling(template: PodTemplateSpec, from: PodTemplateSpec): PodTemplateSpec {
  const { nodeAffinity: _, ...affinity } = template.spec.affinity ?? {};
  const nodeAffinity = from.spec.affinity?.nodeAffinity;
  const both = { ...affinity, ...(nodeAffinity && { nodeAffinity }) };
  const spec = { ...template.spec };
  if (Object.keys(both).length > 0) spec.affinity = both;
  else delete spec.affinity;
  for (const field of SCHEDULING) {
    if (from.spec[field] === undefined) delete spec[field];
    else Object.assign(spec, { [field]: from.spec[field] });
  }
  return { ...template, ...(from.metadata && { metadata: from.metadata }), spec };
}
