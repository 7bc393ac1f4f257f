import { GoValue, STRING_MAP } from '../../go-syntax.ts';
import { matchesLabels } from '../../selectors.ts';
import type {
  ReplicaSet,
  ReplicaSetSpec,
  ReplicaSetStatus,
  ReplicationController,
  ReplicationControllerSpec,
} from '../../types.ts';
import type { KindRules, UpdateRule } from '../rules.ts';
import { validateCount } from './counts.ts';
import { validateServiceTemplate, type WorkloadContext } from './pods.ts';
import { validateMatch, validateSelector, validateSelectorUpdate } from './selector.ts';
import { validateReplicaCounts } from './statuses.ts';

const validateStatus: UpdateRule<{ status?: ReplicaSetStatus }> = (errors, { status = {} }) => {
  validateReplicaCounts(errors, status, [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
  ]);
};

/** Models ValidateReplicaSet and its updates of pkg/apis/apps/validation/validation.go. */
export const replicaSetRules: KindRules<ReplicaSet> = {
  create: (errors, { spec }, { rules }) => validateReplicaSet({ errors, rules }, spec),
  update: (errors, now, old, { rules }) => {
    validateReplicaSet({ errors, rules }, now.spec);
    validateSelectorUpdate(errors, now, old);
  },
  updateStatus: validateStatus,
};

const EMPTY = { spec: { containers: [] } };

function validateReplicaSet(context: WorkloadContext, spec: ReplicaSetSpec): void {
  const { errors } = context;
  validateCount(errors, 'spec.replicas', spec.replicas);
  validateCount(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  if (validateSelector(errors, spec.selector, 'deployment')) {
    validateMatch(errors, spec.selector, spec.template);
    validateServiceTemplate(context, spec.template ?? EMPTY, 'ReplicaSet');
  } else errors.invalid('spec.selector', spec.selector, 'invalid label selector');
}

/** Models ValidateReplicationController and its updates of pkg/apis/core/validation/validation.go. */
export const replicationControllerRules: KindRules<ReplicationController> = {
  create: (errors, { spec }, { rules }) => validateController({ errors, rules }, spec),
  update: (errors, { spec }, _, { rules }) => validateController({ errors, rules }, spec),
  updateStatus: validateStatus,
};

function validateController(context: WorkloadContext, spec: ReplicationControllerSpec): void {
  const { errors } = context;
  const { selector = {}, template } = spec;
  const selects = Object.keys(selector).length > 0;
  validateCount(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  if (!selects) errors.required('spec.selector');
  validateCount(errors, 'spec.replicas', spec.replicas);
  if (!template) return errors.required('spec.template');
  const labels = template.metadata?.labels;
  if (selects && !matchesLabels({ matchLabels: selector }, labels ?? {})) {
    const detail = '`selector` does not match template `labels`';
    errors.invalid('spec.template.metadata.labels', new GoValue(labels, STRING_MAP), detail);
  }
  validateServiceTemplate(context, template, 'ReplicationController');
}
