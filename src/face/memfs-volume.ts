import { Buffer } from 'node:buffer';
import type { cpSync } from '@jsonjoy.com/fs-node/lib/cp.js';
import { chmodSync, fchmodSync, ftruncateSync, utimesSync } from './attributes.ts';
import { type FaceState, fileOf } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { readdirSync } from './list.ts';
import { mkdirSync } from './make-directories.ts';
import { readlinkSync, symlinkSync, unlinkSync } from './names.ts';
import { closeSync, openSync, writeAt } from './open-files.ts';
import { existsSync, lstatSync, type StatOptions, statSync } from './status.ts';
import { sys } from './system.ts';

type MemfsVolume = Parameters<typeof cpSync>[0];

/** What memfs's `cp` looks at of an open file's inode. */
interface CopiedNode {
  readonly mode: number;
  isDirectory(): boolean;
  getSize(): number;
  getBuffer(): Buffer;
}

/** A face in the shape that memfs's `cp` needs: ten calls of a Volume, seven of its core. */
export function memfsVolume(state: FaceState): MemfsVolume {
  const volume = {
    _core: memfsCore(state),
    chmodSync: (path: string, mode: number) => chmodSync(state, path, mode & 0o7777),
    existsSync: (path: string) => existsSync(state, path),
    lstatSync: (path: string, options?: StatOptions) => lstatSync(state, path, options),
    mkdirSync: (path: string, options?: object) => mkdirSync(state, path, options),
    readdirSync: (path: string) => readdirSync(state, path),
    readlinkSync: (path: string) => readlinkSync(state, path),
    statSync: (path: string, options?: StatOptions) => statSync(state, path, options),
    symlinkSync: (target: string, path: string) => symlinkSync(state, target, path),
    unlinkSync: (path: string) => unlinkSync(state, path),
    utimesSync: (path: string, atime: Date, mtime: Date) => utimesSync(state, path, atime, mtime),
  };
  return volume as unknown as MemfsVolume;
}

function memfsCore(state: FaceState): object {
  const nodes = new Map<string, CopiedNode>();
  return {
    open: (path: string, flags: number, mode: number) => openSync(state, path, flags, mode),
    close: (fd: number) => closeSync(state, fd),
    unlink: (path: string) => unlinkSync(state, path),
    ftruncate: (fd: number, length: number) => ftruncateSync(state, fd, length),
    fchmod: (fd: number, mode: number) => fchmodSync(state, fd, mode & 0o7777),
    write: (fd: number, buffer: Buffer, offset: number, length: number, position: number) =>
      writeAt(state, fd, { buffer, offset, length, position }),
    getFileByFdOrThrow: (fd: number, syscall: string) => ({
      node: nodeOf(state, nodes, fd, syscall),
    }),
  };
}

/** memfs compares inodes by identity, so one inode gets one object. */
function nodeOf(
  state: FaceState,
  nodes: Map<string, CopiedNode>,
  fd: number,
  syscall: string,
): CopiedNode {
  const file = fileOf(state, fd, syscall);
  const { dev, ino, mode } = sys.fstat(file);
  const key = `${dev}:${ino}`;
  const known = nodes.get(key);
  if (known !== undefined) return known;
  const node: CopiedNode = {
    mode,
    isDirectory: () => isType(mode, fileType.directory),
    getSize: () => sys.fstat(file).size,
    getBuffer: () => {
      const buffer = Buffer.alloc(sys.fstat(file).size);
      sys.read(file, buffer, 0, buffer.length, 0);
      return buffer;
    },
  };
  nodes.set(key, node);
  return node;
}
