import { type Caller, isKernelError, readPath } from '../kernel/index.ts';
import { optionsOf } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath, shownPath } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { encodeName, toPath } from './paths.ts';
import { sys } from './system.ts';

/**
 * The path without links, found one component after another: what is before a `..` has to be there.
 *
 * Models realpathSync of Node's lib/fs.js, which names in its errors the component that failed.
 */
export function realpathSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  const name = readPath(state.caller, toPath(path));
  const found = name.startsWith('/') ? [] : namesOf(sys.realpath(state.caller, '.'));
  let pending = namesOf(name);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (next === '..') {
      found.pop();
      continue;
    }
    const link = linkTarget(state, `/${[...found, next].join('/')}`);
    const target = link && readPath(state.caller, link);
    if (target === undefined) found.push(next);
    else {
      if (target.startsWith('/')) found.length = 0;
      pending = [...namesOf(target), ...pending];
    }
  }
  return encodeName(shownPath(state, `/${found.join('/')}`), encoding);
}

/** The path without links as realpath(3) of the C library gives it. */
export function realpathNativeSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  const found = onPath(state, 'realpath', toPath(path), sys.realpath);
  return encodeName(shownPath(state, found), encoding);
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** What a link says; nothing for what is no link. Node names a link that leads nowhere, or to itself. */
function linkTarget(state: FaceState, at: string): string | undefined {
  const { caller } = state;
  const shown = shownPath(state, at);
  const { mode } = look('lstat', shown, () => sys.lstat(caller, at));
  if (!isType(mode, fileType.symlink)) return undefined;
  try {
    sys.stat(caller, at);
  } catch (error) {
    if (isKernelError(error, 'ELOOP')) throw asNodeError(error, 'stat', shown);
    if (isKernelError(error, 'ENOENT') && !hasPath(caller, at)) {
      throw asNodeError(error, 'stat', shown);
    }
  }
  return sys.readlink(caller, at);
}

/** Whether a link leads somewhere by its text: the caller's own root may be covered, so that `..` leads elsewhere than in a path. */
function hasPath(caller: Caller, at: string): boolean {
  try {
    sys.realpath(caller, at);
    return true;
  } catch (error) {
    if (isKernelError(error)) return false;
    throw error;
  }
}

function look<Result>(syscall: string, path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw asNodeError(error, syscall, path);
  }
}
