import { isKernelError, MAY_WRITE } from '../kernel/index.ts';
import { accessBits } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onFile, onPath, wantWrite } from './face-state.ts';
import { toPath } from './paths.ts';
import { StatFs } from './stat-fs.ts';
import { makeStats, type Stats } from './stats.ts';
import { sys } from './system.ts';

/** The options of `stat`: bigint fields; undefined instead of ENOENT. */
export interface StatOptions {
  readonly bigint?: boolean;
  readonly throwIfNoEntry?: boolean;
}

type AnyStats = Stats<number> | Stats<bigint>;

export function statSync(
  state: FaceState,
  path: unknown,
  options?: StatOptions,
): AnyStats | undefined {
  const name = toPath(path);
  try {
    return makeStats(sys.stat(state.caller, name), options?.bigint);
  } catch (error) {
    if (isAbsent(error, options)) return undefined;
    throw asNodeError(error, 'stat', name);
  }
}

export function lstatSync(
  state: FaceState,
  path: unknown,
  options?: StatOptions,
): AnyStats | undefined {
  const name = toPath(path);
  try {
    return makeStats(sys.lstat(state.caller, name), options?.bigint);
  } catch (error) {
    if (isAbsent(error, options)) return undefined;
    throw asNodeError(error, 'lstat', name);
  }
}

export function fstatSync(state: FaceState, fd: unknown, options?: StatOptions): AnyStats {
  return onFile(state, 'fstat', fd, (file) => makeStats(sys.fstat(file), options?.bigint));
}

/** Whether access(2) succeeds; a path that is not one is simply not there. */
export function existsSync(state: FaceState, path: unknown): boolean {
  try {
    sys.stat(state.caller, toPath(path));
    return true;
  } catch {
    return false;
  }
}

export function accessSync(state: FaceState, path: unknown, mode?: unknown): void {
  const name = toPath(path);
  const bits = accessBits(mode);
  if ((bits & MAY_WRITE) !== 0) wantWrite(state, 'access', name);
  onPath(state, 'access', name, (caller, at) => sys.access(caller, at, bits));
}

export function statfsSync(
  state: FaceState,
  path: unknown,
  options?: { readonly bigint?: boolean },
): StatFs<number> | StatFs<bigint> {
  return onPath(state, 'statfs', toPath(path), (caller, name) => {
    const numbers = sys.statfs(caller, name);
    return options?.bigint ? new StatFs(numbers, BigInt) : new StatFs(numbers, Number);
  });
}

function isAbsent(error: unknown, options: StatOptions | undefined): boolean {
  return options?.throwIfNoEntry === false && isKernelError(error, 'ENOENT');
}
