import { compareQuantities, parseQuantity, quantityValue } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';

/** A quantity that must not be negative, or must be greater than zero. */
export function validateResourceQuantity(
  errors: FieldErrors,
  field: string,
  quantity: string,
  kind: 'positive' | 'not negative',
): void {
  if (parseQuantity(quantity) === undefined) return;
  if (compareQuantities(quantity, '0') < 0) {
    // Upstream gives the value as a bare number.
    errors.invalid(field, quantityValue(quantity), 'must be a valid resource quantity');
  }
  if (kind === 'positive' && compareQuantities(quantity, '0') <= 0) {
    errors.invalid(field, quantity, 'must be greater than zero');
  }
}
