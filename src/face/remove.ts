import { createEisdirError } from '@jsonjoy.com/fs-core';
import { validateBoolean, validateObject } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import type { Caller } from '../kernel/index.ts';
import { isKernelError } from '../kernel/index.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath, wantWrite } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { toPath } from './paths.ts';
import { sys } from './system.ts';

/** The options of `rm`; retries make no sense where nothing else runs meanwhile, and are not made. */
export interface RmOptions {
  readonly force?: boolean;
  readonly recursive?: boolean;
  readonly maxRetries?: number;
  readonly retryDelay?: number;
}

/** Removes a file, or with `recursive` a whole tree; links are removed, never followed. Models rmSync of Node. */
export function rmSync(state: FaceState, path: unknown, options: RmOptions = {}): void {
  validateObject(options, 'options');
  for (const name of ['force', 'recursive'] as const) {
    if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
  }
  const name = toPath(path);
  if (!findsFile(state, name, options.force === true)) return;
  wantWrite(state, 'rm', name);
  if (isType(sys.lstat(state.caller, name).mode, fileType.directory) && !options.recursive) {
    throw createEisdirError('rm', name);
  }
  removeTree(state.caller, name);
}

/** rmdir(2); the `recursive` option, which Node is about to drop, removes a tree. */
export function rmdirSync(
  state: FaceState,
  path: unknown,
  options?: { readonly recursive?: boolean },
): void {
  wantWrite(state, 'rmdir', path);
  if (options?.recursive) removeDirectory(state, path);
  else onPath(state, 'rmdir', path, sys.rmdir);
}

function removeDirectory(state: FaceState, path: unknown): void {
  const stat = onPath(state, 'rmdir', path, sys.lstat);
  if (!isType(stat.mode, fileType.directory)) onPath(state, 'rmdir', path, sys.rmdir);
  removeTree(state.caller, toPath(path));
}

function findsFile(state: FaceState, path: string, force: boolean): boolean {
  try {
    sys.lstat(state.caller, path);
    return true;
  } catch (error) {
    if (force && isKernelError(error, 'ENOENT')) return false;
    throw asNodeError(error, 'lstat', path);
  }
}

function removeTree(caller: Caller, path: string): void {
  if (!isType(attempt('lstat', path, () => sys.lstat(caller, path)).mode, fileType.directory)) {
    attempt('unlink', path, () => sys.unlink(caller, path));
    return;
  }
  for (const { name } of attempt('scandir', path, () => sys.readdir(caller, path))) {
    removeTree(caller, path.endsWith('/') ? path + name : `${path}/${name}`);
  }
  attempt('rmdir', path, () => sys.rmdir(caller, path));
}

function attempt<Result>(syscall: string, path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw asNodeError(error, syscall, path);
  }
}
