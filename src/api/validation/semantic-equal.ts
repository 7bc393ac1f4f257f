import { compareQuantities, parseQuantity } from '../../base/index.ts';

/** Fields that hold quantities, or maps of them. */
const QUANTITIES: ReadonlySet<string> = new Set([
  'limits',
  'requests',
  'overhead',
  'sizeLimit',
  'divisor',
]);

/** Fields whose zero says the same as their absence: upstream has no pointer there. */
const ZERO_IS_ABSENT: ReadonlySet<string> = new Set([
  'readOnly',
  'stdin',
  'stdinOnce',
  'tty',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostPort',
  'partition',
  'initialDelaySeconds',
  'chapAuthDiscovery',
  'chapAuthSession',
  'sslEnabled',
]);

/** Strings that are absent or empty, which is not the same. */
const POINTERS: ReadonlySet<string> = new Set([
  'apiGroup',
  'storageClassName',
  'volumeAttributesClassName',
  'runtimeClassName',
  'secretNamespace',
]);

/** Whether two pieces of a Pod mean the same. Models apimachinery's Semantic.DeepEqual. */
export function semanticEqual(a: unknown, b: unknown, field = '', quantities = false): boolean {
  if (a === b) return true;
  if (isAbsent(a, field) && isAbsent(b, field)) return true;
  if (typeof a === 'string' && typeof b === 'string') return quantities && sameQuantity(a, b);
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== b['length']) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => {
    const name = Array.isArray(a) ? field : key;
    return semanticEqual(a[key], b[key], name, quantities || QUANTITIES.has(key));
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAbsent(value: unknown, field: string): boolean {
  if (value === undefined) return true;
  if (value === '') return !POINTERS.has(field);
  if (value === false || value === 0) return ZERO_IS_ABSENT.has(field);
  return Array.isArray(value) && value.length === 0;
}

function sameQuantity(a: string, b: string): boolean {
  const both = parseQuantity(a) !== undefined && parseQuantity(b) !== undefined;
  return both && compareQuantities(a, b) === 0;
}
