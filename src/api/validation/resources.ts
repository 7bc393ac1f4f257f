import { compareQuantities, quantityMilliValue } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { ResourceRequirements } from '../types.ts';
import { validateAmount } from './quantities.ts';
import {
  isHugePages,
  isOvercommitAllowed,
  validateContainerResourceName,
} from './resource-names.ts';

/** Requests and limits: names, amounts, and no request above its limit. Models validateResourceRequirements. */
export function validateResources(
  errors: FieldErrors,
  at: string,
  { limits = {}, requests = {} }: ResourceRequirements,
): void {
  for (const [name, quantity] of Object.entries(limits)) {
    validateResource(errors, `${at}.limits[${name}]`, name, quantity);
  }
  for (const [name, quantity] of Object.entries(requests)) {
    validateResource(errors, `${at}.requests[${name}]`, name, quantity);
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    validateAgainstLimit(errors, at, { name, quantity, limit });
    if (isHugePages(name)) validateHugePages(errors, `${at}.requests[${name}]`, name, quantity);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(at, 'HugePages require cpu or memory');
  }
}

function validateResource(
  errors: FieldErrors,
  field: string,
  name: string,
  quantity: string,
): void {
  validateContainerResourceName(errors, field, name);
  validateAmount(errors, field, name, quantity);
  if (isHugePages(name) && field.includes('.limits[')) {
    validateHugePages(errors, field, name, quantity);
  }
}

/** What is not native cannot be overcommitted. */
function validateAgainstLimit(
  errors: FieldErrors,
  at: string,
  { name, quantity, limit }: { name: string; quantity: string; limit: string | undefined },
): void {
  const overcommit = isOvercommitAllowed(name);
  if (limit === undefined) {
    const detail = 'Limit must be set for non overcommitable resources';
    if (!overcommit) errors.required(`${at}.limits`, detail);
    return;
  }
  const order = compareQuantities(quantity, limit);
  if (order !== 0 && !overcommit) {
    errors.invalid(`${at}.requests`, quantity, `must be equal to ${name} limit of ${limit}`);
  } else if (order > 0) {
    const detail = `must be less than or equal to ${name} limit of ${limit}`;
    errors.invalid(`${at}.requests`, quantity, detail);
  }
}

function validateHugePages(
  errors: FieldErrors,
  field: string,
  name: string,
  quantity: string,
): void {
  const size = quantityMilliValue(name.slice('hugepages-'.length));
  if (size > 0 && quantityMilliValue(quantity) % size === 0) return;
  errors.invalid(field, quantity, `${quantity} is not positive integer multiple of ${name}`);
}
