import { ApiError } from './api-error.ts';
import { copyOf, deepEqual, setOwn } from './freeze.ts';
import { isPlain, own, type Plain } from './strategic.ts';

/**
 * JSON patch: `add`, `remove`, `replace`, `move`, `copy`, `test`, one after the other on a copy. Throws ApiError: BadRequest for a patch
 * that cannot be read, Invalid for one that cannot be done. Models RFC 6902.
 */
export function jsonPatch(target: Plain, patch: object): unknown {
  if (!Array.isArray(patch)) {
    throw ApiError.badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  let document: unknown = copyOf(target);
  for (const operation of patch) document = applied(document, operation);
  return document;
}

function applied(document: unknown, operation: unknown): unknown {
  if (!isPlain(operation)) throw ApiError.badRequest('error decoding patch: not an operation');
  const { op, path, from, value } = operation;
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) {
    throw ApiError.badRequest(`error decoding patch: bad path ${JSON.stringify(path)}`);
  }
  switch (op) {
    case 'add':
      return put(document, path, copyOf(value), true);
    case 'replace':
      read(document, path, op);
      return put(document, path, copyOf(value), false);
    case 'remove':
      return take(document, path);
    case 'test':
      if (!deepEqual(read(document, path, op), value)) {
        throw refused(`testing value ${path} failed: test failed`);
      }
      return document;
    case 'copy':
    case 'move':
      return moved(document, op, String(from), path);
    default:
      throw refused(`Unexpected kind: ${String(op)}`);
  }
}

function moved(document: unknown, op: string, from: string, path: string): unknown {
  const value = copyOf(read(document, from, op));
  return put(op === 'move' ? take(document, from) : document, path, value, true);
}

function tokens(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function parentOf(document: unknown, path: string, op: string): [parent: unknown, key: string] {
  const parts = tokens(path);
  const key = parts.pop() ?? '';
  let at = document;
  for (const part of parts) {
    at = Array.isArray(at) ? at[indexOf(part, at.length)] : isPlain(at) ? own(at, part) : undefined;
    if (at === undefined) throw missing(op, path);
  }
  return [at, key];
}

function read(document: unknown, path: string, op: string): unknown {
  if (path === '') return document;
  const [parent, key] = parentOf(document, path, op);
  const value = Array.isArray(parent)
    ? parent[indexOf(key, parent.length)]
    : isPlain(parent)
      ? own(parent, key)
      : undefined;
  if (value === undefined && op !== 'test') throw missing(op, path);
  return value;
}

function put(document: unknown, path: string, value: unknown, insert: boolean): unknown {
  if (path === '') return value;
  const [parent, key] = parentOf(document, path, 'add');
  if (Array.isArray(parent)) {
    if (!insert) parent[indexOf(key, parent.length)] = value;
    else parent.splice(key === '-' ? parent.length : indexOf(key, parent.length + 1), 0, value);
  } else if (isPlain(parent)) setOwn(parent, key, value);
  else throw missing('add', path);
  return document;
}

function take(document: unknown, path: string): unknown {
  read(document, path, 'remove');
  const [parent, key] = parentOf(document, path, 'remove');
  if (Array.isArray(parent)) parent.splice(indexOf(key, parent.length), 1);
  else if (isPlain(parent)) delete parent[key];
  return document;
}

function indexOf(text: string, length: number): number {
  const index = /^(0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  if (!(index < length)) throw refused(`Unable to access invalid index: ${text}`);
  return index;
}

function missing(op: string, path: string): ApiError {
  return refused(`${op} operation does not apply: doc is missing path: ${path}: missing value`);
}

function refused(message: string): ApiError {
  return new ApiError(
    'Invalid',
    `the server rejected our request due to an error in our request: ${message}`,
  );
}
