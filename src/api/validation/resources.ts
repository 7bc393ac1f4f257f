import { compareQuantities, quantityMilliValue } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { ResourceRequirements } from '../types.ts';
import { isQualifiedName } from './names.ts';

const CONTAINER_RESOURCES: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
const OTHER_RESOURCES: readonly string[] = [
  'storage',
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'requests.storage',
  ...CONTAINER_RESOURCES.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
];

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
  const names = Object.keys({ ...limits, ...requests });
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(at, 'HugePages require cpu or memory');
  }
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

function validateResource(
  errors: FieldErrors,
  field: string,
  name: string,
  quantity: string,
): void {
  validateName(errors, field, name);
  if (compareQuantities(quantity, '0') < 0) {
    errors.invalid(field, quantity, 'must be greater than or equal to 0');
  }
  if (!isNative(name) && quantityMilliValue(quantity) % 1000 !== 0) {
    errors.invalid(field, quantity, 'must be an integer');
  }
  if (isHugePages(name) && field.includes('.limits[')) {
    validateHugePages(errors, field, name, quantity);
  }
}

/** Models validateContainerResourceName. */
function validateName(errors: FieldErrors, field: string, name: string): void {
  const texts = isQualifiedName(name);
  for (const text of texts) errors.invalid(field, name, text);
  const own = CONTAINER_RESOURCES.includes(name) || isHugePages(name);
  if (!name.includes('/')) {
    if (texts.length === 0 && !own && !OTHER_RESOURCES.includes(name)) {
      errors.invalid(field, name, 'must be a standard resource type or fully qualified');
    }
    if (!own) errors.invalid(field, name, 'must be a standard resource for containers');
  } else if (!isNative(name)) {
    if (!name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0) return;
    errors.invalid(field, name, "doesn't follow extended resource name standard");
  }
}

/** What is not native cannot be overcommitted. */
function validateAgainstLimit(
  errors: FieldErrors,
  at: string,
  { name, quantity, limit }: { name: string; quantity: string; limit: string | undefined },
): void {
  const overcommit = isNative(name) && !isHugePages(name);
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
