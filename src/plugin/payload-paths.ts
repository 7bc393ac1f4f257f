import { byteLength, OperationError } from '../base/index.ts';
import { cleanPath, parentOf } from './go-path.ts';
import type { Payload } from './payload.ts';

const MAX_PATH = 4096;
const MAX_NAME = 255;

/**
 * A payload with its paths cleaned. Throws an OperationError for a path that leaves the volume or hides in it.
 * Models pkg/volume/util/atomic_writer.go validatePayload.
 */
export function cleanPayload(payload: Payload): Payload {
  const clean: Map<
    string,
    Payload extends ReadonlyMap<string, infer File> ? File : never
  > = new Map();
  for (const [path, file] of payload) {
    validatePath(path);
    clean.set(cleanPath(path), file);
  }
  return clean;
}

/** Models pkg/volume/util/atomic_writer.go validatePath. */
export function validatePath(path: string): void {
  if (path === '') throw invalid('must not be empty: ""');
  if (path.startsWith('/')) throw invalid(`must be relative path: ${path}`);
  if (byteLength(path) > MAX_PATH) {
    throw invalid(`must be less than or equal to ${MAX_PATH} characters`);
  }
  const items = path.split('/');
  if (items.includes('..')) throw invalid(`must not contain '..': ${path}`);
  if (items.some((item) => byteLength(item) > MAX_NAME)) {
    throw invalid(`filenames must be less than or equal to ${MAX_NAME} characters`);
  }
  if (/^\.\../.test(path)) throw invalid(`must not start with '..': ${path}`);
}

function invalid(why: string): OperationError {
  return new OperationError(`invalid path: ${why}`);
}

/** The first element of each path, once: the names that users see in the volume. */
export function firstElements(paths: Iterable<string>): Set<string> {
  const names = new Set<string>();
  for (const path of paths) names.add(path.split('/', 1)[0] ?? path);
  return names;
}

/** What is there and is neither in the payload nor a directory of it. Models pathsToRemove. */
export function obsoletePaths(existing: Iterable<string>, payload: Payload): Set<string> {
  const wanted = new Set<string>();
  for (const path of payload.keys()) {
    for (let part = path; part !== ''; part = parentOf(part)) wanted.add(part);
  }
  const obsolete = new Set<string>();
  for (const path of existing) if (!wanted.has(path)) obsolete.add(path);
  return obsolete;
}
