import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { JobSpec } from '../../types.ts';
import { isSubdomain } from '../names.ts';
import { validatePodTemplate } from '../template.ts';
import { validateCounts } from './counts.ts';
import type { WorkloadContext } from './pods.ts';

const MOST_INDEXES = 100_000;
const MOST_WITH_MANY = 10_000;
const LONGEST_MANAGER = 63;

/** The spec of a Job, or of the Jobs of a CronJob; `at`: its field. Models validateJobSpec. */
export function validateJobSpec(context: WorkloadContext, at: string, spec: JobSpec): void {
  const { errors } = context;
  validateCounts(errors, at, spec, [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ]);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
  }
  if (spec.managedBy !== undefined) validateManager(errors, `${at}.managedBy`, spec.managedBy);
  const modes = ['NonIndexed', 'Indexed'];
  errors.oneOf(`${at}.completionMode`, spec.completionMode, modes);
  if (spec.completionMode === 'Indexed') validateIndexed(errors, at, spec);
  else if ((spec.completionMode ?? 'NonIndexed') === 'NonIndexed') validatePlain(errors, at, spec);
  validateReplacement(errors, at, spec);
  validatePodTemplate(`${at}.template`, spec.template, context);
  validateRestartPolicy(context, at, spec);
}

function validateManager(errors: FieldErrors, field: string, name: string): void {
  validateDomainPath(errors, field, name);
  if (bytesOf(name).length > LONGEST_MANAGER) errors.tooLong(field, LONGEST_MANAGER);
}

/** Models IsDomainPrefixedPath. */
function validateDomainPath(errors: FieldErrors, field: string, name: string): void {
  const [domain = '', ...path] = name.split('/');
  if (name === '') errors.required(field);
  else if (domain === '' || path.join('/') === '') {
    errors.invalid(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")');
  } else for (const text of isSubdomain(domain)) errors.invalid(field, domain, text);
}

function validateIndexed(errors: FieldErrors, at: string, spec: JobSpec): void {
  const { completions, parallelism = 0, maxFailedIndexes: failed, backoffLimitPerIndex } = spec;
  if (completions === undefined) {
    errors.required(`${at}.completions`, 'when completion mode is Indexed');
  }
  if (parallelism > MOST_INDEXES) {
    const detail = `must be less than or equal to ${MOST_INDEXES} when completion mode is Indexed`;
    errors.invalid(`${at}.parallelism`, parallelism, detail);
  }
  if (failed !== undefined && completions !== undefined && failed > completions) {
    errors.invalid(`${at}.maxFailedIndexes`, failed, 'must be less than or equal to completions');
  }
  if (failed !== undefined && failed > MOST_INDEXES) {
    const detail = `must be less than or equal to ${MOST_INDEXES}`;
    errors.invalid(`${at}.maxFailedIndexes`, failed, detail);
  }
  if ((completions ?? 0) > MOST_INDEXES && backoffLimitPerIndex !== undefined) {
    validateMany(errors, at, spec);
  }
}

/** Very many Pods, each with a limit of its own. */
function validateMany(
  errors: FieldErrors,
  at: string,
  { parallelism = 0, maxFailedIndexes: failed }: JobSpec,
): void {
  const detail = `must be less than or equal to ${MOST_WITH_MANY} when completions are above ${MOST_INDEXES} and used with backoff limit per index`;
  if (failed === undefined) {
    const when = `must be specified when completions is above ${MOST_INDEXES}`;
    errors.required(`${at}.maxFailedIndexes`, when);
  }
  if (parallelism > MOST_WITH_MANY) errors.invalid(`${at}.parallelism`, parallelism, detail);
  if (failed !== undefined && failed > MOST_WITH_MANY) {
    errors.invalid(`${at}.maxFailedIndexes`, failed, detail);
  }
}

function validatePlain(errors: FieldErrors, at: string, spec: JobSpec): void {
  for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const) {
    const value = spec[field];
    if (value !== undefined) {
      errors.invalid(`${at}.${field}`, value, 'requires indexed completion mode');
    }
  }
}

function validateReplacement(
  errors: FieldErrors,
  at: string,
  { podReplacementPolicy, podFailurePolicy }: JobSpec,
): void {
  const policies = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  errors.oneOf(`${at}.podReplacementPolicy`, podReplacementPolicy, policies);
}

function validateRestartPolicy(
  { errors, rules }: WorkloadContext,
  at: string,
  { template, podFailurePolicy }: JobSpec,
): void {
  const field = `${at}.template.spec.restartPolicy`;
  const { restartPolicy = 'Always' } = template.spec;
  if (restartPolicy === 'Always' && rules.atLeast('1.23')) {
    errors.required(field, 'valid values: "OnFailure", "Never"');
  } else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    errors.notSupported(field, restartPolicy, ['OnFailure', 'Never']);
  } else if (podFailurePolicy && restartPolicy !== 'Never') {
    const detail = 'only "Never" is supported when podFailurePolicy is specified';
    errors.invalid(field, restartPolicy, detail);
  }
}
