import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, INT_OR_STRING } from '../../go-syntax.ts';
import type { DaemonSet, DaemonSetSpec } from '../../types.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import type { KindRules } from '../rules.ts';
import { validateLabelSelector } from '../selectors.ts';
import {
  amountOf,
  validateCount,
  validateCounts,
  validateIntOrPercent,
  validateShare,
} from './counts.ts';
import { validateServiceTemplate, type WorkloadContext } from './pods.ts';
import { validateMatch, validateNotEmpty, validateSelectorUpdate } from './selector.ts';
import { validateNotDecremented } from './statuses.ts';

type UpdateStrategy = NonNullable<DaemonSetSpec['updateStrategy']>;

/** Models ValidateDaemonSet and its updates of pkg/apis/apps/validation/validation.go. */
export const daemonSetRules: KindRules<DaemonSet> = {
  create: (errors, { spec }, { rules }) => validateDaemonSet({ errors, rules }, spec),
  update: (errors, now, old, { rules }) => {
    validateDaemonSet({ errors, rules }, now.spec);
    validateSelectorUpdate(errors, now, old);
  },
  updateStatus: (errors, { status = {} }, old) => {
    validateCounts(errors, 'status', status, [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'observedGeneration',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
      'collisionCount',
    ]);
    validateNotDecremented(errors, status, old.status);
  },
};

/** A selector that is missing is not told of, but it selects nothing. */
function validateDaemonSet(context: WorkloadContext, spec: DaemonSetSpec): void {
  const { errors } = context;
  const before = errors.count;
  validateLabelSelector(errors, 'spec.selector', spec.selector);
  if (errors.count === before) validateMatch(errors, spec.selector, spec.template);
  if (spec.selector) validateNotEmpty(errors, spec.selector, 'daemonset');
  validateServiceTemplate(context, spec.template, 'DaemonSet');
  validateCount(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  validateStrategy(errors, spec.updateStrategy ?? {});
  validateCount(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

const STRATEGY_TYPE: GoType = {
  struct: 'apps.DaemonSetUpdateStrategy',
  fields: { Type: '', RollingUpdate: { pointer: '*apps.RollingUpdateDaemonSet' } },
};

const STRATEGY: InternalType = { Type: '', RollingUpdate: { MaxUnavailable: 0, MaxSurge: 0 } };

function validateStrategy(errors: FieldErrors, strategy: UpdateStrategy): void {
  const at = 'spec.updateStrategy';
  if (strategy.type === 'OnDelete') return;
  if (strategy.type !== 'RollingUpdate') {
    const types = ['RollingUpdate', 'OnDelete'];
    const value = new GoValue(strategy, STRATEGY_TYPE, internalValue(strategy, STRATEGY));
    errors.notSupported(at, value, types);
  } else if (!strategy.rollingUpdate) errors.required(`${at}.rollingUpdate`);
  else validateRollingUpdate(errors, strategy.rollingUpdate);
}

function validateRollingUpdate(
  errors: FieldErrors,
  { maxUnavailable, maxSurge }: NonNullable<UpdateStrategy['rollingUpdate']>,
): void {
  const unavailable = 'spec.updateStrategy.rollingUpdate.maxUnavailable';
  const surge = 'spec.updateStrategy.rollingUpdate.maxSurge';
  validateIntOrPercent(errors, unavailable, maxUnavailable);
  validateIntOrPercent(errors, surge, maxSurge);
  validateShare(errors, unavailable, maxUnavailable);
  validateShare(errors, surge, maxSurge);
  const [some, more] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  if (some && more) {
    const value = new GoValue(maxSurge, INT_OR_STRING, maxSurge ?? 0);
    errors.invalid(surge, value, 'may not be set when maxUnavailable is non-zero');
  } else if (!some && !more) errors.required(unavailable, 'cannot be 0 when maxSurge is 0');
}
