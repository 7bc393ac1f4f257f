import {
  getReadSyncArgs,
  getVectorArgs,
  getWriteSyncArgs,
} from '@jsonjoy.com/fs-node/lib/readWriteArgs.js';
import { fail, O_ACCMODE, O_CREAT, O_TRUNC } from '../kernel/index.ts';
import { bytesUnder, demandDescriptor, openFlags, permissionsOf } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { addFile, type FaceState, fileOf, onFile, onPath, wantWrite } from './face-state.ts';
import { toPath } from './paths.ts';
import type { OpenFile } from './system.ts';
import { sys } from './system.ts';

/** open(2) without a descriptor. Flags as Node takes them, `r` by default. */
export function openFile(state: FaceState, path: unknown, flags: unknown, mode: unknown): OpenFile {
  const name = toPath(path);
  const bits = openFlags(flags);
  const permissions = permissionsOf(mode, 0o666);
  if ((bits & (O_ACCMODE | O_CREAT | O_TRUNC)) !== 0) wantWrite(state, 'open', name);
  return onPath(state, 'open', name, (caller, at) => sys.open(caller, at, bits, permissions));
}

export function openSync(state: FaceState, path: unknown, flags?: unknown, mode?: unknown): number {
  return addFile(state, openFile(state, path, flags, mode));
}

export function closeSync(state: FaceState, fd: unknown): void {
  const file = fileOf(state, fd, 'close');
  state.files?.delete(fd as number);
  sys.close(file);
}

export function readSync(state: FaceState, ...args: readonly unknown[]): number {
  const [fd, view, a, b, c] = args;
  demandDescriptor(fd);
  const { buffer, offset, length, position } = getReadSyncArgs(args.length, view, a, b, c);
  return readAt(state, fd, { buffer, offset, length, position });
}

export function writeSync(
  state: FaceState,
  fd: unknown,
  data: unknown,
  a?: unknown,
  b?: unknown,
  c?: unknown,
): number {
  demandDescriptor(fd);
  const [, buffer, offset, length, position] = getWriteSyncArgs(fd as number, data, a, b, c);
  return writeAt(state, fd, { buffer, offset, length, position });
}

/** A part of a buffer, and where in the file; null is the descriptor's own position. */
export interface Transfer {
  readonly buffer: ArrayBufferView;
  readonly offset: number;
  readonly length: number;
  readonly position: number | null;
}

export function readAt(state: FaceState, fd: unknown, what: Transfer): number {
  return onFile(state, 'read', fd, (file) =>
    sys.read(file, bytesUnder(what.buffer), what.offset, what.length, what.position ?? undefined),
  );
}

export function writeAt(state: FaceState, fd: unknown, what: Transfer): number {
  return onFile(state, 'write', fd, (file) =>
    sys.write(file, bytesUnder(what.buffer), what.offset, what.length, what.position ?? undefined),
  );
}

export function readvSync(
  state: FaceState,
  fd: unknown,
  views: readonly ArrayBufferView[],
  position?: unknown,
): number {
  demandDescriptor(fd);
  const at = getVectorArgs(views, position);
  if (views.length === 0) onFile(state, 'read', fd, () => fail('EINVAL'));
  return eachView(views, at, (what) => readAt(state, fd, what));
}

export function writevSync(
  state: FaceState,
  fd: unknown,
  views: readonly ArrayBufferView[],
  position?: unknown,
): number {
  demandDescriptor(fd);
  return eachView(views, getVectorArgs(views, position), (what) => writeAt(state, fd, what));
}

export function fsyncSync(state: FaceState, fd: unknown): void {
  onFile(state, 'fsync', fd, sys.fsync);
}

export function fdatasyncSync(state: FaceState, fd: unknown): void {
  onFile(state, 'fdatasync', fd, sys.fsync);
}

/** Writes all of it, in as many calls as it takes. */
export function writeAll(file: OpenFile, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += sys.write(file, bytes, at, bytes.length - at);
  } catch (error) {
    throw asNodeError(error, 'write');
  }
}

/** Moves view after view, until one is moved in part. */
function eachView(
  views: readonly ArrayBufferView[],
  position: number | null,
  move: (what: Transfer) => number,
): number {
  let total = 0;
  for (const buffer of views) {
    const at = position === null ? null : position + total;
    const moved = move({ buffer, offset: 0, length: buffer.byteLength, position: at });
    total += moved;
    if (moved < buffer.byteLength) break;
  }
  return total;
}
