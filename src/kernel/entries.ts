import type { Caller, Place } from './caller.ts';
import { fail } from './errno.ts';
import { MAY_EXEC, MAY_WRITE } from './flags.ts';
import { addChild, Entry, type Inode, inodeOf, removeChild } from './memfs.ts';
import { isDirectory, S_ISGID } from './mode.ts';
import { demand, demandWritable, identityOn, stickyForbids } from './permission.ts';
import { touchChanged, touchModified } from './times.ts';
import { lookup, type Parent, walkToParent } from './walk.ts';
import { notifyName, notifySelf } from './watch.ts';

/** The parent of a name that is to be made. Models filename_create of fs/namei.c. */
export function parentForCreate(caller: Caller, path: string, directory: boolean): Parent {
  const parent = walkToParent(caller, path);
  if (parent.kind !== 'name') fail('EEXIST');
  if (lookup(parent.entry, parent.name) !== undefined) fail('EEXIST');
  if (parent.trailing && !directory) fail('ENOENT');
  demandWritable(parent.mount);
  return parent;
}

/** Throws unless names can be made in the directory. Models may_create. */
export function demandCreate(caller: Caller, directory: Entry): void {
  if (directory.dead) fail('ENOENT');
  demand(caller, inodeOf(directory), MAY_WRITE | MAY_EXEC);
}

/** Throws unless the entry may be taken out of its directory. Models may_delete. */
export function demandDelete(caller: Caller, directory: Entry, entry: Entry, wantDirectory: boolean): void {
  const inode = inodeOf(entry);
  demand(caller, inodeOf(directory), MAY_WRITE | MAY_EXEC);
  if (stickyForbids(caller, inodeOf(directory), inode)) fail('EPERM');
  if (wantDirectory && !isDirectory(inode.mode)) fail('ENOTDIR');
  if (!wantDirectory && isDirectory(inode.mode)) fail('EISDIR');
}

/** Makes an inode and its name; owner and set-group-ID by the directory. Models inode_init_owner. */
export function makeEntry(caller: Caller, parent: Parent, mode: number): Entry {
  const directory = inodeOf(parent.entry);
  const { fileSystem } = directory;
  fileSystem.load(parent.entry);
  const who = identityOn(caller, directory);
  const inode = fileSystem.newInode(mode, fileSystem.kernel.now());
  inode.uid = who.uid;
  inode.gid = who.gid;
  if ((directory.mode & S_ISGID) !== 0) {
    inode.gid = directory.gid;
    if (isDirectory(mode)) inode.mode |= S_ISGID;
  }
  takeDirectoryBlock(inode, caller);
  if (isDirectory(mode)) {
    inode.nlink = 2;
    directory.nlink++;
  }
  const entry = new Entry(parent.entry, parent.name, inode);
  addChild(parent.entry, entry);
  touchModified(directory);
  notifyName(parent.entry, 'create', parent.name);
  return entry;
}

function takeDirectoryBlock(inode: Inode, caller: Caller): void {
  const { fileSystem } = inode;
  const blocks = isDirectory(inode.mode) ? fileSystem.rules.directoryBlocks : 0;
  if (blocks === 0) return;
  const taken = fileSystem.takeBlocks(blocks, caller);
  inode.blocks = taken;
  if (taken === blocks) return;
  fileSystem.release(inode);
  fail('ENOSPC');
}

/** Takes an entry out of its directory; its inode goes when nothing else holds it. */
export function dropEntry(parent: Entry, entry: Entry): void {
  const inode = inodeOf(entry);
  const directory = inodeOf(parent);
  inode.fileSystem.beforeRemove(parent, entry.name);
  removeChild(parent, entry);
  entry.dead = true;
  touchModified(directory);
  touchChanged(inode);
  notifyName(parent, 'delete', entry.name);
  if (isDirectory(inode.mode)) {
    directory.nlink--;
    inode.nlink = 0;
  } else {
    inode.nlink--;
    if (inode.nlink > 0 && inode.fileSystem.rules.countsLinks) inode.fileSystem.inodesUsed--;
  }
  notifySelf(inode, inode.nlink === 0 ? 'delete_self' : 'attrib');
  reap(inode);
}

/** Frees an inode that nothing names and nobody has open. */
export function reap(inode: Inode): void {
  if (inode.nlink > 0 || inode.opens > 0) return;
  inode.fileSystem.release(inode);
}

/** Whether a directory has entries. */
export function isEmpty(directory: Entry): boolean {
  inodeOf(directory).fileSystem.load(directory);
  return directory.children.size === 0;
}

/** The entry of the last component, which must be there. */
export function existing(parent: Place & { name: string }): Entry {
  const entry = lookup(parent.entry, parent.name);
  if (entry === undefined) fail('ENOENT');
  return entry;
}
