import {
  compareQuantities,
  isQuantity,
  quantityMilliValue,
  quantityValue,
} from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import { isExtendedResource } from './resource-names.ts';

/** A quantity that must not be negative, or must be greater than zero. */
export function validateResourceQuantity(
  errors: FieldErrors,
  field: string,
  quantity: string,
  kind: 'positive' | 'not negative',
): void {
  if (!isQuantity(quantity)) return;
  if (compareQuantities(quantity, '0') < 0) {
    // Upstream gives the value as a bare number.
    errors.invalid(field, quantityValue(quantity), 'must be a valid resource quantity');
  }
  if (kind === 'positive' && compareQuantities(quantity, '0') <= 0) {
    errors.invalid(field, quantity, 'must be greater than zero');
  }
}

/** Resources that come in whole numbers. */
const WHOLE: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

/** Not negative. Models ValidateNonnegativeQuantity. */
export function validateNonnegativeQuantity(
  errors: FieldErrors,
  field: string,
  quantity: string,
): void {
  if (compareQuantities(quantity, '0') >= 0) return;
  errors.invalid(field, quantity, 'must be greater than or equal to 0');
}

/** An amount of a resource: not negative, and whole where there are no parts of one. Models ValidateResourceQuantityValue. */
export function validateAmount(
  errors: FieldErrors,
  field: string,
  resource: string,
  quantity: string,
): void {
  validateNonnegativeQuantity(errors, field, quantity);
  const whole = WHOLE.has(resource) || isExtendedResource(resource);
  if (whole && quantityMilliValue(quantity) % 1000 !== 0) {
    errors.invalid(field, quantity, 'must be an integer');
  }
}
