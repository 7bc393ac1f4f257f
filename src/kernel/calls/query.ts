import type { Caller, Place } from '../caller.ts';
import { BLOCK_SIZE } from '../capacity.ts';
import { fail } from '../errno.ts';
import { MAY_READ } from '../flags.ts';
import { childrenOf, type Entry, type Inode, inodeOf } from '../memfs.ts';
import { type FileType, fileType, isDirectory, isSymlink } from '../mode.ts';
import type { Mount } from '../mount.ts';
import { demandOpened, type OpenFile } from '../open-file.ts';
import { demand, demandAnswer, demandWorking } from '../permission.ts';
import type { Stat, StatFs } from '../stat.ts';
import { touchAccess } from '../times.ts';
import { readPath, utf8Length, walk } from '../walk.ts';

/** One name of a directory, and what it is. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
}

/** What stat(2) tells of an inode. */
export function statOf(inode: Inode, entry?: Entry): Stat {
  const { fileSystem } = inode;
  demandAnswer(fileSystem);
  return {
    dev: fileSystem.dev,
    ino: inode.ino,
    mode: inode.mode,
    nlink: fileSystem.linksOf(inode, entry),
    uid: inode.uid,
    gid: inode.gid,
    rdev: inode.rdev,
    size: sizeOf(inode, entry),
    blocks: fileSystem.blocksOf(inode) * (BLOCK_SIZE / 512),
    blksize: BLOCK_SIZE,
    atimeMs: inode.atimeMs,
    mtimeMs: inode.mtimeMs,
    ctimeMs: inode.ctimeMs,
    birthtimeMs: inode.birthtimeMs,
  };
}

function sizeOf(inode: Inode, entry: Entry | undefined): number {
  if (isSymlink(inode.mode)) return utf8Length(inode.symlink);
  if (!isDirectory(inode.mode)) return inode.length;
  const size = inode.fileSystem.rules.directorySize(entry?.children.size ?? 0);
  return Math.max(size, inode.blocks * BLOCK_SIZE);
}

/** stat(2). */
export function stat(caller: Caller, path: string): Stat {
  const { entry } = walk(caller, path);
  return statOf(inodeOf(entry), entry);
}

/** lstat(2). */
export function lstat(caller: Caller, path: string): Stat {
  const { entry } = walk(caller, path, false);
  return statOf(inodeOf(entry), entry);
}

/** fstat(2). */
export function fstat(file: OpenFile): Stat {
  return statOf(file.inode, file.entry);
}

/** The names in a directory, oldest first; `.` and `..` left out. Models getdents(2). */
export function readdir(caller: Caller, path: string): DirectoryEntry[] {
  const { mount, entry } = readable(caller, path);
  return list(mount, entry);
}

/** The same without the types. */
export function names(caller: Caller, path: string): string[] {
  const { mount, entry } = readable(caller, path);
  return [...entriesOf(mount, entry).keys()];
}

function readable(caller: Caller, path: string): Place {
  const place = walk(caller, path);
  const inode = inodeOf(place.entry);
  if (!isDirectory(inode.mode)) fail('ENOTDIR');
  demand(caller, inode, MAY_READ);
  return place;
}

/** The same of an open directory; ENOENT when it was removed meanwhile. */
export function getdents(file: OpenFile): DirectoryEntry[] {
  demandOpened(file);
  if (!isDirectory(file.inode.mode)) fail('ENOTDIR');
  if (file.entry.dead) fail('ENOENT');
  return list(file.mount, file.entry);
}

function list(mount: Mount, entry: Entry): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (const child of entriesOf(mount, entry).values()) {
    entries.push({ name: child.name, type: fileType(inodeOf(child).mode) });
  }
  return entries;
}

function entriesOf(mount: Mount, entry: Entry): ReadonlyMap<string, Entry> {
  const inode = inodeOf(entry);
  demandWorking(inode.fileSystem);
  inode.fileSystem.load(entry);
  touchAccess(mount, inode);
  return childrenOf(entry);
}

/** statfs(2). In a directory whose quota is limited (not of a file in it): what of that is left. */
export function statfs(caller: Caller, path: string): StatFs {
  const { mount, entry } = walk(caller, path);
  demandAnswer(mount.fileSystem);
  const found = mount.fileSystem.statfs();
  const { project, mode } = inodeOf(entry);
  return isDirectory(mode) ? (project?.limited(found) ?? found) : found;
}

/** The path without links, as realpath(3) finds it: by text, component by component. */
export function realpath(caller: Caller, path: string): string {
  let out = '';
  const text = readPath(caller, path);
  let rest = text.split('/');
  if (path === '') fail('ENOENT');
  if (!text.startsWith('/')) rest = [...caller.namespace.pathOf(caller.cwd).split('/'), ...rest];
  for (let hops = 0; rest.length > 0; ) {
    const [name = '', ...more] = rest;
    rest = more;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      out = out.slice(0, Math.max(0, out.lastIndexOf('/')));
      continue;
    }
    const at = `${out}/${name}`;
    const inode = inodeOf(walk(caller, at, false).entry);
    if (!isSymlink(inode.mode)) {
      out = at;
      continue;
    }
    if (++hops > 40) {
      walk(caller, path);
      fail('ELOOP');
    }
    const target = readPath(caller, inode.symlink);
    if (target.startsWith('/')) out = '';
    rest = [...target.split('/'), ...rest];
  }
  return out || '/';
}
