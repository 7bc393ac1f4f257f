import { CAP_FOWNER, CAP_MKNOD, type Caller, capable } from '../caller.ts';
import { BLOCK_SIZE } from '../capacity.ts';
import { fail } from '../errno.ts';
import { MAY_EXEC, MAY_READ, MAY_WRITE } from '../flags.ts';
import { demandWriteCall } from '../huge-pages.ts';
import { type Entry, type Inode, inodeOf } from '../memfs.ts';
import {
  isDirectory,
  isRegular,
  isSymlink,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  S_ISGID,
  S_ISUID,
} from '../mode.ts';
import { isLocalMountPoint } from '../mount.ts';
import { createEntry, dropEntry, isEmpty, linkEntry } from '../names.ts';
import {
  demand,
  demandIntact,
  demandWritable,
  identityOn,
  permits,
  stickyForbids,
} from '../permission.ts';
import { touchAccess, touchModified } from '../times.ts';
import { lookup, type Parent, utf8Length, walk, walkToParent } from '../walk.ts';

/** Makes a directory; of `mode` the umask takes away, and set-ID bits do not count. Models mkdir(2). */
export function mkdir(caller: Caller, path: string, mode = 0o777): void {
  const parent = parentForCreate(caller, path, true);
  demandCreate(caller, parent.entry);
  createEntry(caller, parent.entry, parent.name, S_IFDIR | (mode & 0o1777 & ~caller.umask));
}

/** Makes a symbolic link at `path`. Models symlink(2). */
export function symlink(caller: Caller, target: string, path: string): void {
  if (target === '') fail('ENOENT');
  const length = utf8Length(target);
  if (length >= BLOCK_SIZE) fail('ENAMETOOLONG');
  const parent = parentForCreate(caller, path, false);
  demandCreate(caller, parent.entry);
  demandSymlinks(inodeOf(parent.entry));
  const { rules } = inodeOf(parent.entry).fileSystem;
  const blocks = length > rules.inlineSymlink ? 1 : 0;
  const mode = S_IFLNK | 0o777;
  const inode = inodeOf(createEntry(caller, parent.entry, parent.name, mode, blocks));
  inode.symlink = target;
  inode.length = length;
}

/** A hugetlbfs finds out late that it cannot write what a link says. Models hugetlbfs_symlink. */
function demandSymlinks(directory: Inode): void {
  if (directory.fileSystem.type === 'hugetlbfs') touchModified(directory);
  demandWriteCall(directory);
}

/** Makes a fifo, a socket, a device or an empty file. `mode` has the type; EPERM for devices without CAP_MKNOD. Models mknod(2). */
export function mknod(caller: Caller, path: string, mode: number, rdev = 0): void {
  const type = mode & S_IFMT || S_IFREG;
  if (type === S_IFDIR) fail('EPERM');
  if (![S_IFREG, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK].includes(type)) fail('EINVAL');
  const parent = parentForCreate(caller, path, false);
  demandCreate(caller, parent.entry);
  const device = type === S_IFCHR || type === S_IFBLK;
  if (device && !mayMakeDevices(caller, inodeOf(parent.entry))) fail('EPERM');
  const bits = type | (mode & 0o7777 & ~caller.umask);
  const inode = inodeOf(createEntry(caller, parent.entry, parent.name, bits));
  if (device) inode.rdev = rdev;
}

/** Here, and on the server of a share. */
function mayMakeDevices(caller: Caller, directory: Inode): boolean {
  return capable(caller, CAP_MKNOD) && capable(identityOn(caller, directory), CAP_MKNOD);
}

/**
 * Gives a file a second name. `to` is resolved for `toCaller` (another working directory), and `follow` follows a last symbolic
 * link. Models linkat(2).
 */
export function link(
  caller: Caller,
  from: string,
  to: string,
  options: { readonly follow?: boolean; readonly toCaller?: Caller } = {},
): void {
  const old = walk(caller, from, options.follow ?? false);
  const parent = parentForCreate(options.toCaller ?? caller, to, false);
  if (old.mount !== parent.mount) fail('EXDEV');
  const inode = inodeOf(old.entry);
  demandLinkable(caller, inode);
  demandCreate(caller, parent.entry);
  if (isDirectory(inode.mode)) fail('EPERM');
  if (inode.nlink === 0) fail('ENOENT');
  if (inodeOf(parent.entry).project?.excludes(inode)) fail('EXDEV');
  demandIntact(inode.fileSystem);
  inode.fileSystem.beforeChange(old.entry, inode);
  linkEntry(parent.entry, parent.name, inode);
}

