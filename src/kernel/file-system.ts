import type { Caller } from './caller.ts';
import { CAP_SYS_RESOURCE, capable } from './caller.ts';
import { type Code, fail } from './errno.ts';
import { inodesOfAttributes } from './extended-attributes.ts';
import { type FileSystemType, fileSystemType } from './file-system-type.ts';
import { hugePageBytes } from './huge-pages.ts';
import type { Kernel } from './kernel.ts';
import { addChild, Entry, Inode } from './memfs.ts';
import { type Charges, dropCharges, giveBlocksOf } from './memory-group.ts';
import { S_IFDIR } from './mode.ts';
import type { MountMarks } from './mount-marks.ts';
import type { OpenFile } from './open-file.ts';
import type { StatFs } from './stat.ts';
import { endWatches } from './watch.ts';

/** Bytes of a block, and of a page, in every filesystem here. */
export const BLOCK_SIZE = 4096;

/** What a new filesystem is like. */
export interface FileSystemOptions {
  /** `tmpfs` (the default), `ext4`, `xfs`, `nfs`, …: the rules of file-system-type.ts. */
  readonly type?: string;
  /** As mountinfo shows it; default the type. */
  readonly source?: string;
  /** Bytes that fit; default what the kernel's memory allows for a tmpfs (half of it), no limit for others. */
  readonly size?: number;
  /** Inodes that fit; default by the size, none for no size. */
  readonly inodes?: number;
  /** Permission bits of its root; default the type's. */
  readonly mode?: number;
  /** Owner of its root; default 0. */
  readonly uid?: number;
  readonly gid?: number;
  readonly readOnly?: boolean;
  /** Options of the superblock, as mountinfo shows them: `size=65536k`. */
  readonly options?: readonly string[];
  /** A `lost+found` of mode 0700, as mkfs.ext4 makes one. Default false. */
  readonly lostFound?: boolean;
  /** Its inodes die with its last mount, as those of a tmpfs. Default false: it is a disk that somebody holds. */
  readonly volatile?: boolean;
}

/** Who a filesystem takes a caller for, as an NFS server with root_squash does. */
export type Identify = (caller: Caller) => Caller;

/**
 * A superblock: inodes and what they may take. Usage is kept as it changes.
 */
export class FileSystem {
  readonly kernel: Kernel;
  readonly type: string;
  readonly rules: FileSystemType;
  readonly source: string;
  /** Device number, as stat(2) has it. */
  readonly dev: number;
  readonly root: Entry;
  /** Blocks that fit in all; Infinity for no limit. */
  maxBlocks: number;
  maxInodes: number;
  blocksUsed = 0;
  /** Those in use, and the parts of some that extended attributes take. */
  #inodesTaken = 0;
  readOnly: boolean;
  options: readonly string[];
  readonly volatile: boolean;
  /** Every operation that needs it fails so, when set: EIO of a broken disk, ESTALE, EHOSTDOWN of a share. */
  failure: Code | undefined = undefined;
  /** Server-side identities, for shares. */
  identify: Identify | undefined = undefined;
  /** Mounts of it that are attached, or held by an open file. */
  mounts = 0;
  /** Files in it that are open for writing. */
  writers = 0;
  /** Inodes that are alive: hard links are not counted, as `inodesUsed` does on a tmpfs. */
  inodes = 0;
  /** Where something is mounted in it; none while nothing ever was. */
  marks: MountMarks | undefined = undefined;
  /** Who is charged for pages of it; none while nobody was. */
  charges: Charges | undefined = undefined;
  /** Its inodes that somebody watches; none while nobody does. */
  watched: Set<Inode> | undefined = undefined;
  #nextIno = 1;

  constructor(
    kernel: Kernel,
    options: FileSystemOptions = {},
    rules: FileSystemType = fileSystemType(options.type ?? 'tmpfs'),
  ) {
    this.kernel = kernel;
    this.type = options.type ?? 'tmpfs';
    this.rules = rules;
    this.source = options.source ?? this.type;
    this.dev = kernel.newDevice();
    this.options = options.options ?? [];
    this.volatile = options.volatile ?? false;
    this.readOnly = options.readOnly ?? false;
    this.maxBlocks = blocksOf(options.size);
    this.maxInodes = options.inodes ?? this.#defaultInodes();
    this.root = this.#makeRoot(options);
    if (options.lostFound) this.#makeLostFound();
  }

