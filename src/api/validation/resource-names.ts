import type { FieldErrors } from '../field-errors.ts';
import type { VersionRules } from '../versions.ts';
import { isQualifiedName } from './names.ts';

const CONTAINER_RESOURCES: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
const QUOTA_RESOURCES: readonly string[] = [
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
  ...CONTAINER_RESOURCES.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
];
const STANDARD_RESOURCES: readonly string[] = ['storage', ...QUOTA_RESOURCES];

/** `hugepages-2Mi`. */
export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isHugePagesOfQuota(name: string): boolean {
  return isHugePages(name) || name.startsWith('requests.hugepages-');
}

/** Kubernetes' own: without a prefix, or with one of kubernetes.io. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** A vendor's, which can be requested. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith('requests.')) return false;
  return isQualifiedName(`requests.${name}`).length === 0;
}

/** Whether more can be promised than there is. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name);
}

/** Whether a version refuses what is said of local storage; since 1.14 nobody looks. */
export function refusesLocalStorage(rules: VersionRules): boolean {
  return (
    rules.atLeast('1.8') && rules.before('1.14') && !rules.gate('LocalStorageCapacityIsolation')
  );
}

/** Whether a quota knows it by itself. */
export function isQuotaResource(name: string): boolean {
  return QUOTA_RESOURCES.includes(name) || isHugePagesOfQuota(name);
}

/** Models validateResourceName. */
export function validateResourceName(errors: FieldErrors, field: string, name: string): void {
  const texts = isQualifiedName(name);
  for (const text of texts) errors.invalid(field, name, text);
  if (texts.length > 0 || name.includes('/')) return;
  if (STANDARD_RESOURCES.includes(name) || isHugePagesOfQuota(name)) return;
  errors.invalid(field, name, 'must be a standard resource type or fully qualified');
}

/** Models validateContainerResourceName. */
export function validateContainerResourceName(
  errors: FieldErrors,
  field: string,
  name: string,
): void {
  validateResourceName(errors, field, name);
  if (!name.includes('/')) {
    if (CONTAINER_RESOURCES.includes(name) || isHugePages(name)) return;
    errors.invalid(field, name, 'must be a standard resource for containers');
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.invalid(field, name, "doesn't follow extended resource name standard");
  }
}

/** Models ValidateResourceQuotaResourceName. */
export function validateQuotaResourceName(
  errors: FieldErrors,
  field: string,
  name: string,
  rules: VersionRules,
): void {
  validateResourceName(errors, field, name);
  if (/^((requests|limits)\.)?ephemeral-storage$/.test(name) && refusesLocalStorage(rules)) {
    const detail = 'ResourceEphemeralStorage field disabled by feature-gate for ResourceQuota';
    return errors.forbidden(field, detail);
  }
  if (name.includes('/') || isQuotaResource(name)) return;
  errors.invalid(field, name, 'must be a standard resource for quota');
}
