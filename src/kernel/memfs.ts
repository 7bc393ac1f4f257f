import type { Extra } from './extra.ts';
import type { FileSystem } from './file-system.ts';
import type { Mount } from './mount.ts';
import type { Project } from './project.ts';

/*
 * Inodes and directory entries have the fields of memfs's `Node` and `Link` that hold a tree, and none of its code: that reads the
 * clock and the user of the host, takes seven objects for each file, and needs `node:buffer` and `process` to load.
 */

const NO_BYTES: Uint8Array = new Uint8Array(0);
const NO_CHILDREN: Map<string, Entry> = new Map();

/** An inode. Times are milliseconds since the epoch, from the kernel's clock. */
export class Inode {
  readonly fileSystem: FileSystem;
  ino: number;
  mode: number;
  uid = 0;
  gid = 0;
  nlink = 1;
  rdev = 0;
  /** What a symbolic link says. */
  symlink = '';
  /** Bytes of a file as stat has them; the bytes held may be fewer (the rest reads as zeroes). */
  length = 0;
  /** What was written, from the start of the file; may have room behind it. */
  data: Uint8Array = NO_BYTES;
  atimeMs: number;
  mtimeMs: number;
  ctimeMs: number;
  readonly birthtimeMs: number;
  /** Open descriptions, and mounts of which it is the root, that keep it alive. */
  opens = 0;
  /** Whoever counts what it takes: the directory that it is in, or one above. */
  project: Project | undefined = undefined;
  /** Its bytes are shared with others: they are copied before a change. */
  shared = false;
  /** What few inodes have: holes, extended attributes, watchers. */
  extra: Extra | undefined = undefined;
  #blocks = 0;

  constructor(fileSystem: FileSystem, ino: number, mode: number, now: number) {
    this.fileSystem = fileSystem;
    this.ino = ino;
    this.mode = mode;
    this.atimeMs = this.mtimeMs = this.ctimeMs = this.birthtimeMs = now;
  }

  /** Blocks that it takes of its filesystem (of the filesystem's block size). */
  get blocks(): number {
    return this.#blocks;
  }
  set blocks(blocks: number) {
    this.project?.count(blocks - this.#blocks, 0);
    this.#blocks = blocks;
  }
}

/** A directory entry, with the place of mounts on it. */
export class Entry {
  parent: Entry | undefined;
  name: string;
  readonly node: Inode;
  children: Map<string, Entry> = NO_CHILDREN;
  /** The first of the mounts whose mount point this is, in any namespace. */
  mounted: Mount | undefined = undefined;
  /** It was removed: what still refers to it is in a deleted directory. */
  dead = false;

  constructor(parent: Entry | undefined, name: string, inode: Inode) {
    this.parent = parent;
    this.name = name;
    this.node = inode;
  }
}

/** The inode of an entry. */
export function inodeOf(entry: Entry): Inode {
  return entry.node;
}

/** The entry above, in the same filesystem; none for its root. */
export function parentOf(entry: Entry): Entry | undefined {
  return entry.parent;
}

/** The entry of that name that is held in memory, in a directory. */
export function childOf(entry: Entry, name: string): Entry | undefined {
  return entry.children.get(name);
}

/** The entries held in memory of a directory, oldest first. */
export function childrenOf(entry: Entry): ReadonlyMap<string, Entry> {
  return entry.children;
}

/** Puts an entry into a directory. */
export function addChild(parent: Entry, child: Entry): void {
  if (parent.children === NO_CHILDREN) parent.children = new Map();
  parent.children.set(child.name, child);
  child.parent = parent;
}

/** Takes an entry out of its directory. */
export function removeChild(parent: Entry, child: Entry): void {
  parent.children.delete(child.name);
}

/** The names of the entries from the root of the filesystem, or from one above: `/a/b`; `/` for that itself. */
export function pathInside(entry: Entry, top?: Entry): string {
  let path = '';
  for (let at: Entry = entry; ; ) {
    const above = parentOf(at);
    if (above === undefined || at === top) return path || '/';
    path = `/${at.name}${path}`;
    at = above;
  }
}

/** An entry and all that is held in memory below it. */
export function* walkEntries(top: Entry): Generator<Entry, void, void> {
  const waiting = [top];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    yield entry;
    waiting.push(...childrenOf(entry).values());
  }
}

/** Whether an entry is another one, or below it. */
export function isUnder(entry: Entry, ancestor: Entry): boolean {
  for (let at: Entry | undefined = entry; at !== undefined; at = parentOf(at)) {
    if (at === ancestor) return true;
  }
  return false;
}