  #defaultInodes(): number {
    if (!Number.isFinite(this.maxBlocks)) return Number.POSITIVE_INFINITY;
    return Math.max(1, this.rules.inodesFor(this.maxBlocks * BLOCK_SIZE));
  }

  #makeRoot(options: FileSystemOptions): Entry {
    const inode = this.newInode(S_IFDIR | (options.mode ?? this.rules.rootMode), this.kernel.now());
    inode.uid = options.uid ?? 0;
    inode.gid = options.gid ?? 0;
    inode.nlink = 2;
    return new Entry(undefined, '', inode);
  }

  #makeLostFound(): void {
    const inode = this.newInode(S_IFDIR | 0o700, this.kernel.now());
    inode.nlink = 2;
    this.root.node.nlink++;
    addChild(this.root, new Entry(this.root, 'lost+found', inode));
  }

  /** Bytes that fit in all; Infinity for no limit. */
  get capacity(): number {
    return this.maxBlocks * BLOCK_SIZE;
  }

  /** Bytes that are taken. */
  get used(): number {
    return this.blocksUsed * BLOCK_SIZE;
  }

  /** Changes how much fits, as growing a disk or remounting a tmpfs does. Bytes. */
  resize(size: number): void {
    this.maxBlocks = blocksOf(size);
    this.maxInodes = Math.max(this.maxInodes, this.#defaultInodes());
  }

  /** A new inode; ENOSPC when there are as many as fit. */
  newInode(mode: number, now: number): Inode {
    this.takeInode();
    const inode = new Inode(this, this.newIno(), mode, now);
    this.inodes++;
    this.kernel.inodes++;
    return inode;
  }

  /** A number that no inode of it had yet. */
  newIno(): number {
    return this.#nextIno++;
  }

  /** Counts one more inode, or hard link where those count; ENOSPC. */
  takeInode(): void {
    if (this.freeInodes < 1) fail('ENOSPC');
    this.takeInodes(1);
  }

  /** Inodes that still fit; a broken number where extended attributes take parts of some. */
  get freeInodes(): number {
    return this.maxInodes - this.#inodesTaken;
  }

  /** Inodes that are taken: as statfs(2) counts them, whole ones. */
  get inodesUsed(): number {
    return Math.ceil(this.#inodesTaken);
  }

  /** Counts inodes as taken. */
  takeInodes(count: number): void {
    this.#inodesTaken += count;
    this.kernel.onUsage?.();
  }

  /** Counts inodes as free. */
  giveInodes(count: number): void {
    this.#inodesTaken -= count;
    this.kernel.onUsage?.();
  }

  /** Counts blocks as taken: as many of them as fit, which it returns. */
  takeBlocks(wanted: number, caller: Caller | undefined): number {
    const taken = this.roomFor(wanted, caller);
    this.#count(taken);
    return taken;
  }

  /** How many of the blocks fit, for a caller. */
  roomFor(wanted: number, caller: Caller | undefined): number {
    const reserved = this.#reservedBlocks();
    const limit =
      reserved === 0 || caller === undefined || mayUseReserved(caller)
        ? this.maxBlocks
        : this.maxBlocks - reserved;
    return Math.max(0, Math.min(wanted, limit - this.blocksUsed));
  }

  /** Counts blocks as free. */
  giveBlocks(count: number): void {
    this.#count(-count);
  }

  #count(blocks: number): void {
    this.blocksUsed += blocks;
    if (this.type === 'tmpfs') this.kernel.memoryBlocks += blocks;
    this.kernel.onUsage?.();
  }

  #reservedBlocks(): number {
    if (this.rules.reserved === 0 || !Number.isFinite(this.maxBlocks)) return 0;
    return Math.floor(this.maxBlocks * this.rules.reserved);
  }

  /** An entry that is not held in memory yet; undefined when there is none. Overlays and /proc make theirs here. */
  lookup(_directory: Entry, _name: string): Entry | undefined {
    return undefined;
  }

  /** Makes all entries of a directory be held in memory. */
  load(_directory: Entry): void {}

  /** Content that is made when it is read, as in /proc; undefined for files that hold theirs. */
  content(_file: OpenFile): Uint8Array | undefined {
    return undefined;
  }

  /** Called before an inode changes; an overlay copies it up. */
  beforeChange(_entry: Entry | undefined, _inode: Inode): void {}

  /** Whether its times of access are kept; an overlay does not for what is below. */
  keepsAccess(_inode: Inode): boolean {
    return true;
  }

  /** Links of an inode as stat(2) tells. */
  linksOf(inode: Inode, _entry: Entry | undefined): number {
    return inode.nlink;
  }

  /** Blocks of an inode as stat(2) tells. */
  blocksOf(inode: Inode): number {
    return inode.blocks;
  }

  /** Called when a name is about to be taken out of a directory. */
  beforeRemove(_directory: Entry, _name: string): void {}

  /** Whether an entry can be renamed at all (an overlay's directory from below cannot: EXDEV). */
  canRename(_entry: Entry): boolean {
    return true;
  }

  /** What statfs(2) tells; zeroes where there is no limit. */
  statfs(): StatFs {
    const blocks = Number.isFinite(this.maxBlocks) ? this.maxBlocks : 0;
    const bfree = blocks === 0 ? 0 : Math.max(0, blocks - this.blocksUsed);
    const files = Number.isFinite(this.maxInodes) ? this.maxInodes : 0;
    return {
      type: this.rules.magic,
      bsize: hugePageBytes(this) ?? BLOCK_SIZE,
      blocks,
      bfree,
      bavail: Math.max(0, bfree - this.#reservedBlocks()),
      files,
      ffree: files === 0 ? 0 : Math.max(0, Math.floor(this.freeInodes)),
    };
  }

  /** The inode is gone: nothing names it and nobody has it open. */
  release(inode: Inode): void {
    giveBlocksOf(inode, inode.blocks);
    inode.blocks = 0;
    inode.project?.count(0, -1);
    inode.project = undefined;
    this.giveInodes(1 + inodesOfAttributes(inode));
    this.inodes--;
    this.kernel.inodes--;
  }

  /** Counts one mount less; what lives in memory only dies with the last. */
  unmounted(): void {
    this.mounts--;
    if (this.mounts > 0) return;
    // Newest first, as the list of a superblock has them.
    const watched = [...(this.watched ?? [])].sort((a, b) => b.ino - a.ino);
    for (const inode of watched) endWatches(inode, 'unmount');
    if (this.volatile) this.dispose();
  }

  /** Forgets all inodes: the disk is thrown away. */
  dispose(): void {
    this.kernel.inodes -= this.inodes;
    this.inodes = 0;
    this.#inodesTaken = 0;
    this.#count(-this.blocksUsed);
    dropCharges(this);
  }
}

function blocksOf(size: number | undefined): number {
  return size === undefined ? Number.POSITIVE_INFINITY : Math.ceil(size / BLOCK_SIZE);
}

function mayUseReserved(caller: Caller): boolean {
  return caller.uid === 0 || capable(caller, CAP_SYS_RESOURCE);
}
