import type { PodTemplate } from '../../types.ts';
import type { KindRules } from '../rules.ts';
import { validatePodTemplate } from '../template.ts';

const EMPTY = { spec: { containers: [] } };

/** Models ValidatePodTemplate of pkg/apis/core/validation/validation.go. */
export const podTemplateRules: KindRules<PodTemplate> = {
  create: (errors, { template = EMPTY }, { rules }) => {
    validatePodTemplate('template', template, { errors, rules });
  },
  update: (errors, { template = EMPTY }, _, { rules }) => {
    validatePodTemplate('template', template, { errors, rules });
  },
};
