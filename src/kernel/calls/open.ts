import type { Caller, Place } from '../caller.ts';
import { truncateData } from '../data.ts';
import { fail } from '../errno.ts';
import {
  MAY_READ,
  MAY_WRITE,
  O_ACCMODE,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_TRUNC,
  O_WRONLY,
} from '../flags.ts';
import { type Entry, type Inode, inodeOf } from '../memfs.ts';
import {
  isDirectory,
  isRegular,
  isSymlink,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISVTX,
} from '../mode.ts';
import { MNT_NODEV, type Mount } from '../mount.ts';
import { createEntry, releaseIfUnused } from '../names.ts';
import { OpenFile } from '../open-file.ts';
import {
  demand,
  demandIntact,
  demandWritable,
  ownsOrMay,
  removePrivileges,
} from '../permission.ts';
import { touchModified } from '../times.ts';
import { lookup, type Parent, topOf, Walker, walk } from '../walk.ts';
import { notify } from '../watch.ts';

interface Found {
  readonly mount: Mount;
  readonly entry: Entry;
  readonly created: boolean;
  /** Where it was found, when a creating open found it. */
  readonly directory: Inode | undefined;
}

/** Opens, and with O_CREAT makes, a file. `mode` is less the caller's umask. Models open(2). */
export function open(caller: Caller, path: string, flags: number, mode = 0o666): OpenFile {
  if ((flags & O_PATH) !== 0) return openPath(caller, path, flags);
  const creating = (flags & O_CREAT) !== 0;
  if (creating && (flags & O_DIRECTORY) !== 0) fail('EINVAL');
  const found = creating
    ? findOrCreate(caller, path, flags, mode)
    : wasThere(walk(caller, path, (flags & O_NOFOLLOW) === 0), undefined);
  const inode = inodeOf(found.entry);
  if (creating) demandCreatable(caller, found, flags);
  if ((flags & O_DIRECTORY) !== 0 && !isDirectory(inode.mode)) fail('ENOTDIR');
  const truncate = !found.created && (flags & O_TRUNC) !== 0 && isRegular(inode.mode);
  if (truncate) demandWritable(found.mount);
  demandOpen(caller, found, flags);
  if (truncate || ((flags & O_ACCMODE) !== 0 && isRegular(inode.mode))) {
    demandIntact(inode.fileSystem);
    inode.fileSystem.beforeChange(found.entry, inode);
  }
  if (truncate) emptyFile(caller, found.entry);
  return hold(new OpenFile(caller, found.mount, found.entry, flags));
}

/** Ends the use of an open file. EBADF when it was closed before. Models close(2). */
export function close(file: OpenFile): void {
  if (file.closed) fail('EBADF');
  file.closed = true;
  file.mount.busy--;
  if (writes(file)) countWriter(file, -1);
  file.inode.opens--;
  if ((file.flags & O_PATH) === 0 && (file.flags & O_ACCMODE) !== 0)
    notify(file.entry, 'close_write');
  releaseIfUnused(file.inode);
  file.mount.releaseIfUnused();
}

/** Keeps the inode and the mount while the file is open. */
function hold(file: OpenFile): OpenFile {
  file.inode.opens++;
  file.mount.busy++;
  if (writes(file)) countWriter(file, 1);
  return file;
}

/** Whether it keeps its mount and its filesystem from becoming read-only. */
function writes({ flags, inode }: OpenFile): boolean {
  return (flags & O_PATH) === 0 && (flags & O_ACCMODE) !== 0 && !isSpecial(inode.mode & S_IFMT);
}

function countWriter(file: OpenFile, count: number): void {
  file.mount.writers += count;
  file.mount.fileSystem.writers += count;
}

function openPath(caller: Caller, path: string, flags: number): OpenFile {
  const place = walk(caller, path, (flags & O_NOFOLLOW) === 0);
  if ((flags & O_DIRECTORY) !== 0 && !isDirectory(inodeOf(place.entry).mode)) fail('ENOTDIR');
  return hold(new OpenFile(caller, place.mount, place.entry, flags));
}

/** Models open_last_lookups. */
function findOrCreate(caller: Caller, path: string, flags: number, mode: number): Found {
  const walker = new Walker(caller, path);
  for (;;) {
    const parent = walker.toParent();
    if (parent.kind !== 'name') return lastDots(caller, parent);
    if (parent.trailing) fail('EISDIR');
    const directory = inodeOf(parent.entry);
    const entry = lookup(parent.entry, parent.name);
    if (entry === undefined) return create(caller, parent, mode);
    const top = topOf(parent.mount, entry);
    const inode = inodeOf(top.entry);
    if (!isSymlink(inode.mode) || (flags & (O_EXCL | O_NOFOLLOW)) !== 0) {
      return wasThere(top, directory);
    }
    walker.followLast(inode);
  }
}

