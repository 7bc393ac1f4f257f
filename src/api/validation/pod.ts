import type { FieldErrors } from '../field-errors.ts';
import type { Pod, PodSpec } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateImage } from './container.ts';
import { validateMetadata } from './metadata.ts';
import { refusesResize, validatePodResize } from './pod-resize.ts';
import { validatePodSpec } from './pod-spec.ts';
import { validatePodStatusUpdate } from './pod-status.ts';
import { validateEphemeralContainersUpdate, validatePodUpdate } from './pod-update.ts';
import type { KindRules } from './rules.ts';

/** What a Pod may be, and what of one may be changed where. */
export const podRules: KindRules<Pod> = {
  create: (errors, pod, { rules }) => {
    validatePod(errors, pod, rules);
    validateNew(errors, pod.spec);
  },
  update: (errors, pod, old, { rules }) => {
    validateMetadata(errors, pod, rules);
    validatePod(errors, pod, rules, old);
    validatePodUpdate(errors, pod, old, rules);
  },
  updateStatus: (errors, pod, old) => validatePodStatusUpdate(errors, pod, old),
  updateEphemeralContainers: (errors, pod, old, { rules }) => {
    if (!validateEphemeralContainersUpdate(errors, pod, old)) return;
    validatePod(errors, pod, rules, old);
  },
  updateResize: (errors, pod, old, { rules }) => {
    if (refusesResize(errors, pod, old, rules)) return;
    validatePod(errors, pod, rules, old);
    validatePodResize(errors, pod, old, rules);
  },
};

/** A whole Pod, but for its metadata. Models validatePodMetadataAndSpec of pkg/apis/core/validation/validation.go. */
function validatePod(errors: FieldErrors, pod: Pod, rules: VersionRules, old?: Pod): void {
  const { metadata, spec } = pod;
  validatePodSpec('spec', spec, { errors, rules, metadata, old: old?.spec });
  if (!spec.serviceAccountName) validateTokens(errors, spec);
  for (const list of ['containers', 'initContainers'] as const) {
    spec[list]?.forEach((container, index) => {
      validateImage(errors, `spec.${list}[${index}]`, container);
    });
  }
}

/** V37j: whose token would it be? */
function validateTokens(errors: FieldErrors, { volumes = [] }: PodSpec): void {
  volumes.forEach(({ projected }, volume) => {
    projected?.sources?.forEach(({ serviceAccountToken }, index) => {
      if (!serviceAccountToken) return;
      const field = `spec.volumes[${volume}].projected.sources[${index}].serviceAccountToken`;
      errors.forbidden(field, 'must not be specified when serviceAccountName is not set');
    });
  });
}

/** Models ValidatePodCreate. */
function validateNew(errors: FieldErrors, spec: PodSpec): void {
  if (spec.ephemeralContainers?.length) {
    errors.forbidden('spec.ephemeralContainers', 'cannot be set on create');
  }
  if (spec.nodeName && spec.schedulingGates?.length) {
    const detail = 'cannot be set until all schedulingGates have been cleared';
    errors.forbidden('spec.nodeName', detail);
  }
}
