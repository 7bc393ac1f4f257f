import type { Caller } from '../caller.ts';
import { demandCreate, demandDelete, dropEntry, existing, isEmpty } from '../entries.ts';
import { fail } from '../errno.ts';
import { MAY_WRITE } from '../flags.ts';
import { addChild, type Entry, inodeOf, isUnder, removeChild } from '../memfs.ts';
import { isDirectory } from '../mode.ts';
import { isLocalMountPoint } from '../mount.ts';
import { demand, demandWritable } from '../permission.ts';
import { touchChanged, touchModified } from '../times.ts';
import { lookup, type Parent, walkToParent } from '../walk.ts';
import { notifyName, notifySelf } from '../watch.ts';

/** unlink(2). */
export function unlink(caller: Caller, path: string): void {
  const parent = walkToParent(caller, path);
  if (parent.kind !== 'name') fail('EISDIR');
  demandWritable(parent.mount);
  const entry = existing(parent);
  if (parent.trailing) fail(isDirectory(inodeOf(entry).mode) ? 'EISDIR' : 'ENOTDIR');
  demandDelete(caller, parent.entry, entry, false);
  if (isLocalMountPoint(entry, caller.namespace)) fail('EBUSY');
  dropEntry(parent.entry, entry);
}

/** rmdir(2). */
export function rmdir(caller: Caller, path: string): void {
  const parent = walkToParent(caller, path);
  if (parent.kind === 'dotdot') fail('ENOTEMPTY');
  if (parent.kind === 'dot') fail('EINVAL');
  if (parent.kind === 'root') fail('EBUSY');
  demandWritable(parent.mount);
  const entry = existing(parent);
  demandDelete(caller, parent.entry, entry, true);
  if (isLocalMountPoint(entry, caller.namespace)) fail('EBUSY');
  if (!isEmpty(entry)) fail('ENOTEMPTY');
  dropEntry(parent.entry, entry);
}

/** rename(2). */
export function rename(caller: Caller, from: string, to: string): void {
  renameBetween(caller, walkToParent(caller, from), walkToParent(caller, to));
}

/** rename(2) of names in directories that are known already, as renameat(2). */
export function renameBetween(caller: Caller, source: Parent, target: Parent): void {
  if (source.mount !== target.mount) fail('EXDEV');
  if (source.kind !== 'name' || target.kind !== 'name') fail('EBUSY');
  demandWritable(source.mount);
  const old = existing(source);
  const over = lookup(target.entry, target.name);
  const directory = isDirectory(inodeOf(old).mode);
  if (!directory && (source.trailing || target.trailing)) fail('ENOTDIR');
  if (isUnder(target.entry, old)) fail('EINVAL');
  if (over !== undefined && isUnder(source.entry, over)) fail('ENOTEMPTY');
  if (over?.node === old.node) return;
  demandRename(caller, source, target, old, over);
  move(source, target, old, over);
}

function demandRename(caller: Caller, source: Parent, target: Parent, old: Entry, over: Entry | undefined): void {
  const directory = isDirectory(inodeOf(old).mode);
  demandDelete(caller, source.entry, old, directory);
  if (over === undefined) demandCreate(caller, target.entry);
  else demandDelete(caller, target.entry, over, directory);
  if (directory && source.entry !== target.entry) demand(caller, inodeOf(old), MAY_WRITE);
  if (isLocalMountPoint(old, caller.namespace)) fail('EBUSY');
  if (over !== undefined && isLocalMountPoint(over, caller.namespace)) fail('EBUSY');
  if (over !== undefined && directory && !isEmpty(over)) fail('ENOTEMPTY');
  if (!inodeOf(old).fileSystem.canRename(old)) fail('EXDEV');
}

function move(source: Parent, target: Parent, old: Entry, over: Entry | undefined): void {
  const inode = inodeOf(old);
  const { fileSystem } = inode;
  if (over !== undefined) dropEntry(target.entry, over);
  fileSystem.load(target.entry);
  fileSystem.beforeRemove(source.entry, old.name);
  removeChild(source.entry, old);
  const before = old.name;
  old.name = target.name;
  addChild(target.entry, old);
  if (isDirectory(inode.mode)) {
    inodeOf(source.entry).nlink--;
    inodeOf(target.entry).nlink++;
  }
  touchModified(inodeOf(source.entry));
  touchModified(inodeOf(target.entry));
  touchChanged(inode);
  notifyName(source.entry, 'moved_from', before);
  notifyName(target.entry, 'moved_to', target.name);
  notifySelf(inode, 'move_self');
}