/** The path ends in a directory, as `.`, `..` or `/`. */
function lastDots(caller: Caller, parent: Parent): Found {
  const place = parent.kind === 'dotdot' ? walk({ ...caller, cwd: parent }, '..') : parent;
  return wasThere(place, undefined);
}

function wasThere({ mount, entry }: Place, directory: Inode | undefined): Found {
  return { mount, entry, created: false, directory };
}

function create(caller: Caller, parent: Parent, mode: number): Found {
  if (parent.entry.dead) fail('ENOENT');
  demandWritable(parent.mount);
  const directory = inodeOf(parent.entry);
  demand(caller, directory, MAY_WRITE | 1);
  const bits = S_IFREG | (mode & 0o7777 & ~caller.umask);
  const entry = createEntry(caller, parent.entry, parent.name, bits);
  return { mount: parent.mount, entry, created: true, directory };
}

function demandCreatable(caller: Caller, found: Found, flags: number): void {
  if (found.created) return;
  if ((flags & O_EXCL) !== 0) fail('EEXIST');
  const inode = inodeOf(found.entry);
  if (isDirectory(inode.mode)) fail('EISDIR');
  if (found.directory !== undefined) demandNotSticky(caller, found.directory, inode);
}

/** Models may_create_in_sticky: the sysctls fs.protected_regular and fs.protected_fifos; sockets and devices are guarded without them. */
function demandNotSticky(caller: Caller, directory: Inode, inode: Inode): void {
  const type = inode.mode & S_IFMT;
  const { kernel } = caller;
  const free =
    (type === S_IFREG && !kernel.protectedRegular) || (type === S_IFIFO && !kernel.protectedFifos);
  if (free || (directory.mode & S_ISVTX) === 0) return;
  if (inode.uid === directory.uid || inode.uid === caller.uid) return;
  if ((directory.mode & 0o002) !== 0) fail('EACCES');
}

/** What the access asks of the inode. Models may_open and do_dentry_open. */
function demandOpen(caller: Caller, found: Found, flags: number): void {
  const inode = inodeOf(found.entry);
  const access = flags & O_ACCMODE;
  const writes = access !== 0;
  const type = inode.mode & S_IFMT;
  if (isSymlink(inode.mode)) fail('ELOOP');
  if (isDirectory(inode.mode) && (writes || (flags & O_TRUNC) !== 0)) fail('EISDIR');
  const device = type === S_IFCHR || type === S_IFBLK;
  if (device && (found.mount.flags & MNT_NODEV) !== 0) fail('EACCES');
  if (!found.created) {
    const mask =
      (access !== O_WRONLY ? MAY_READ : 0) | (writes || (flags & O_TRUNC) !== 0 ? MAY_WRITE : 0);
    demand(caller, inode, mask);
    if ((flags & O_NOATIME) !== 0 && !ownsOrMay(caller, inode)) fail('EPERM');
  }
  if (writes && !isSpecial(type)) demandWritable(found.mount);
  if (type === S_IFSOCK) fail('ENXIO');
  if (type === S_IFIFO) demandPeer(access, flags);
  if (device && caller.kernel.device(inode) === undefined) fail('ENXIO');
}

/** Devices, fifos and sockets: they can be written to on a read-only mount. */
function isSpecial(type: number): boolean {
  return type === S_IFCHR || type === S_IFBLK || type === S_IFIFO || type === S_IFSOCK;
}

/** Nobody else runs while a call is made, so that a fifo never has another end: what would wait fails. */
function demandPeer(access: number, flags: number): void {
  if (access === 2 || (access === 0 && (flags & O_NONBLOCK) !== 0)) return;
  fail(access === O_WRONLY && (flags & O_NONBLOCK) !== 0 ? 'ENXIO' : 'EAGAIN');
}

function emptyFile(caller: Caller, entry: Entry): void {
  const inode = inodeOf(entry);
  inode.fileSystem.beforeChange(entry, inode);
  removePrivileges(caller, inode);
  truncateData(inode, 0);
  touchModified(inode);
  notify(entry, 'modify');
}
