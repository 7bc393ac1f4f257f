import { CAP_SYS_ADMIN, type Caller, capable } from '../caller.ts';
import { fail } from '../errno.ts';
import { extraOf } from '../extra.ts';
import { MAY_READ, MAY_WRITE } from '../flags.ts';
import { type Inode, inodeOf } from '../memfs.ts';
import { isDirectory, isRegular } from '../mode.ts';
import { demand, demandWritable } from '../permission.ts';
import { touchChanged } from '../times.ts';
import { walk } from '../walk.ts';
import { notify } from '../watch.ts';

/** getxattr(2). ENODATA when it has none of that name. */
export function getxattr(caller: Caller, path: string, name: string): Uint8Array {
  const inode = inodeOf(walk(caller, path).entry);
  demandNamespace(caller, inode, name, false);
  const value = inode.extra?.attributes?.get(name);
  if (value === undefined) fail('ENODATA');
  return value.slice();
}

/** setxattr(2). */
export function setxattr(caller: Caller, path: string, name: string, value: Uint8Array): void {
  const { mount, entry } = walk(caller, path);
  const inode = inodeOf(entry);
  demandWritable(mount);
  demandNamespace(caller, inode, name, true);
  inode.fileSystem.beforeChange(entry, inode);
  const extra = extraOf(inode);
  extra.attributes ??= new Map();
  extra.attributes.set(name, value.slice());
  touchChanged(inode);
  notify(entry, 'attrib');
}

/** removexattr(2). */
export function removexattr(caller: Caller, path: string, name: string): void {
  const { mount, entry } = walk(caller, path);
  const inode = inodeOf(entry);
  demandWritable(mount);
  demandNamespace(caller, inode, name, true);
  if (!inode.extra?.attributes?.delete(name)) fail('ENODATA');
  touchChanged(inode);
  notify(entry, 'attrib');
}

/** listxattr(2), in the order in which they were set. */
export function listxattr(caller: Caller, path: string): string[] {
  const inode = inodeOf(walk(caller, path).entry);
  const names = [...(inode.extra?.attributes?.keys() ?? [])];
  return names.filter((name) => !name.startsWith('trusted.') || capable(caller, CAP_SYS_ADMIN));
}

/** Models xattr_permission: user.* on files and directories by their mode, security.* and trusted.* for privileged callers. */
function demandNamespace(caller: Caller, inode: Inode, name: string, write: boolean): void {
  if (name.startsWith('security.')) {
    if (write && !capable(caller, CAP_SYS_ADMIN)) fail('EPERM');
    return;
  }
  if (name.startsWith('trusted.')) {
    if (!capable(caller, CAP_SYS_ADMIN)) fail(write ? 'EPERM' : 'ENODATA');
    return;
  }
  if (!name.startsWith('user.')) fail('EOPNOTSUPP');
  if (!isRegular(inode.mode) && !isDirectory(inode.mode)) fail(write ? 'EPERM' : 'ENODATA');
  demand(caller, inode, write ? MAY_WRITE : MAY_READ);
}
