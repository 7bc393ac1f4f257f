import { CAP_FSETID, type Caller, capable } from './caller.ts';
import { fail } from './errno.ts';
import {
  addChild,
  childrenOf,
  Entry,
  type Inode,
  inodeOf,
  parentOf,
  removeChild,
} from './memfs.ts';
import { isDirectory, S_IFMT, S_ISGID } from './mode.ts';
import { demandIntact, identityOn, inGroup } from './permission.ts';
import { assignProject } from './project.ts';
import { touchChanged, touchModified } from './times.ts';
import { endWatches, notifyName, notifySelf } from './watch.ts';

/** What mknod(2), mkdir(2), symlink(2) and open(2) make: a new inode under a new name, which takes `blocks`. Permissions were checked; ENOSPC. Models inode_init_owner. */
export function createEntry(
  caller: Caller,
  parent: Entry,
  name: string,
  mode: number,
  blocks = 0,
): Entry {
  const directory = inodeOf(parent);
  const { fileSystem } = directory;
  const who = identityOn(caller, directory);
  demandIntact(fileSystem);
  fileSystem.beforeChange(parent, directory);
  directory.project?.demandInode(fileSystem.rules, who);
  const inode = fileSystem.newInode(mode, fileSystem.kernel.now());
  inode.project = directory.project;
  inode.project?.count(0, 1);
  inode.uid = who.uid;
  inode.gid = who.gid;
  if ((directory.mode & S_ISGID) !== 0) inheritGroup(who, directory, inode);
  takeFirstBlocks(caller, inode, isDirectory(mode) ? fileSystem.rules.directoryBlocks : blocks);
  if (isDirectory(mode)) {
    inode.nlink = 2;
    directory.nlink++;
  }
  const entry = new Entry(parent, name, inode);
  addChild(parent, entry);
  touchModified(directory);
  notifyName(parent, 'create', name, inode);
  return entry;
}

function inheritGroup(caller: Caller, directory: Inode, inode: Inode): void {
  inode.gid = directory.gid;
  if (isDirectory(inode.mode)) {
    inode.mode |= S_ISGID;
    return;
  }
  const executable = (inode.mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010);
  if (executable && !inGroup(caller, directory.gid) && !capable(caller, CAP_FSETID)) {
    inode.mode &= ~S_ISGID;
  }
}

function takeFirstBlocks(caller: Caller, inode: Inode, blocks: number): void {
  if (blocks === 0) return;
  const { fileSystem, project } = inode;
  const { rules } = fileSystem;
  const allowed = (project?.roomFor(blocks, rules, caller) ?? blocks) >= blocks;
  if (allowed) inode.blocks = fileSystem.takeBlocks(blocks, caller);
  if (inode.blocks === blocks) return;
  fileSystem.release(inode);
  fail(allowed ? 'ENOSPC' : rules.quotaError);
}

/** Another name for an inode. Permissions were checked. */
export function linkEntry(parent: Entry, name: string, inode: Inode): void {
  const directory = inodeOf(parent);
  const { fileSystem } = directory;
  if (fileSystem.rules.countsLinks && inode.nlink > 0) fileSystem.takeInode();
  fileSystem.beforeChange(parent, directory);
  addChild(parent, new Entry(parent, name, inode));
  inode.nlink++;
  touchModified(directory);
  touchChanged(inode);
  notifySelf(inode, 'attrib');
  notifyName(parent, 'create', name, inode);
}

/** Takes a name away; the inode dies with its last name and its last open file. Permissions were checked. */
export function dropEntry(entry: Entry): void {
  const parent = parentOf(entry);
  const inode = inodeOf(entry);
  takeName(entry);
  if (!isDirectory(inode.mode)) notifySelf(inode, 'attrib');
  releaseIfUnused(inode);
  if (parent !== undefined) notifyName(parent, 'delete', entry.name, inode);
}

/** Takes a name away, and tells nobody yet. */
function takeName(entry: Entry): void {
  const parent = parentOf(entry);
  if (parent === undefined) return;
  const directory = inodeOf(parent);
  const inode = inodeOf(entry);
  const { fileSystem } = directory;
  fileSystem.beforeChange(parent, directory);
  fileSystem.beforeRemove(parent, entry.name);
  removeChild(parent, entry);
  entry.dead = true;
  touchModified(directory);
  touchChanged(inode);
  if (isDirectory(inode.mode)) {
    directory.nlink--;
    inode.nlink = 0;
  } else {
    inode.nlink--;
    if (fileSystem.rules.countsLinks && inode.nlink > 0) fileSystem.giveInodes(1);
  }
}

/** Frees an inode that has neither names nor open files. */
export function releaseIfUnused(inode: Inode): void {
  if (inode.nlink > 0 || inode.opens > 0) return;
  endWatches(inode, 'delete_self');
  inode.fileSystem.release(inode);
}

/** Gives an entry another name and directory, in the place of `replaced`. Permissions were checked. Models fsnotify_move. */
export function moveEntry(entry: Entry, to: Entry, name: string, replaced?: Entry): void {
  const from = parentOf(entry);
  if (from === undefined) return;
  const oldName = entry.name;
  const inode = inodeOf(entry);
  if (replaced !== undefined) takeName(replaced);
  changeName(entry, from, to, name);
  notifyName(from, 'moved_from', oldName, inode);
  notifyName(to, 'moved_to', name, inode);
  if (replaced !== undefined) notifySelf(inodeOf(replaced), 'attrib');
  notifySelf(inode, 'move_self');
  if (replaced !== undefined) releaseIfUnused(inodeOf(replaced));
}

function changeName(entry: Entry, from: Entry, to: Entry, name: string): void {
  const inode = inodeOf(entry);
  const before = inodeOf(from);
  const after = inodeOf(to);
  const { fileSystem } = inode;
  fileSystem.beforeChange(from, before);
  fileSystem.beforeChange(to, after);
  fileSystem.beforeChange(entry, inode);
  fileSystem.beforeRemove(from, entry.name);
  const marks = fileSystem.marks?.has(entry) ? fileSystem.marks : undefined;
  marks?.takeOut(entry);
  removeChild(from, entry);
  entry.name = name;
  addChild(to, entry);
  marks?.add(entry);
  if (isDirectory(inode.mode) && from !== to) {
    before.nlink--;
    after.nlink++;
  }
  if (before.project !== after.project) assignProject(entry, after.project);
  touchModified(before);
  touchModified(after);
  touchChanged(inode);
}

/** Whether a directory has no entries. */
export function isEmpty(directory: Entry): boolean {
  inodeOf(directory).fileSystem.load(directory);
  return childrenOf(directory).size === 0;
}

/** The same type with other permission bits. */
export function withPermissions(mode: number, permissions: number): number {
  return (mode & S_IFMT) | (permissions & 0o7777);
}
