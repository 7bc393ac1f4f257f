import type { FieldErrors } from '../../field-errors.ts';
import type { CronJob, CronJobSpec } from '../../types.ts';
import type { KindRules } from '../rules.ts';
import { validateCount, validateCounts } from './counts.ts';
import { cronScheduleError } from './cron-schedule.ts';
import { validateJobSpec } from './job-spec.ts';
import type { WorkloadContext } from './pods.ts';

const LONGEST_NAME = 52;

/** Models ValidateCronJobCreate and ValidateCronJobUpdate of pkg/apis/batch/validation/validation.go. */
export const cronJobRules: KindRules<CronJob> = {
  create: (errors, { metadata, spec }, { rules }) => {
    validateCronJob({ errors, rules }, spec, undefined);
    const { name = '' } = metadata;
    if (name.length <= LONGEST_NAME) return;
    // Its Jobs' names have eleven characters more.
    errors.invalid('metadata.name', name, `must be no more than ${LONGEST_NAME} characters`);
  },
  update: (errors, { spec }, old, { rules }) => validateCronJob({ errors, rules }, spec, old.spec),
};

function validateCronJob(
  context: WorkloadContext,
  spec: CronJobSpec,
  old: CronJobSpec | undefined,
): void {
  const { errors } = context;
  if (!spec.schedule) errors.required('spec.schedule');
  else validateSchedule(context, spec, old);
  validateCount(errors, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (spec.timeZone !== old?.timeZone) validateTimeZone(errors, spec.timeZone);
  const { concurrencyPolicy: policy = '' } = spec;
  if (policy === '') errors.required('spec.concurrencyPolicy');
  else errors.oneOf('spec.concurrencyPolicy', policy, ['Allow', 'Forbid', 'Replace']);
  const job = spec.jobTemplate.spec;
  validateJobSpec(context, 'spec.jobTemplate.spec', job);
  if (job.selector) {
    const detail = '`selector` will be auto-generated';
    errors.invalid('spec.jobTemplate.spec.selector', job.selector, detail);
  }
  if (job.manualSelector) {
    errors.notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']);
  }
  validateCounts(errors, 'spec', spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']);
}

function validateSchedule(
  { errors, rules }: WorkloadContext,
  { schedule, timeZone }: CronJobSpec,
  old: CronJobSpec | undefined,
): void {
  const field = 'spec.schedule';
  const text = cronScheduleError(schedule);
  if (text !== undefined) errors.invalid(field, schedule, text);
  if (!schedule.includes('TZ') || rules.before('1.25')) return;
  if (!old?.schedule.includes('TZ')) {
    const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.invalid(field, schedule, detail);
  } else if (timeZone !== undefined) {
    const detail = 'cannot use both timeZone field and TZ or CRON_TZ in schedule';
    errors.invalid(field, schedule, detail);
  }
}

/** By its shape: which zones there are is not known here. */
function validateTimeZone(errors: FieldErrors, zone: string | undefined): void {
  const field = 'spec.timeZone';
  if (zone === undefined) return;
  if (zone === '') return errors.invalid(field, zone, 'timeZone must be nil or non-empty string');
  const good = zone.split('/').every((part) => {
    return part !== '.' && part !== '..' && /^(?!-)[A-Za-z._0-9+-]{1,14}$/.test(part);
  });
  if (!good) return errors.invalid(field, zone, `unknown time zone ${zone}`);
  if (zone.toLowerCase() !== 'local') return;
  const detail =
    'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  errors.invalid(field, zone, detail);
}
