import { compareQuantities, quantityMilliValue } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { ResourceRequirements } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateAmount } from './quantities.ts';
import {
  isHugePages,
  isOvercommitAllowed,
  refusesLocalStorage,
  validateContainerResourceName,
} from './resource-names.ts';

/** Says what is wrong with a resource's name. */
type NameCheck = (errors: FieldErrors, field: string, name: string) => void;

/** Requests and limits: names, amounts, and no request above its limit. Models validateResourceRequirements. */
export function validateResources(
  errors: FieldErrors,
  at: string,
  { limits = {}, requests = {} }: ResourceRequirements,
  rules: VersionRules,
  validateName: NameCheck = validateContainerResourceName,
): void {
  for (const [name, quantity] of Object.entries(limits)) {
    const field = `${at}.limits[${name}]`;
    validateName(errors, field, name);
    validateAmount(errors, field, name, quantity);
    if (isHugePages(name)) validateHugePages(errors, field, name, quantity);
    validateGate(errors, `${at}.limits`, name, rules);
  }
  for (const [name, quantity] of Object.entries(requests)) {
    const field = `${at}.requests[${name}]`;
    validateName(errors, field, name);
    validateAmount(errors, field, name, quantity);
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    validateAgainstLimit(errors, at, { name, quantity, limit }, rules);
    if (isHugePages(name)) validateHugePages(errors, field, name, quantity);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(at, 'HugePages require cpu or memory');
  }
}

/** What can be limited only where it is turned on; requests are not looked at. */
function validateGate(errors: FieldErrors, at: string, name: string, rules: VersionRules): void {
  const detail = 'field disabled by feature-gate for ResourceRequirements';
  if (name === 'ephemeral-storage' && refusesLocalStorage(rules)) {
    errors.forbidden(at, `ResourceEphemeralStorage ${detail}`);
  }
  const huge = isHugePages(name) && rules.before('1.14') && rules.atLeast('1.8');
  if (huge && !rules.gate('HugePages')) errors.forbidden(at, `${name} ${detail}`);
}

/** What is not native cannot be overcommitted. */
function validateAgainstLimit(
  errors: FieldErrors,
  at: string,
  { name, quantity, limit }: { name: string; quantity: string; limit: string | undefined },
  rules: VersionRules,
): void {
  const overcommit = isOvercommitAllowed(name);
  if (limit === undefined) {
    const detail = 'Limit must be set for non overcommitable resources';
    if (!overcommit) errors.required(`${at}.limits`, detail);
    return;
  }
  const order = compareQuantities(quantity, limit);
  if (order === 0 || (order < 0 && overcommit)) return;
  const what = rules.before('1.27') ? `${name} limit` : `${name} limit of ${limit}`;
  const bound = overcommit ? 'less than or equal to' : 'equal to';
  errors.invalid(`${at}.requests`, quantity, `must be ${bound} ${what}`);
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
