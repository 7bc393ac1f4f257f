import { validateBoolean } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import type { Caller } from '../kernel/index.ts';
import { fail, isKernelError, readPath } from '../kernel/index.ts';
import { optionsOf, permissionsOf } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath, shownPath, wantWrite } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { encodeName, toPath } from './paths.ts';
import { sys } from './system.ts';

/** mkdir(2), or with `recursive` as `mkdir -p`, which gives the first directory that it made. */
export function mkdirSync(state: FaceState, path: unknown, options?: unknown): string | undefined {
  const { recursive = false, mode = 0o777 } = mkdirOptions(options);
  const name = toPath(path);
  validateBoolean(recursive, 'options.recursive');
  const bits = permissionsOf(mode);
  if (!recursive) {
    wantWrite(state, 'mkdir', name);
    onPath(state, 'mkdir', name, (caller, at) => sys.mkdir(caller, at, bits));
    return undefined;
  }
  return onPath(state, 'mkdir', name, (caller, at) => {
    if (state.readOnly && !isDirectory(caller, at)) fail('EROFS');
    const first = makeAll(caller, readPath(caller, at), bits);
    return first && shownPath(state, first);
  });
}

function mkdirOptions(options: unknown): { readonly recursive?: boolean; readonly mode?: unknown } {
  if (typeof options === 'number' || typeof options === 'string') return { mode: options };
  return typeof options === 'object' && options !== null ? options : {};
}

/**
 * Makes a directory with a name that is not taken: the prefix and six characters, which depend on the kernel's
 * counter alone, so that the same run gives the same names.
 */
export function mkdtempSync(
  state: FaceState,
  prefix: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  const start = toPath(prefix, 'prefix');
  wantWrite(state, 'mkdtemp', `${start}XXXXXX`);
  const caller = { ...state.caller, umask: 0 };
  for (let attempt = 0; ; attempt++) {
    const path = start + temporaryName(start, attempt);
    try {
      sys.mkdir(caller, path, 0o700);
      return encodeName(path, encoding);
    } catch (error) {
      if (!isKernelError(error, 'EEXIST') || attempt > attemptsMax) {
        throw asNodeError(error, 'mkdtemp', `${start}XXXXXX`);
      }
    }
  }
}

const attemptsMax = 10_000;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Six letters from the prefix and a number: FNV-1a, mixed once more so that neighbours look unlike. */
function temporaryName(prefix: string, number: number): string {
  let hash = 0x811c9dc5;
  for (const char of `${prefix}#${number}`)
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  let name = '';
  for (let i = 0; i < 6; i++) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + i;
    name += letters[(hash >>> 0) % letters.length];
  }
  return name;
}

/** Models MKDirpSync in Node's src/node_file.cc, its errors included. */
function makeAll(caller: Caller, path: string, mode: number): string | undefined {
  let first: string | undefined;
  const rest = [path.replace(/(?<=.)\/+$/, '')];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    const made = makeOne(caller, at, mode);
    if (made === 'made') first ??= at;
    if (made !== 'no parent') continue;
    const parent = parentPath(at);
    if (parent === at || first !== undefined) fail('ENOENT');
    rest.push(at, parent);
  }
  return first;

  function makeOne(by: Caller, at: string, bits: number): 'made' | 'there' | 'no parent' {
    try {
      sys.mkdir(by, at, bits);
      return 'made';
    } catch (error) {
      if (isKernelError(error, 'ENOENT') && at !== '' && !isLink(by, at)) return 'no parent';
      if (isDirectory(by, at)) return 'there';
      if (isKernelError(error, 'EEXIST')) {
        sys.stat(by, path);
        if (rest.length > 0) fail('ENOTDIR');
      }
      throw error;
    }
  }
}

function parentPath(path: string): string {
  const slash = path.replace(/\/+[^/]*$/, '');
  if (slash !== path) return slash || '/';
  return path;
}

function isDirectory(caller: Caller, path: string): boolean {
  try {
    return isType(sys.stat(caller, path).mode, fileType.directory);
  } catch {
    return false;
  }
}

function isLink(caller: Caller, path: string): boolean {
  try {
    return isType(sys.lstat(caller, path).mode, fileType.symlink);
  } catch {
    return false;
  }
}
