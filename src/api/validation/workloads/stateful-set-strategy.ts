import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, INT_OR_STRING } from '../../go-syntax.ts';
import type { StatefulSetSpec } from '../../types.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { amountOf, validateCount, validateIntOrPercent, validateShare } from './counts.ts';

type UpdateStrategy = NonNullable<StatefulSetSpec['updateStrategy']>;

const ROLLING_UPDATE: InternalType = { Partition: 0, MaxUnavailable: null };
const STRATEGY: InternalType = { Type: '', RollingUpdate: ROLLING_UPDATE };
const ROLLING_UPDATE_TYPE: GoType = {
  struct: 'apps.RollingUpdateStatefulSetStrategy',
  fields: {
    Partition: 0,
    MaxUnavailable: { since: '1.24', type: { pointer: '*intstr.IntOrString' } },
  },
};
const STRATEGY_TYPE: GoType = {
  struct: 'apps.StatefulSetUpdateStrategy',
  fields: { Type: '', RollingUpdate: { pointer: '*apps.RollingUpdateStatefulSetStrategy' } },
};
const AT = 'spec.updateStrategy';

/** How a StatefulSet replaces its Pods. */
export function validateUpdateStrategy(errors: FieldErrors, strategy: UpdateStrategy = {}): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === '') return errors.required(AT);
  if (type === 'OnDelete') {
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    const json = internalValue(rollingUpdate, ROLLING_UPDATE);
    const value = new GoValue(rollingUpdate, ROLLING_UPDATE_TYPE, json);
    if (rollingUpdate) errors.invalid(`${AT}.rollingUpdate`, value, detail);
  } else if (type !== 'RollingUpdate') {
    const detail = "must be 'RollingUpdate' or 'OnDelete'";
    const json = internalValue(strategy, STRATEGY);
    errors.invalid(AT, new GoValue(strategy, STRATEGY_TYPE, json), detail);
  } else if (rollingUpdate) validateRollingUpdate(errors, rollingUpdate);
}

function validateRollingUpdate(
  errors: FieldErrors,
  { partition, maxUnavailable }: NonNullable<UpdateStrategy['rollingUpdate']>,
): void {
  validateCount(errors, `${AT}.rollingUpdate.partition`, partition);
  if (maxUnavailable === undefined) return;
  const field = `${AT}.rollingUpdate.maxUnavailable`;
  validateIntOrPercent(errors, field, maxUnavailable);
  if (amountOf(maxUnavailable) === 0) {
    errors.invalid(field, new GoValue(maxUnavailable, INT_OR_STRING), 'cannot be 0');
  }
  validateShare(errors, field, maxUnavailable);
}
