import type { Caller } from '../caller.ts';
import { readData, truncateData, writeData } from '../data.ts';
import type { Device } from '../device.ts';
import { fail } from '../errno.ts';
import { MAY_WRITE, O_ACCMODE, O_APPEND, O_NOATIME, O_WRONLY } from '../flags.ts';
import { demandWholePages, demandWriteCall } from '../huge-pages.ts';
import { type Inode, inodeOf } from '../memfs.ts';
import { isDirectory, isRegular, S_IFCHR, S_IFIFO, S_IFMT } from '../mode.ts';
import { demandOpened, type OpenFile } from '../open-file.ts';
import {
  demand,
  demandIntact,
  demandWorking,
  demandWritable,
  removePrivileges,
} from '../permission.ts';
import { touchAccess, touchModified } from '../times.ts';
import { walk } from '../walk.ts';
import { notify } from '../watch.ts';

/**
 * Reads into `buffer[offset, offset + length)`; returns the number of bytes, 0 at the end. A `position` leaves the file's own alone.
 * Models read(2) and pread(2).
 */
export function read(
  file: OpenFile,
  buffer: Uint8Array,
  offset = 0,
  length: number = buffer.length - offset,
  position: number | null | undefined = undefined,
): number {
  demandOpened(file);
  if ((file.flags & O_ACCMODE) === O_WRONLY) fail('EBADF');
  const { inode } = file;
  if (isDirectory(inode.mode)) fail('EISDIR');
  demandWorking(inode.fileSystem);
  const into = buffer.subarray(offset, offset + length);
  const at = position ?? file.position;
  const device = deviceOf(file);
  const done = device === undefined ? readBytes(file, into, at) : device.read(into, at);
  if (position === null || position === undefined) file.position = at + done;
  return done;
}

function readBytes(file: OpenFile, into: Uint8Array, at: number): number {
  const { inode } = file;
  const content = inode.fileSystem.content(file);
  const quiet = (file.flags & O_NOATIME) !== 0 || inode.fileSystem.type === 'hugetlbfs';
  if (!quiet) touchAccess(file.mount, inode);
  if (content === undefined) return readData(inode, into, at);
  const part = content.subarray(at, at + into.length);
  into.set(part);
  return part.length;
}

/**
 * Writes `buffer[offset, offset + length)`; returns the number of bytes, which is less than asked when the filesystem became full.
 * A `position` leaves the file's own alone, and counts for nothing with O_APPEND. Models write(2) and pwrite(2).
 */
export function write(
  file: OpenFile,
  buffer: Uint8Array,
  offset = 0,
  length: number = buffer.length - offset,
  position: number | null | undefined = undefined,
): number {
  demandOpened(file);
  if ((file.flags & O_ACCMODE) === 0) fail('EBADF');
  const { inode } = file;
  if (isRegular(inode.mode)) demandWriteCall(inode);
  const from = buffer.subarray(offset, offset + length);
  const appending = (file.flags & O_APPEND) !== 0;
  const own = position === null || position === undefined;
  const at = appending ? inode.length : (position ?? file.position);
  const device = deviceOf(file);
  if (device === undefined) demandIntact(inode.fileSystem);
  if (from.length === 0 && device === undefined) return 0;
  const done = device === undefined ? writeBytes(file, from, at) : device.write(from, at);
  if (own) file.position = at + done;
  return done;
}

function writeBytes(file: OpenFile, from: Uint8Array, at: number): number {
  const { inode, entry, caller } = file;
  demandStorage(inode);
  inode.fileSystem.beforeChange(entry, inode);
  removePrivileges(caller, inode);
  const done = writeData(inode, from, at, caller);
  touchModified(inode);
  notify(entry, 'modify');
  return done;
}

/** A file that is open for writing keeps its filesystem from becoming read-only, but for an error of that. */
function demandStorage({ fileSystem }: Inode): void {
  demandWorking(fileSystem);
  demandIntact(fileSystem);
  if (fileSystem.readOnly) fail('EROFS');
}

function deviceOf(file: OpenFile): Device | undefined {
  if (isRegular(file.inode.mode)) return undefined;
  return file.caller.kernel.device(file.inode) ?? fail('EINVAL');
}

/** Sets the length of an open file. EINVAL unless it is open for writing. Models ftruncate(2). */
export function ftruncate(file: OpenFile, size: number): void {
  demandOpened(file);
  const { inode, entry } = file;
  if ((file.flags & O_ACCMODE) === 0 || !isRegular(inode.mode)) fail('EINVAL');
  if (size < 0) fail('EINVAL');
  demandWholePages(inode, size);
  demandStorage(inode);
  inode.fileSystem.beforeChange(entry, inode);
  removePrivileges(file.caller, inode);
  truncateData(inode, size);
  touchModified(inode);
  notify(entry, 'modify');
}

/** Nothing to do: what was written is there. EINVAL of what has nothing to write to; the failure of a filesystem, EROFS after an error. Models fsync(2). */
export function fsync(file: OpenFile): void {
  demandOpened(file);
  const { mode, fileSystem } = file.inode;
  const type = mode & S_IFMT;
  if (type === S_IFCHR || type === S_IFIFO) fail('EINVAL');
  demandWorking(fileSystem);
  demandIntact(fileSystem);
}

function truncateTouches({ length, fileSystem }: Inode, size: number): boolean {
  const rule = fileSystem.rules.truncateTouches;
  return rule === 'always' || (rule === 'change' && size !== length);
}

/** Sets the length of a file by path; times change if that does, and by the filesystem's own rules. Models truncate(2). */
export function truncate(caller: Caller, path: string, size: number): void {
  if (size < 0) fail('EINVAL');
  const { mount, entry } = walk(caller, path);
  const inode = inodeOf(entry);
  if (isDirectory(inode.mode)) fail('EISDIR');
  if (!isRegular(inode.mode)) fail('EINVAL');
  demand(caller, inode, MAY_WRITE);
  demandWritable(mount);
  demandIntact(inode.fileSystem);
  demandWholePages(inode, size);
  inode.fileSystem.beforeChange(entry, inode);
  removePrivileges(caller, inode);
  if (truncateTouches(inode, size)) touchModified(inode);
  truncateData(inode, size);
  notify(entry, 'modify');
}
