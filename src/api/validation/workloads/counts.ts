import type { FieldErrors } from '../../field-errors.ts';
import { GoValue, INT_OR_STRING } from '../../go-syntax.ts';

/** A number that is not negative, if it is there. */
export function validateCount(errors: FieldErrors, field: string, count = 0): void {
  if (count < 0) errors.invalid(field, count, 'must be greater than or equal to 0');
}

/** Several fields of one object. */
export function validateCounts<T extends object>(
  errors: FieldErrors,
  at: string,
  object: T,
  fields: readonly (keyof T & string)[],
): void {
  for (const field of fields) {
    validateCount(errors, `${at}.${field}`, object[field] as number | undefined);
  }
}

type IntOrPercent = number | string;

/** A number, or a share: `25%`. Models ValidatePositiveIntOrPercent. */
export function validateIntOrPercent(
  errors: FieldErrors,
  field: string,
  value: IntOrPercent = 0,
): void {
  if (typeof value === 'number') return validateCount(errors, field, value);
  if (percentOf(value) !== undefined) return;
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  errors.invalid(field, new GoValue(value, INT_OR_STRING), detail);
}

/** Models IsNotMoreThan100Percent. */
export function validateShare(errors: FieldErrors, field: string, value: IntOrPercent = 0): void {
  if ((percentOf(value) ?? 0) <= 100) return;
  errors.invalid(field, new GoValue(value, INT_OR_STRING), 'must not be greater than 100%');
}

/** The number in either form; of what is neither, 0. */
export function amountOf(value: IntOrPercent = 0): number {
  if (typeof value === 'number') return value;
  return percentOf(value) ?? (Number.parseInt(value, 10) || 0);
}

function percentOf(value: IntOrPercent): number | undefined {
  return typeof value === 'string' && /^[0-9]+%$/.test(value)
    ? Number.parseInt(value, 10)
    : undefined;
}
