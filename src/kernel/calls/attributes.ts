import { CAP_CHOWN, CAP_FSETID, type Caller, capable } from '../caller.ts';
import { fail } from '../errno.ts';
import { MAY_EXEC, MAY_WRITE } from '../flags.ts';
import type { Entry } from '../memfs.ts';
import { type Inode, inodeOf } from '../memfs.ts';
import { isDirectory, isRegular, S_IFMT, S_ISGID, S_ISUID } from '../mode.ts';
import { MNT_NOEXEC, type Mount } from '../mount.ts';
import { demandOpened, type OpenFile } from '../open-file.ts';
import {
  demand,
  demandIntact,
  demandWritable,
  droppedSgid,
  identityOn,
  inGroup,
  isWritable,
  ownsOrMay,
  writesStorage,
} from '../permission.ts';
import { touchChanged } from '../times.ts';
import { walk } from '../walk.ts';
import { notify, notifySelf } from '../watch.ts';

/** chmod(2). */
export function chmod(caller: Caller, path: string, mode: number): void {
  const { mount, entry } = walk(caller, path);
  chmodInode(caller, mount, inodeOf(entry), mode, entry);
}

/** fchmod(2). */
export function fchmod(caller: Caller, file: OpenFile, mode: number): void {
  demandOpened(file);
  chmodInode(caller, file.mount, file.inode, mode, file.entry);
}

function chmodInode(caller: Caller, mount: Mount, inode: Inode, mode: number, entry: Entry): void {
  demandChangeable(mount);
  if (!ownsOrMay(caller, inode)) fail('EPERM');
  inode.fileSystem.beforeChange(entry, inode);
  let bits = mode & 0o7777;
  const who = identityOn(caller, inode);
  if (!inGroup(who, inode.gid) && !capable(who, CAP_FSETID)) bits &= ~S_ISGID;
  inode.mode = (inode.mode & S_IFMT) | bits;
  touchChanged(inode);
  told(inode, entry);
}

/** Whether attributes can be changed at all, whoever asks. Models mnt_want_write, and the start of ext4_setattr. */
function demandChangeable(mount: Mount): void {
  demandWritable(mount);
  demandIntact(mount.fileSystem);
}

function told(inode: Inode, entry: Entry): void {
  if (entry.node === inode) notify(entry, 'attrib');
  else notifySelf(inode, 'attrib');
}

/** chown(2); -1 leaves an owner or group as it is. */
export function chown(caller: Caller, path: string, uid: number, gid: number): void {
  const { mount, entry } = walk(caller, path);
  chownInode(caller, mount, inodeOf(entry), uid, gid, entry);
}

/** lchown(2): of a symbolic link itself. */
export function lchown(caller: Caller, path: string, uid: number, gid: number): void {
  const { mount, entry } = walk(caller, path, false);
  chownInode(caller, mount, inodeOf(entry), uid, gid, entry);
}

/** fchown(2). */
export function fchown(caller: Caller, file: OpenFile, uid: number, gid: number): void {
  demandOpened(file);
  chownInode(caller, file.mount, file.inode, uid, gid, file.entry);
}

function chownInode(
  caller: Caller,
  mount: Mount,
  inode: Inode,
  uid: number,
  gid: number,
  entry: Entry,
): void {
  demandChangeable(mount);
  const who = identityOn(caller, inode);
  if (!capable(who, CAP_CHOWN)) demandChown(who, inode, uid, gid);
  inode.fileSystem.beforeChange(entry, inode);
  if (!isDirectory(inode.mode)) {
    const dropped = (inode.mode & S_ISUID) | droppedSgid(caller, inode);
    if (dropped !== 0 && !ownsOrMay(caller, inode)) fail('EPERM');
    inode.mode &= ~dropped;
  }
  if (uid !== -1) inode.uid = uid;
  if (gid !== -1) inode.gid = gid;
  touchChanged(inode);
  if (uid !== -1 || gid !== -1) told(inode, entry);
}

/** Models chown_ok and chgrp_ok: an owner may give it to a group of theirs. */
function demandChown(caller: Caller, inode: Inode, uid: number, gid: number): void {
  const owner = caller.uid === inode.uid;
  if (uid !== -1 && !(owner && uid === inode.uid)) fail('EPERM');
  if (gid !== -1 && !(owner && (inGroup(caller, gid) || gid === inode.gid))) fail('EPERM');
}

/** utimensat(2): milliseconds since the epoch. */
export function utimes(caller: Caller, path: string, atimeMs: number, mtimeMs: number): void {
  const { mount, entry } = walk(caller, path);
  setTimes(caller, mount, inodeOf(entry), atimeMs, mtimeMs, entry);
}

/** utimensat(2) of a symbolic link itself. */
export function lutimes(caller: Caller, path: string, atimeMs: number, mtimeMs: number): void {
  const { mount, entry } = walk(caller, path, false);
  setTimes(caller, mount, inodeOf(entry), atimeMs, mtimeMs, entry);
}

/** futimens(3). */
export function futimes(caller: Caller, file: OpenFile, atimeMs: number, mtimeMs: number): void {
  demandOpened(file);
  setTimes(caller, file.mount, file.inode, atimeMs, mtimeMs, file.entry);
}

function setTimes(
  caller: Caller,
  mount: Mount,
  inode: Inode,
  atimeMs: number,
  mtimeMs: number,
  entry: Entry,
): void {
  demandChangeable(mount);
  if (!ownsOrMay(caller, inode)) fail('EPERM');
  inode.fileSystem.beforeChange(entry, inode);
  inode.atimeMs = atimeMs;
  inode.mtimeMs = mtimeMs;
  touchChanged(inode);
  told(inode, entry);
}

/** access(2): bits of MAY_READ, MAY_WRITE and MAY_EXEC; 0 asks whether it is there. */
export function access(caller: Caller, path: string, mask: number): void {
  const { mount, entry } = walk(caller, path);
  if (mask === 0) return;
  const inode = inodeOf(entry);
  const noexec = (mask & MAY_EXEC) !== 0 && (mount.flags & MNT_NOEXEC) !== 0;
  if (noexec && isRegular(inode.mode)) fail('EACCES');
  demand(caller, inode, mask & 7);
  // A device or fifo can be written to wherever it stands.
  const writes = (mask & MAY_WRITE) !== 0 && writesStorage(inode.mode);
  if (writes && !isWritable(mount)) fail('EROFS');
}
