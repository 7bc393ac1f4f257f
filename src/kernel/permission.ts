import {
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  CAP_FSETID,
  type Caller,
  capable,
} from './caller.ts';
import { fail } from './errno.ts';
import type { FileSystem } from './file-system.ts';
import { MAY_EXEC, MAY_READ, MAY_WRITE } from './flags.ts';
import type { Inode } from './memfs.ts';
import { isDirectory, isRegular, S_ISGID, S_ISUID, S_ISVTX } from './mode.ts';
import type { Mount } from './mount.ts';

/** Whether a caller is in a group. Models in_group_p. */
export function inGroup(caller: Caller, gid: number): boolean {
  return caller.gid === gid || caller.groups.includes(gid);
}

/** Who the caller is to that inode's filesystem. */
export function identityOn(caller: Caller, inode: Inode): Caller {
  const { identify } = inode.fileSystem;
  return identify === undefined ? caller : identify(caller);
}

/** Whether permission bits and capabilities allow the mask. Models generic_permission of fs/namei.c. */
export function permits(caller: Caller, inode: Inode, mask: number): boolean {
  const who = identityOn(caller, inode);
  const { mode } = inode;
  let bits = mode;
  if (who.uid === inode.uid) bits = mode >> 6;
  else if ((mode & 0o070) >> 3 !== (mode & 0o007) && inGroup(who, inode.gid)) bits = mode >> 3;
  if ((bits & mask) === mask) return true;
  return who.capabilities !== 0 && overrides(who, mode, mask);
}

function overrides(caller: Caller, mode: number, mask: number): boolean {
  const readOnlyMask = (mask & MAY_WRITE) === 0;
  if (isDirectory(mode)) {
    if (readOnlyMask && capable(caller, CAP_DAC_READ_SEARCH)) return true;
    return capable(caller, CAP_DAC_OVERRIDE);
  }
  if (mask === MAY_READ && capable(caller, CAP_DAC_READ_SEARCH)) return true;
  return ((mask & MAY_EXEC) === 0 || (mode & 0o111) !== 0) && capable(caller, CAP_DAC_OVERRIDE);
}

/** Throws unless the mask is allowed: the filesystem's failure, EROFS of a read-only superblock, EACCES. Models inode_permission. */
export function demand(caller: Caller, inode: Inode, mask: number): void {
  const { fileSystem } = inode;
  demandWorking(fileSystem);
  if ((mask & MAY_WRITE) !== 0 && fileSystem.readOnly && writesStorage(inode.mode)) fail('EROFS');
  if (!permits(caller, inode, mask)) fail('EACCES');
}

/** Whether writing to it changes its filesystem. */
export function writesStorage(mode: number): boolean {
  return isRegular(mode) || isDirectory(mode) || (mode & 0o170000) === 0o120000;
}

/** Throws EROFS unless both the mount and its filesystem can be written. Models mnt_want_write. */
export function demandWritable(mount: Mount): void {
  if (!isWritable(mount)) fail('EROFS');
  demandWorking(mount.fileSystem);
}

/** Throws the filesystem's failure: a disk gives EIO, a share ESTALE and its like. */
export function demandWorking({ failing }: FileSystem): void {
  if (failing !== undefined) fail(failing);
}

/** Throws EROFS when an error keeps the filesystem from being changed. Models ext4_emergency_state. */
export function demandIntact({ broken }: FileSystem): void {
  if (broken) fail('EROFS');
}

/** Throws the failure of a share, which is asked for attributes each time; those of a disk are known. */
export function demandAnswer({ failing }: FileSystem): void {
  if (failing !== undefined && failing !== 'EIO') fail(failing);
}

/** Whether both the mount and its filesystem can be written. */
export function isWritable(mount: Mount): boolean {
  return !mount.readOnly && !mount.fileSystem.readOnly;
}

/** Whether the caller owns the inode, or may act as its owner. Models inode_owner_or_capable. */
export function ownsOrMay(caller: Caller, inode: Inode): boolean {
  const who = identityOn(caller, inode);
  return who.uid === inode.uid || capable(who, CAP_FOWNER);
}

/** Whether a sticky directory keeps the caller from removing the inode: here, or on the server of a share. Models check_sticky. */
export function stickyForbids(caller: Caller, directory: Inode, inode: Inode): boolean {
  if ((directory.mode & S_ISVTX) === 0) return false;
  const owns = (who: Caller): boolean =>
    who.uid === inode.uid || who.uid === directory.uid || capable(who, CAP_FOWNER);
  return !owns(caller) || !owns(identityOn(caller, inode));
}

/** The set-group-ID bit if a change of the file must clear it. Models setattr_should_drop_sgid. */
export function droppedSgid(caller: Caller, inode: Inode): number {
  if ((inode.mode & S_ISGID) === 0) return 0;
  if ((inode.mode & 0o010) !== 0) return S_ISGID;
  const who = identityOn(caller, inode);
  return inGroup(who, inode.gid) || capable(who, CAP_FSETID) ? 0 : S_ISGID;
}

/** Clears set-user-ID and set-group-ID of a file that somebody else writes. Models file_remove_privs. */
export function removePrivileges(caller: Caller, inode: Inode): void {
  if ((inode.mode & (S_ISUID | S_ISGID)) === 0 || !isRegular(inode.mode)) return;
  if (capable(identityOn(caller, inode), CAP_FSETID)) return;
  inode.mode &= ~((inode.mode & S_ISUID) | droppedSgid(caller, inode));
}
