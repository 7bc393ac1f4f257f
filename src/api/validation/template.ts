import type { PodTemplateSpec } from '../types.ts';
import { validateAnnotations, validateLabels } from './metadata.ts';
import { type PodSpecContext, validatePodSpec } from './pod-spec.ts';

/** A template of Pods; `at`: its field. Upstream's errors leave `metadata` out. Models ValidatePodTemplateSpec. */
export function validatePodTemplate(
  at: string,
  { metadata = {}, spec }: PodTemplateSpec,
  context: Omit<PodSpecContext, 'metadata'>,
): void {
  const { errors } = context;
  validateLabels(errors, `${at}.labels`, metadata.labels);
  validateAnnotations(errors, `${at}.annotations`, metadata.annotations);
  validatePodSpec(`${at}.spec`, spec, context);
  if (spec.ephemeralContainers?.length) {
    const detail = 'ephemeral containers not allowed in pod template';
    errors.forbidden(`${at}.spec.ephemeralContainers`, detail);
  }
}
