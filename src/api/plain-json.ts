import { ApiError } from './api-error.ts';

/** Deeper than this nothing is read; the API server has a limit too. */
const MAX_DEPTH = 1000;

/**
 * Throws ApiError BadRequest, with the path, for what is no JSON: something that contains itself, that is too deep, or a value such as
 * a function. Only what a program gives can be so; nothing that was read from a text is.
 */
export function demandJson(value: unknown): void {
  check(value, '', new Set());
}

function check(value: unknown, path: string, above: Set<object>): void {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw ApiError.badRequest(`json: unsupported type: ${typeof value}${at(path)}`);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw ApiError.badRequest(`json: unsupported value: ${value}${at(path)}`);
  }
  if (typeof value !== 'object' || value === null) return;
  if (above.has(value)) throw ApiError.badRequest(`json: a value contains itself${at(path)}`);
  if (above.size >= MAX_DEPTH) throw ApiError.badRequest('json: exceeded max depth');
  above.add(value);
  for (const [key, part] of Object.entries(value)) {
    check(part, path === '' ? key : `${path}.${key}`, above);
  }
  above.delete(value);
}

function at(path: string): string {
  return path === '' ? '' : ` (${path.length > 200 ? `${path.slice(0, 200)}…` : path})`;
}
