import { type Caller, CAP_MKNOD, capable } from '../caller.ts';
import { demandCreate, makeEntry, parentForCreate } from '../entries.ts';
import { fail } from '../errno.ts';
import { MAY_READ, MAY_WRITE } from '../flags.ts';
import { addChild, Entry, inodeOf } from '../memfs.ts';
import { isDirectory, isRegular, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK, S_ISGID, S_ISUID } from '../mode.ts';
import { ownsOrMay, permits } from '../permission.ts';
import { touchChanged, touchModified } from '../times.ts';
import { utf8Length, walk } from '../walk.ts';
import { notifyName } from '../watch.ts';
import { dropEntry } from '../entries.ts';

/** mkdir(2). */
export function mkdir(caller: Caller, path: string, mode: number): void {
  const parent = parentForCreate(caller, path, true);
  demandCreate(caller, parent.entry);
  makeEntry(caller, parent, S_IFDIR | (mode & 0o1777 & ~caller.umask));
}

/** symlink(2): the first is the text of the link. */
export function symlink(caller: Caller, target: string, path: string): void {
  if (target === '') fail('ENOENT');
  const length = utf8Length(target);
  if (length >= 4096) fail('ENAMETOOLONG');
  const parent = parentForCreate(caller, path, false);
  demandCreate(caller, parent.entry);
  const entry = makeEntry(caller, parent, S_IFLNK | 0o777);
  const inode = inodeOf(entry);
  inode.symlink = target;
  if (length <= inode.fileSystem.rules.inlineSymlink) return;
  const taken = inode.fileSystem.takeBlocks(1, caller);
  inode.blocks += taken;
  if (taken === 1) return;
  dropEntry(parent.entry, entry);
  fail('ENOSPC');
}

/** link(2). */
export function link(caller: Caller, from: string, to: string): void {
  const old = walk(caller, from, false);
  const parent = parentForCreate(caller, to, false);
  if (old.mount !== parent.mount) fail('EXDEV');
  const inode = inodeOf(old.entry);
  if (caller.kernel.protectedHardlinks && !mayLink(caller, inode)) fail('EPERM');
  demandCreate(caller, parent.entry);
  if (isDirectory(inode.mode)) fail('EPERM');
  if (inode.nlink === 0) fail('ENOENT');
  if (inode.fileSystem.rules.countsLinks) inode.fileSystem.takeInode();
  inode.fileSystem.load(parent.entry);
  addChild(parent.entry, new Entry(parent.entry, parent.name, inode));
  inode.nlink++;
  touchChanged(inode);
  touchModified(inodeOf(parent.entry));
  notifyName(parent.entry, 'create', parent.name);
}

/** Models may_linkat: with protected_hardlinks, only to files one owns or could write as they are. */
function mayLink(caller: Caller, inode: ReturnType<typeof inodeOf>): boolean {
  if (ownsOrMay(caller, inode)) return true;
  const { mode } = inode;
  if (!isRegular(mode) || (mode & S_ISUID) !== 0) return false;
  if ((mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010)) return false;
  return permits(caller, inode, MAY_READ | MAY_WRITE);
}

/** mknod(2): a regular file, fifo, socket or device. `device`: its number. */
export function mknod(caller: Caller, path: string, mode: number, device = 0): void {
  const type = mode & 0o170000 || S_IFREG;
  if (type === S_IFDIR) fail('EPERM');
  if (![S_IFREG, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK].includes(type)) fail('EINVAL');
  const parent = parentForCreate(caller, path, false);
  demandCreate(caller, parent.entry);
  const isDevice = type === S_IFCHR || type === S_IFBLK;
  if (isDevice && !capable(caller, CAP_MKNOD)) fail('EPERM');
  const entry = makeEntry(caller, parent, type | (mode & 0o7777 & ~caller.umask));
  if (isDevice) inodeOf(entry).rdev = device;
}
