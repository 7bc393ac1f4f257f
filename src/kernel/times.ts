import type { Inode } from './memfs.ts';
import { isDirectory } from './mode.ts';
import { MNT_NOATIME, MNT_NODIRATIME, MNT_RELATIME, type Mount } from './mount.ts';
import { isWritable } from './permission.ts';

const DAY_MS = 86_400_000;

/** Sets the access time as the mount's options have it: by default only when it would not be newer than a change, or is a day old. Models touch_atime. */
export function touchAccess(mount: Mount, inode: Inode): void {
  const { flags } = mount;
  if ((flags & MNT_NOATIME) !== 0) return;
  const now = inode.fileSystem.kernel.now();
  const { atimeMs } = inode;
  if (atimeMs === now) return;
  if ((flags & MNT_NODIRATIME) !== 0 && isDirectory(inode.mode)) return;
  const relative = (flags & MNT_RELATIME) !== 0;
  if (relative && atimeMs > inode.mtimeMs && atimeMs > inode.ctimeMs && now - atimeMs < DAY_MS) {
    return;
  }
  if (isWritable(mount) && inode.fileSystem.keepsAccess(inode)) inode.atimeMs = now;
}

/** The content or the attributes changed now. */
export function touchModified(inode: Inode): void {
  inode.mtimeMs = inode.ctimeMs = inode.fileSystem.kernel.now();
}

/** The attributes changed now. */
export function touchChanged(inode: Inode): void {
  inode.ctimeMs = inode.fileSystem.kernel.now();
}
