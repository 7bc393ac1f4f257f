import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, INT_OR_STRING } from '../../go-syntax.ts';
import type { Deployment, DeploymentSpec, DeploymentStrategy } from '../../types.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import type { KindRules } from '../rules.ts';
import { amountOf, validateCount, validateIntOrPercent, validateShare } from './counts.ts';
import { validateServiceTemplate, type WorkloadContext } from './pods.ts';
import { validateMatch, validateSelector, validateSelectorUpdate } from './selector.ts';
import { validateNotDecremented, validateReplicaCounts } from './statuses.ts';

/** Models ValidateDeployment and its updates of pkg/apis/apps/validation/validation.go. */
export const deploymentRules: KindRules<Deployment> = {
  create: (errors, { spec }, { rules }) => validateDeployment({ errors, rules }, spec),
  update: (errors, now, old, { rules }) => {
    validateDeployment({ errors, rules }, now.spec);
    validateSelectorUpdate(errors, now, old);
  },
  updateStatus: (errors, { status = {} }, old) => {
    validateReplicaCounts(errors, status, [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'collisionCount',
    ]);
    validateNotDecremented(errors, status, old.status);
  },
};

function validateDeployment(context: WorkloadContext, spec: DeploymentSpec): void {
  const { errors } = context;
  validateCount(errors, 'spec.replicas', spec.replicas);
  if (validateSelector(errors, spec.selector, 'deployment')) {
    validateMatch(errors, spec.selector, spec.template);
    validateServiceTemplate(context, spec.template, 'ReplicaSet');
  } else errors.invalid('spec.selector', spec.selector, 'invalid label selector');
  validateStrategy(errors, spec.strategy ?? {});
  validateCount(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  validateCount(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (deadline === undefined) return;
  validateCount(errors, 'spec.progressDeadlineSeconds', deadline);
  if (deadline <= minReadySeconds) {
    const detail = 'must be greater than minReadySeconds';
    errors.invalid('spec.progressDeadlineSeconds', deadline, detail);
  }
}

const STRATEGY_TYPE: GoType = {
  struct: 'apps.DeploymentStrategy',
  fields: { Type: '', RollingUpdate: { pointer: '*apps.RollingUpdateDeployment' } },
};

const STRATEGY: InternalType = { Type: '', RollingUpdate: { MaxUnavailable: 0, MaxSurge: 0 } };

function validateStrategy(errors: FieldErrors, strategy: DeploymentStrategy): void {
  const at = 'spec.strategy';
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    if (rollingUpdate) errors.forbidden(`${at}.rollingUpdate`, detail);
  } else if (type === 'RollingUpdate') validateRollingUpdate(errors, rollingUpdate ?? {});
  else {
    const value = new GoValue(strategy, STRATEGY_TYPE, internalValue(strategy, STRATEGY));
    errors.notSupported(at, value, ['Recreate', 'RollingUpdate']);
  }
}

function validateRollingUpdate(
  errors: FieldErrors,
  { maxUnavailable, maxSurge }: NonNullable<DeploymentStrategy['rollingUpdate']>,
): void {
  const unavailable = 'spec.strategy.rollingUpdate.maxUnavailable';
  validateIntOrPercent(errors, unavailable, maxUnavailable);
  validateIntOrPercent(errors, 'spec.strategy.rollingUpdate.maxSurge', maxSurge);
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    const value = new GoValue(maxUnavailable, INT_OR_STRING, maxUnavailable ?? 0);
    errors.invalid(unavailable, value, 'may not be 0 when `maxSurge` is 0');
  }
  validateShare(errors, unavailable, maxUnavailable);
}
