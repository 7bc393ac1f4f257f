import { formatQuantity, parseQuantity } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type {
  DownwardAPIVolumeFile,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName } from '../names.ts';
import { fileMode, nonReserved, userId } from '../paths.ts';
import { refusesLocalStorage } from '../resource-names.ts';
import type { SourceRule } from './context.ts';

/** V36. The errors of items carry no index, so that those of several look the same. */
export const downwardAPI: SourceRule<{
  items?: DownwardAPIVolumeFile[];
  defaultMode?: number;
  defaultUser?: number;
}> = ({ items = [], defaultMode, defaultUser }, at, { errors, rules }) => {
  fileMode(errors, `${at}.defaultMode`, defaultMode);
  userId(errors, `${at}.defaultUser`, defaultUser);
  for (const item of items) validateFile(errors, at, item, rules);
};

function validateFile(
  errors: FieldErrors,
  at: string,
  item: DownwardAPIVolumeFile,
  rules: VersionRules,
): void {
  const { path = '', fieldRef, resourceFieldRef, mode, user } = item;
  if (path === '') errors.required(`${at}.path`);
  nonReserved(errors, `${at}.path`, path);
  if (fieldRef) {
    validateFieldRef(errors, `${at}.fieldRef`, fieldRef, VOLUME_FIELDS);
    if (resourceFieldRef) {
      const detail = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      errors.invalid(at, 'resource', detail);
    }
  } else if (resourceFieldRef) {
    const context = { errors, rules, volume: true };
    validateResourceRef(`${at}.resourceFieldRef`, resourceFieldRef, context);
  } else errors.required(at, 'one of fieldRef and resourceFieldRef is required');
  fileMode(errors, `${at}.mode`, mode);
  userId(errors, `${at}.user`, user);
}

/** Fields of a Pod that a volume may show; sorted. */
const VOLUME_FIELDS: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** Fields of a Pod that a variable may show; sorted. */
export const ENV_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...VOLUME_FIELDS,
  ...ENV_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** A reference to a field of the Pod. Models validateObjectFieldSelector. */
export function validateFieldRef(
  errors: FieldErrors,
  at: string,
  { apiVersion, fieldPath }: ObjectFieldSelector,
  supported: readonly string[],
): void {
  if (!apiVersion) return errors.required(`${at}.apiVersion`);
  if (!fieldPath) return errors.required(`${at}.fieldPath`);
  const [, subscripted, key = ''] = /^(.+?)\['(.*)'\]$/s.exec(fieldPath) ?? [];
  const reason = unconvertible(apiVersion, fieldPath, subscripted);
  if (reason) {
    return errors.invalid(`${at}.fieldPath`, fieldPath, `error converting fieldPath: ${reason}`);
  }
  if (subscripted !== undefined) return validateSubscript(errors, at, subscripted, key);
  const path = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!supported.includes(path)) errors.notSupported(`${at}.fieldPath`, path, supported);
}

/** Why a field of the API is none. Models ConvertDownwardAPIFieldLabel of pkg/apis/core/pods. */
function unconvertible(
  apiVersion: string,
  fieldPath: string,
  subscripted: string | undefined,
): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscripted === undefined) {
    const known = KNOWN_FIELDS.has(fieldPath) || fieldPath === 'spec.host';
    return known ? undefined : `field label not supported: ${fieldPath}`;
  }
  if (SUBSCRIPTED.includes(subscripted)) return undefined;
  return `field label does not support subscript: ${fieldPath}`;
}

const SUBSCRIPTED: readonly string[] = ['metadata.annotations', 'metadata.labels'];

/** One label or annotation: its key. */
function validateSubscript(errors: FieldErrors, at: string, path: string, key: string): void {
  const name = path === 'metadata.annotations' ? key.toLowerCase() : key;
  for (const text of isQualifiedName(name)) errors.invalid(at, name, text);
}

const RESOURCES: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** What the rules of a reference to a resource look at besides. */
interface ResourceRefContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  /** Whether it is of a volume, which says of which container. */
  readonly volume: boolean;
}

/** A reference to a resource of a container. Models validateContainerResourceFieldSelector. */
export function validateResourceRef(
  at: string,
  { containerName, resource, divisor }: ResourceFieldSelector,
  { errors, rules, volume }: ResourceRefContext,
): void {
  const huge = HUGE_PAGES.test(resource ?? '');
  if (volume && !containerName) errors.required(`${at}.containerName`);
  else if (!resource) errors.required(`${at}.resource`);
  else if (!huge && !RESOURCES.includes(resource)) {
    errors.notSupported(`${at}.resource`, resource, RESOURCES);
  } else if (resource.endsWith('.ephemeral-storage') && refusesLocalStorage(rules)) {
    const detail =
      "Containers' ephemeral storage requests/limits disabled by feature-gate for Downward API";
    errors.forbidden(at, detail);
  }
  if (huge || RESOURCES.includes(resource ?? '')) validateDivisor(errors, at, resource, divisor);
}

const HUGE_PAGES = /^(limits|requests)\.hugepages-/;

const BYTE_DIVISORS = [
  '1',
  '1k',
  '1M',
  '1G',
  '1T',
  '1P',
  '1E',
  '1Ki',
  '1Mi',
  '1Gi',
  '1Ti',
  '1Pi',
  '1Ei',
];

function validateDivisor(
  errors: FieldErrors,
  at: string,
  resource: string,
  divisor: string | undefined,
): void {
  const read = divisor === undefined ? undefined : parseQuantity(divisor);
  if (!read || read.nanos === 0n) return;
  const text = formatQuantity(read);
  if (resource.endsWith('.cpu')) {
    const detail = "only divisor's values 1m and 1 are supported with the cpu resource";
    if (text !== '1m' && text !== '1') errors.invalid(`${at}.divisor`, resource, detail);
    return;
  }
  if (BYTE_DIVISORS.includes(text)) return;
  const what = resource.endsWith('.memory')
    ? 'memory'
    : resource.endsWith('.ephemeral-storage')
      ? 'local ephemeral storage'
      : 'hugepages';
  const detail = `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${what} resource`;
  errors.invalid(`${at}.divisor`, resource, detail);
}
