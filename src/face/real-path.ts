import { optionsOf } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { encodeName, toPath } from './paths.ts';
import { sys } from './system.ts';

/**
 * The path without links, found by text, one component after another: `..` goes with what is before it, whatever that is.
 *
 * Models realpathSync of Node's lib/fs.js, which names in its errors the component that failed.
 */
export function realpathSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  const seen = new Map<string, string>();
  let pending = partsOf(state, toPath(path));
  const found: string[] = [];
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    found.push(name);
    const target = linkTarget(state, `/${found.join('/')}`, seen);
    if (target === undefined) continue;
    found.pop();
    pending = simplified([
      ...(target.startsWith('/') ? [] : found),
      ...target.split('/'),
      ...pending,
    ]);
    found.length = 0;
  }
  return encodeName(`/${found.join('/')}`, encoding);
}

/** The path without links as realpath(3) of the C library gives it. */
export function realpathNativeSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  return encodeName(onPath(state, 'realpath', toPath(path), sys.realpath), encoding);
}

function partsOf(state: FaceState, path: string): string[] {
  const start = path.startsWith('/') ? '' : sys.realpath(state.caller, '.');
  return simplified([...start.split('/'), ...path.split('/')]);
}

/** The names of an absolute path without `.`, and with `..` taken off by text. */
function simplified(names: readonly string[]): string[] {
  const out: string[] = [];
  for (const name of names) {
    if (name === '..') out.pop();
    else if (name !== '' && name !== '.') out.push(name);
  }
  return out;
}

/** What a link says, if it leads somewhere; nothing for what is no link. */
function linkTarget(state: FaceState, at: string, seen: Map<string, string>): string | undefined {
  const stat = look('lstat', at, () => sys.lstat(state.caller, at));
  if (!isType(stat.mode, fileType.symlink)) return undefined;
  const id = `${stat.dev}:${stat.ino}`;
  let target = seen.get(id);
  if (target === undefined) {
    look('stat', at, () => sys.stat(state.caller, at));
    target = sys.readlink(state.caller, at);
    seen.set(id, target);
  }
  return target;
}

function look<Result>(syscall: string, path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw asNodeError(error, syscall, path);
  }
}
