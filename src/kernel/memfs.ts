import { Link, Node } from '@jsonjoy.com/fs-core';
import type { Extra } from './extra.ts';
import type { FileSystem } from './file-system.ts';
import type { Mount } from './mount.ts';

/*
 * The inodes and directory entries are memfs's, made without memfs's constructors: those read the clock and the user of the host,
 * and take seven objects for each file. What memfs declares private is reached here and nowhere else.
 */

interface NodeFields {
  _uid: number;
  _gid: number;
  _atime: number;
  _mtime: number;
  _ctime: number;
  _btime: number;
  _nlink: number;
  size: number;
  buf: Uint8Array;
}

function fieldsOf(node: Node): NodeFields {
  return node as unknown as NodeFields;
}

/** A class without a constructor of its own, whose instances are instances of `base`. */
function bare<T extends abstract new (...args: never[]) => object>(base: T): T {
  function Bare(): void {}
  Bare.prototype = base.prototype;
  return Bare as unknown as T;
}

const BareNode: typeof Node = bare(Node);
const BareLink: typeof Link = bare(Link);

const NO_BYTES: Uint8Array = new Uint8Array(0);
const NO_CHILDREN: Map<string, Link | undefined> = new Map();

/**
 * An inode: memfs's `Node`, whose numbers, owner, size and times are ours. Times are milliseconds since the epoch, from the
 * kernel's clock.
 */
export class Inode extends BareNode {
  readonly fileSystem: FileSystem;
  /** Open descriptions that keep it alive. */
  opens: number;
  /** Blocks that it takes of its filesystem (of the filesystem's block size). */
  blocks: number;
  /** Its bytes are shared with others: they are copied before a change. */
  shared: boolean;
  /** What few inodes have: holes, extended attributes, watchers. */
  extra: Extra | undefined;

  constructor(fileSystem: FileSystem, ino: number, mode: number, now: number) {
    super(ino);
    this.fileSystem = fileSystem;
    this.ino = ino;
    this.mode = mode;
    this.rdev = 0;
    this.symlink = '';
    this.opens = 0;
    this.blocks = 0;
    this.shared = false;
    this.extra = undefined;
    const fields = fieldsOf(this);
    fields._uid = 0;
    fields._gid = 0;
    fields._nlink = 1;
    fields.size = 0;
    fields.buf = NO_BYTES;
    fields._atime = fields._mtime = fields._ctime = fields._btime = now;
  }

  override get uid(): number {
    return fieldsOf(this)._uid;
  }
  override set uid(uid: number) {
    fieldsOf(this)._uid = uid;
  }
  override get gid(): number {
    return fieldsOf(this)._gid;
  }
  override set gid(gid: number) {
    fieldsOf(this)._gid = gid;
  }
  override get nlink(): number {
    return fieldsOf(this)._nlink;
  }
  override set nlink(nlink: number) {
    fieldsOf(this)._nlink = nlink;
  }
  /** Bytes of a file as stat has them; the bytes held may be fewer (the rest reads as zeroes). */
  get length(): number {
    return fieldsOf(this).size;
  }
  set length(length: number) {
    fieldsOf(this).size = length;
  }
  /** What was written, from the start of the file; may have room behind it. */
  get data(): Uint8Array {
    return fieldsOf(this).buf;
  }
  set data(data: Uint8Array) {
    fieldsOf(this).buf = data;
  }
  get atimeMs(): number {
    return fieldsOf(this)._atime;
  }
  set atimeMs(time: number) {
    fieldsOf(this)._atime = time;
  }
  get mtimeMs(): number {
    return fieldsOf(this)._mtime;
  }
  set mtimeMs(time: number) {
    fieldsOf(this)._mtime = time;
  }
  get ctimeMs(): number {
    return fieldsOf(this)._ctime;
  }
  set ctimeMs(time: number) {
    fieldsOf(this)._ctime = time;
  }
  get birthtimeMs(): number {
    return fieldsOf(this)._btime;
  }
  override get atime(): Date {
    return new Date(this.atimeMs);
  }
  override get mtime(): Date {
    return new Date(this.mtimeMs);
  }
  override get ctime(): Date {
    return new Date(this.ctimeMs);
  }
  override get btime(): Date {
    return new Date(this.birthtimeMs);
  }
  override touch(): void {}
}

/** A directory entry: memfs's `Link`, with the place of mounts on it. */
export class Entry extends BareLink {
  /** The first of the mounts whose mount point this is, in any namespace. */
  mounted: Mount | undefined;
  /** It was removed: what still refers to it is in a deleted directory. */
  dead: boolean;

  constructor(parent: Entry | undefined, name: string, inode: Inode) {
    super(undefined as never, undefined, name);
    this.parent = parent;
    this.name = name;
    this.node = inode;
    this.children = NO_CHILDREN;
    this.mounted = undefined;
    this.dead = false;
  }
}

/** The inode of an entry. */
export function inodeOf(entry: Entry): Inode {
  return entry.node as Inode;
}

/** The entry above, in the same filesystem; none for its root. */
export function parentOf(entry: Entry): Entry | undefined {
  return entry.parent as Entry | undefined;
}

/** The entry of that name that is held in memory, in a directory. */
export function childOf(entry: Entry, name: string): Entry | undefined {
  return entry.children.get(name) as Entry | undefined;
}

/** The entries held in memory of a directory, oldest first. */
export function childrenOf(entry: Entry): ReadonlyMap<string, Entry> {
  return entry.children as Map<string, Entry>;
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

/** Whether an entry is another one, or below it. */
export function isUnder(entry: Entry, ancestor: Entry): boolean {
  for (let at: Entry | undefined = entry; at !== undefined; at = parentOf(at)) {
    if (at === ancestor) return true;
  }
  return false;
}
