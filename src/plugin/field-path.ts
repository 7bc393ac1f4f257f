import type { Pod } from '../api/index.ts';
import { compare, type DeepReadonly, OperationError, quoted } from '../base/index.ts';

/**
 * The text of a field of a Pod, for a volume or a variable. Throws an OperationError for a path that there is not.
 * Models pkg/fieldpath/fieldpath.go ExtractFieldPathAsString.
 */
export function extractFieldPath(pod: DeepReadonly<Pod>, fieldPath: string): string {
  const { metadata } = pod;
  const [path, key] = splitSubscript(fieldPath);
  if (key !== undefined) return subscripted(pod, fieldPath, path, key);
  switch (fieldPath) {
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    default:
      throw new OperationError(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** One line `key="value"` per entry, sorted by key, the value as Go quotes it; no line break at the end. */
export function formatMap(map: DeepReadonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => compare(a, b));
  return entries.map(([key, value]) => `${key}=${quoted(value)}`).join('\n');
}

/** `metadata.labels['k']` is path and key; anything else is a path alone. Models SplitMaybeSubscriptedPath. */
function splitSubscript(fieldPath: string): [path: string, key: string | undefined] {
  const open = fieldPath.indexOf("['");
  if (!fieldPath.endsWith("']") || open <= 0 || open + 2 > fieldPath.length - 2) {
    return [fieldPath, undefined];
  }
  return [fieldPath.slice(0, open), fieldPath.slice(open + 2, -2)];
}

function subscripted(
  { metadata }: DeepReadonly<Pod>,
  fieldPath: string,
  path: string,
  key: string,
): string {
  const maps = { 'metadata.annotations': metadata.annotations, 'metadata.labels': metadata.labels };
  if (path !== 'metadata.annotations' && path !== 'metadata.labels') {
    throw new OperationError(`fieldPath ${quoted(fieldPath)} does not support subscript`);
  }
  const wrong = qualifiedNameErrors(path === 'metadata.annotations' ? key.toLowerCase() : key);
  if (wrong.length > 0) {
    throw new OperationError(`invalid key subscript in ${fieldPath}: ${wrong.join(';')}`);
  }
  return maps[path]?.[key] ?? '';
}

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_RULE =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " +
  "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Models apimachinery's util/validation IsQualifiedName. */
function qualifiedNameErrors(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${NAME_RULE.replace('name part ', '')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [name = '', prefix] = [...parts].reverse();
  const errors: string[] = [];
  if (prefix === '') errors.push('prefix part must be non-empty');
  else if (prefix !== undefined && !SUBDOMAIN.test(prefix)) errors.push(SUBDOMAIN_RULE);
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push('name part must be no more than 63 characters');
  if (!NAME.test(name)) errors.push(NAME_RULE);
  return errors;
}
