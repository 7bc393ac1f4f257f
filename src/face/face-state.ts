import { posix } from 'node:path';
import { validateFd } from '@jsonjoy.com/fs-core';
import { type Caller, printPath, readPath } from '../kernel/index.ts';
import { asNodeError, nodeError } from './errors.ts';
import type { Inotify } from './inotify.ts';
import type { NodeFs } from './node-fs.ts';
import type { StatWatcher } from './stat-watcher.ts';
import type { OpenFile } from './system.ts';
import { sys } from './system.ts';

/** How a face behaves beside its caller's rights. */
export interface FaceOptions {
  /** Called before every operation; what it throws (a container that is gone) is what the operation throws or rejects with. */
  readonly guard?: () => void;
  /** Every change fails with EROFS, whatever the mounts allow. Default false. */
  readonly readOnly?: boolean;
}

/** What the calls of one face share. */
export interface FaceState {
  readonly caller: Caller;
  readonly guard: (() => void) | undefined;
  readonly readOnly: boolean;
  /** Open descriptors by number; made at the first open. */
  files: Map<number, OpenFile> | undefined;
  /** Who hears of changes; made at the first watch. */
  inotify: Inotify | undefined;
  /** Watchers of `watchFile` by path; made at the first. */
  statWatchers: Map<string, StatWatcher> | undefined;
  /** What the object's members are, each made when first asked for. */
  members: unknown[] | undefined;
  /** The object that users hold. */
  fs: NodeFs | undefined;
}

/** The first descriptor that a process opens: 0, 1 and 2 are its standard streams. */
const firstDescriptor = 3;

/** Gives an open file the lowest free number. Models alloc_fd in Linux's fs/file.c. */
export function addFile(state: FaceState, file: OpenFile): number {
  state.files ??= new Map();
  let fd = firstDescriptor;
  while (state.files.has(fd)) fd++;
  state.files.set(fd, file);
  return fd;
}

/**
 * The open file of a descriptor.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, EBADF for a number that is not open.
 */
export function fileOf(state: FaceState, fd: unknown, syscall: string): OpenFile {
  validateFd(fd);
  const file = state.files?.get(fd as number);
  if (file === undefined) throw nodeError('EBADF', syscall);
  return file;
}

/** Runs a kernel call on a path; its error becomes Node's. */
export function onPath<Result>(
  state: FaceState,
  syscall: string,
  path: string,
  call: (caller: Caller, path: string) => Result,
): Result {
  try {
    return call(state.caller, path);
  } catch (error) {
    throw asNodeError(error, syscall, path);
  }
}

/** Runs a kernel call on two paths. */
export function onPaths<Result>(
  state: FaceState,
  syscall: string,
  [from, to]: readonly [string, string],
  call: (caller: Caller, path: string, dest: string) => Result,
): Result {
  try {
    return call(state.caller, from, to);
  } catch (error) {
    throw asNodeError(error, syscall, from, to);
  }
}

/** Runs a kernel call on an open file. */
export function onFile<Result>(
  state: FaceState,
  syscall: string,
  fd: unknown,
  call: (file: OpenFile, caller: Caller) => Result,
): Result {
  const file = fileOf(state, fd, syscall);
  try {
    return call(file, state.caller);
  } catch (error) {
    throw asNodeError(error, syscall);
  }
}

/** Refuses a change through a read-only face. */
export function wantWrite(state: FaceState, syscall: string, path?: string, dest?: string): void {
  if (state.readOnly) throw nodeError('EROFS', syscall, path, dest);
}

/** An absolute path with `.` and `..` taken out by text, as Node's path.resolve does; from the working directory of the face. */
export function resolvePath({ caller }: FaceState, ...paths: readonly string[]): string {
  const read = paths.map((path) => readPath(caller, path));
  const start = read.some((path) => path.startsWith('/')) ? '/' : sys.realpath(caller, '.');
  return posix.resolve(start, ...read);
}

/** A path from which calls make others by its text: with `/` between its names. On Windows its drive stays. */
export function withSlashes({ caller }: FaceState, path: string): string {
  return caller.kernel.paths === undefined ? path : path.replaceAll('\\', '/');
}

/** A path that a call found, as programs of the system write it. */
export function shownPath({ caller }: FaceState, path: string): string {
  return printPath(caller, path);
}
