import type { FieldErrors } from '../../field-errors.ts';
import type { StatefulSetSpec } from '../../types.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { amountOf, validateCount, validateIntOrPercent, validateShare } from './counts.ts';

type UpdateStrategy = NonNullable<StatefulSetSpec['updateStrategy']>;

const ROLLING_UPDATE: InternalType = { Partition: 0, MaxUnavailable: null };
const STRATEGY: InternalType = { Type: '', RollingUpdate: ROLLING_UPDATE };
const AT = 'spec.updateStrategy';

/** How a StatefulSet replaces its Pods. */
export function validateUpdateStrategy(errors: FieldErrors, strategy: UpdateStrategy = {}): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === '') return errors.required(AT);
  if (type === 'OnDelete') {
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    const value = internalValue(rollingUpdate, ROLLING_UPDATE);
    if (rollingUpdate) errors.invalid(`${AT}.rollingUpdate`, value, detail);
  } else if (type !== 'RollingUpdate') {
    const detail = "must be 'RollingUpdate' or 'OnDelete'";
    errors.invalid(AT, internalValue(strategy, STRATEGY), detail);
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
  if (amountOf(maxUnavailable) === 0) errors.invalid(field, maxUnavailable, 'cannot be 0');
  validateShare(errors, field, maxUnavailable);
}
