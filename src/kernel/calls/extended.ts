import { CAP_SYS_ADMIN, type Caller, capable } from '../caller.ts';
import { fail } from '../errno.ts';
import { attributeOf, type SetAttributeOptions, setAttribute } from '../extended-attributes.ts';
import { MAY_READ, MAY_WRITE } from '../flags.ts';
import { type Inode, inodeOf } from '../memfs.ts';
import { isDirectory, isRegular, S_ISVTX } from '../mode.ts';
import { demand, demandIntact, demandWritable, ownsOrMay } from '../permission.ts';
import { touchChanged } from '../times.ts';
import { utf8Length, walk } from '../walk.ts';
import { notify } from '../watch.ts';

const NAME_MAX = 255;
const VALUE_MAX = 65_536;

/** getxattr(2). ENODATA when it has none of that name. */
export function getxattr(caller: Caller, path: string, name: string): Uint8Array {
  demandName(name);
  const inode = inodeOf(walk(caller, path).entry);
  demandRights(caller, inode, name, false);
  demandHandler(inode, name);
  return (attributeOf(inode, name) ?? fail('ENODATA')).slice();
}

/** setxattr(2). EEXIST and ENODATA by the options, ENOSPC, E2BIG of a value beyond 64 KiB, ERANGE of a name beyond 255 bytes. */
export function setxattr(
  caller: Caller,
  path: string,
  name: string,
  value: Uint8Array,
  options: SetAttributeOptions = {},
): void {
  demandName(name);
  if (value.length > VALUE_MAX) fail('E2BIG');
  change(caller, path, name, value.slice(), options);
}

/** removexattr(2). ENODATA when it has none of that name. */
export function removexattr(caller: Caller, path: string, name: string): void {
  demandName(name);
  change(caller, path, name, undefined, { replace: true });
}

function change(
  caller: Caller,
  path: string,
  name: string,
  value: Uint8Array | undefined,
  options: SetAttributeOptions,
): void {
  const { mount, entry } = walk(caller, path);
  const inode = inodeOf(entry);
  demandWritable(mount);
  demandRights(caller, inode, name, true);
  inode.fileSystem.beforeChange(entry, inode);
  demandHandler(inode, name);
  demandIntact(inode.fileSystem);
  if (setAttribute(inode, name, value, options, caller)) touchChanged(inode);
  notify(entry, 'attrib');
}

/** listxattr(2), in the order in which they were set. */
export function listxattr(caller: Caller, path: string): string[] {
  const inode = inodeOf(walk(caller, path).entry);
  const names = [...(inode.extra?.attributes?.keys() ?? [])];
  return names.filter((name) => !name.startsWith('trusted.') || capable(caller, CAP_SYS_ADMIN));
}

/** Models import_xattr_name. */
function demandName(name: string): void {
  if (name === '' || utf8Length(name) > NAME_MAX) fail('ERANGE');
}

/** Models xattr_permission, and cap_inode_setxattr for security.*. */
function demandRights(caller: Caller, inode: Inode, name: string, write: boolean): void {
  if (name.startsWith('system.')) return;
  if (name.startsWith('security.')) {
    if (write && !capable(caller, CAP_SYS_ADMIN)) fail('EPERM');
    return;
  }
  if (name.startsWith('trusted.')) {
    if (!capable(caller, CAP_SYS_ADMIN)) fail(write ? 'EPERM' : 'ENODATA');
    return;
  }
  if (name.startsWith('user.')) demandUserRights(caller, inode, write);
  demand(caller, inode, write ? MAY_WRITE : MAY_READ);
}

/** Anybody could fill links and devices, or what is not theirs in a sticky directory. */
function demandUserRights(caller: Caller, inode: Inode, write: boolean): void {
  const { mode } = inode;
  if (!isRegular(mode) && !isDirectory(mode)) fail(write ? 'EPERM' : 'ENODATA');
  const sticky = isDirectory(mode) && (mode & S_ISVTX) !== 0;
  if (write && sticky && !ownsOrMay(caller, inode)) fail('EPERM');
}

/** Whether the filesystem keeps attributes of that kind. Models xattr_resolve_name. */
function demandHandler({ fileSystem }: Inode, name: string): void {
  const prefix = /^(?:user|trusted|security)\./.exec(name)?.[0];
  if (prefix === undefined || fileSystem.rules.attributes === 'none') fail('EOPNOTSUPP');
  if (name === prefix) fail('EINVAL');
}