/** Removes a name of a file. Models unlink(2). */
export function unlink(caller: Caller, path: string): void {
  const parent = walkToParent(caller, path);
  if (parent.kind !== 'name') fail('EISDIR');
  demandWritable(parent.mount);
  const entry = lookup(parent.entry, parent.name) ?? fail('ENOENT');
  if (parent.trailing) fail(isDirectory(inodeOf(entry).mode) ? 'EISDIR' : 'ENOTDIR');
  demandDelete(caller, parent.entry, entry, false);
  if (isLocalMountPoint(entry, caller.namespace)) fail('EBUSY');
  demandIntact(parent.mount.fileSystem);
  caller.kernel.detachMountsOn(entry);
  dropEntry(entry);
}

/** Removes an empty directory. Models rmdir(2). */
export function rmdir(caller: Caller, path: string): void {
  const parent = walkToParent(caller, path);
  if (parent.kind === 'dotdot') fail('ENOTEMPTY');
  if (parent.kind === 'dot') fail('EINVAL');
  if (parent.kind === 'root') fail('EBUSY');
  demandWritable(parent.mount);
  const entry = lookup(parent.entry, parent.name) ?? fail('ENOENT');
  demandDelete(caller, parent.entry, entry, true);
  if (isLocalMountPoint(entry, caller.namespace)) fail('EBUSY');
  demandIntact(parent.mount.fileSystem);
  if (!isEmpty(entry)) fail('ENOTEMPTY');
  caller.kernel.detachMountsOn(entry);
  dropEntry(entry);
}

/** What a symbolic link says. EINVAL for anything else. Models readlink(2). */
export function readlink(caller: Caller, path: string): string {
  const { mount, entry } = walk(caller, path, false);
  const inode = inodeOf(entry);
  if (!isSymlink(inode.mode)) fail('EINVAL');
  touchAccess(mount, inode);
  return inode.symlink;
}

/** Where a new name goes: what is there already, a slash, and a read-only mount come first. Models filename_create. */
function parentForCreate(caller: Caller, path: string, directory: boolean): Parent {
  const parent = walkToParent(caller, path);
  if (parent.kind !== 'name') fail('EEXIST');
  if (lookup(parent.entry, parent.name) !== undefined) fail('EEXIST');
  if (parent.entry.dead) fail('ENOENT');
  if (parent.trailing && !directory) fail('ENOENT');
  demandWritable(parent.mount);
  return parent;
}

/** Whether a name may be made in a directory. Models may_create. */
export function demandCreate(caller: Caller, directory: Entry): void {
  if (directory.dead) fail('ENOENT');
  demand(caller, inodeOf(directory), MAY_WRITE | MAY_EXEC);
}

/** Whether an entry may be taken out of its directory. Models may_delete. */
export function demandDelete(
  caller: Caller,
  parent: Entry,
  entry: Entry,
  directory: boolean,
): void {
  const inode = inodeOf(entry);
  demand(caller, inodeOf(parent), MAY_WRITE | MAY_EXEC);
  if (stickyForbids(caller, inodeOf(parent), inode)) fail('EPERM');
  if (directory !== isDirectory(inode.mode)) fail(directory ? 'ENOTDIR' : 'EISDIR');
}

/** Models may_linkat: the sysctl fs.protected_hardlinks, which the server of a share does not ask. */
function demandLinkable(caller: Caller, inode: Inode): void {
  const owns = caller.uid === inode.uid || capable(caller, CAP_FOWNER);
  if (!caller.kernel.protectedHardlinks || owns) return;
  const { mode } = inode;
  const safe =
    isRegular(mode) &&
    (mode & S_ISUID) === 0 &&
    (mode & (S_ISGID | 0o010)) !== (S_ISGID | 0o010) &&
    permits(caller, inode, MAY_READ | MAY_WRITE);
  if (!safe) fail('EPERM');
}
