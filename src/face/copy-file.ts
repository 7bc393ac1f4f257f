import { getValidCopyFileMode } from '@jsonjoy.com/fs-node/lib/cp.js';
import { fail, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } from '../kernel/index.ts';
import { type FaceState, onPaths, wantWrite } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { toPath } from './paths.ts';
import type { OpenFile } from './system.ts';
import { sys } from './system.ts';

const copyExclusive = 1;
const cloneForced = 4;
const chunkSize = 1 << 16;

/** Copies a file's bytes and mode. Models uv__fs_copyfile of libuv. */
export function copyFileSync(state: FaceState, src: unknown, dest: unknown, mode?: unknown): void {
  const names = [toPath(src, 'src'), toPath(dest, 'dest')] as const;
  const flags = getValidCopyFileMode(mode);
  wantWrite(state, 'copyfile', ...names);
  onPaths(state, 'copyfile', names, (_, from, to) => copyFile(state, from, to, flags));
}

function copyFile(state: FaceState, from: string, to: string, flags: number): void {
  const source = sys.open(state.caller, from, O_RDONLY, 0);
  try {
    copyInto(state, source, to, flags);
  } finally {
    sys.close(source);
  }
}

function copyInto(state: FaceState, source: OpenFile, to: string, flags: number): void {
  const exclusive = (flags & copyExclusive) !== 0;
  const { dev, ino, mode } = sys.fstat(source);
  const create = O_WRONLY | O_CREAT | (exclusive ? O_EXCL : 0);
  const target = sys.open(state.caller, to, create, 0o666);
  try {
    const found = sys.fstat(target);
    if (found.dev === dev && found.ino === ino) return;
    if (!exclusive) sys.ftruncate(target, 0);
    sys.fchmod(state.caller, target, mode & 0o7777);
    if ((flags & cloneForced) !== 0)
      fail(isType(mode, fileType.directory) ? 'EISDIR' : 'EOPNOTSUPP');
    pump(source, target);
  } catch (error) {
    sys.unlink(state.caller, to);
    throw error;
  } finally {
    sys.close(target);
  }
}

function pump(source: OpenFile, target: OpenFile): void {
  const chunk = new Uint8Array(chunkSize);
  for (let read = 1; read > 0; ) {
    read = sys.read(source, chunk, 0, chunk.length);
    for (let at = 0; at < read; ) at += sys.write(target, chunk, at, read - at);
  }
}
