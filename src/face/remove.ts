import { createEisdirError } from '@jsonjoy.com/fs-core';
import {
  validateBoolean,
  validateInt32,
  validateObject,
  validateUint32,
} from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import type { Caller, Stat } from '../kernel/index.ts';
import { isKernelError } from '../kernel/index.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath, wantWrite } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { entriesOf, joinName } from './list.ts';
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
export function rmSync(state: FaceState, path: unknown, options?: RmOptions): void {
  const name = toPath(path);
  const { force, recursive } = removeOptions(options);
  if (!force || !recursive) {
    const stat = findFile(state.caller, name, force);
    if (stat === undefined) return;
    if (isType(stat.mode, fileType.directory) && !recursive) throw createEisdirError('rm', name);
  }
  wantWrite(state, 'rm', name);
  removeTree(state.caller, name);
}

/** rmdir(2); the `recursive` option, which Node is about to drop, removes a tree. */
export function rmdirSync(state: FaceState, path: unknown, options?: RmOptions): void {
  const name = toPath(path);
  if (options !== undefined) removeOptions({ ...asObject(options), force: false });
  wantWrite(state, 'rmdir', name);
  if (options?.recursive && isDirectory(state.caller, name)) removeTree(state.caller, name);
  else onPath(state, 'rmdir', name, sys.rmdir);
}

function asObject(options: RmOptions): RmOptions {
  validateObject(options, 'options');
  return options;
}

/** Models validateRmOptions and validateRmdirOptions of Node's lib/internal/fs/utils.js. */
function removeOptions(given: RmOptions | undefined): { force: boolean; recursive: boolean } {
  if (given === undefined) return { force: false, recursive: false };
  validateObject(given, 'options');
  const { force = false, recursive = false, retryDelay = 100, maxRetries = 0 } = given;
  validateBoolean(recursive, 'options.recursive');
  validateBoolean(force, 'options.force');
  validateInt32(retryDelay, 'options.retryDelay', 0);
  validateUint32(maxRetries, 'options.maxRetries');
  return { force, recursive };
}

function findFile(caller: Caller, path: string, force: boolean): Stat | undefined {
  try {
    return sys.lstat(caller, path);
  } catch (error) {
    if (force && isKernelError(error, 'ENOENT')) return undefined;
    throw asNodeError(error, 'lstat', path);
  }
}

function isDirectory(caller: Caller, path: string): boolean {
  const stat = attempt('lstat', path, () => sys.lstat(caller, path));
  return isType(stat.mode, fileType.directory);
}

/** Models rimrafSync of Node's lib/internal/fs/rimraf.js: what cannot be looked at is unlinked, a directory first tried empty. */
function removeTree(caller: Caller, path: string): void {
  try {
    if (isType(sys.lstat(caller, path).mode, fileType.directory)) {
      removeDirectory(caller, path);
      return;
    }
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return;
    if (!isKernelError(error)) throw error;
  }
  attempt('unlink', path, () => sys.unlink(caller, path));
}

function removeDirectory(caller: Caller, path: string): void {
  try {
    sys.rmdir(caller, path);
    return;
  } catch (error) {
    if (!isKernelError(error, 'ENOTEMPTY')) throw asNodeError(error, 'rmdir', path);
  }
  for (const { name } of entriesOf(caller, path)) {
    removeTree(caller, joinName(path, name));
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
