import type { FieldErrors } from '../../field-errors.ts';
import type { PodTemplateSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validatePodTemplate } from '../template.ts';

/** What the rules of workloads look at besides the object. */
export interface WorkloadContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
}

/** A template of Pods that run for ever; `owner`: the kind that makes them. */
export function validateServiceTemplate(
  context: WorkloadContext,
  template: PodTemplateSpec,
  owner: string,
): void {
  validatePodTemplate('spec.template', template, context);
  validateRunsForever(context.errors, template, owner);
}

/** Nothing ends its Pods but itself. */
export function validateRunsForever(
  errors: FieldErrors,
  { spec }: PodTemplateSpec,
  owner: string,
): void {
  const at = 'spec.template.spec';
  const { restartPolicy, activeDeadlineSeconds } = spec;
  if (restartPolicy !== 'Always') {
    errors.notSupported(`${at}.restartPolicy`, restartPolicy ?? '', ['Always']);
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${owner} is not Supported`;
    errors.forbidden(`${at}.activeDeadlineSeconds`, detail);
  }
}
