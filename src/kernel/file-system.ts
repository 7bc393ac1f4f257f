import { giveAttributeBlocks } from './attribute-space.ts';
import type { Caller } from './caller.ts';
import { BLOCK_SIZE, Capacity, type CapacityOptions } from './capacity.ts';
import type { Code } from './errno.ts';
import { inodesOfAttributes } from './extended-attributes.ts';
import { attributeBlocks } from './extra.ts';
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

/** What a new filesystem is like. */
export interface FileSystemOptions extends CapacityOptions {
  /** `tmpfs` (the default), `ext4`, `xfs`, `nfs`, …: the rules of file-system-type.ts. */
  readonly type?: string;
  /** As mountinfo shows it; default the type. */
  readonly source?: string;
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

/** As mkfs.ext4 makes it, so that fsck has room for what it finds. */
const LOST_FOUND_BLOCKS = 4;

/** A superblock: the tree of its inodes, and what becomes of it. */
export class FileSystem extends Capacity {
  readonly source: string;
  /** Device number, as stat(2) has it. */
  readonly dev: number;
  readonly root: Entry;
  readOnly: boolean;
  options: readonly string[];
  readonly volatile: boolean;
  /** Every operation that needs it fails so, when set. */
  failure: Code | undefined = undefined;
  /** It became read-only by an error (`emergency_ro` in mountinfo), and no remount helps. */
  aborted = false;
  /** Server-side identities, for shares. */
  identify: Identify | undefined = undefined;
  /** Mounts of it that are attached, or held by an open file. */
  mounts = 0;
  /** Files in it that are open for writing. */
  writers = 0;
  /** Where something is mounted in it; none while nothing ever was. */
  marks: MountMarks | undefined = undefined;
  /** Who is charged for pages of it; none while nobody was. */
  charges: Charges | undefined = undefined;
  /** Its inodes that somebody watches; none while nobody does. */
  watched: Set<Inode> | undefined = undefined;
  #nextIno: number;
  /** Inodes that nobody has any more, whose room an error keeps from being given back. */
  #orphans: Inode[] | undefined = undefined;

  constructor(
    kernel: Kernel,
    options: FileSystemOptions = {},
    rules: FileSystemType = fileSystemType(options.type ?? 'tmpfs'),
  ) {
    super(kernel, options.type ?? 'tmpfs', rules, options);
    this.source = options.source ?? this.type;
    this.dev = kernel.newDevice();
    this.options = options.options ?? [];
    this.volatile = options.volatile ?? false;
    this.readOnly = options.readOnly ?? false;
    this.#nextIno = this.rules.rootIno;
    this.root = this.#makeRoot(options);
    if (options.lostFound) this.#makeLostFound(options.metadata !== undefined);
    this.#nextIno = Math.max(this.#nextIno, this.rules.firstIno);
  }

  #makeRoot(options: FileSystemOptions): Entry {
    const inode = this.newInode(S_IFDIR | (options.mode ?? this.rules.rootMode), this.kernel.now());
    inode.uid = options.uid ?? 0;
    inode.gid = options.gid ?? 0;
    inode.nlink = 2;
    if (options.metadata !== undefined) {
      inode.blocks = this.takeBlocks(this.rules.directoryBlocks, undefined);
    }
    return new Entry(undefined, '', inode);
  }

  #makeLostFound(counted: boolean): void {
    this.#nextIno = Math.max(this.#nextIno, this.rules.firstIno - 1);
    const inode = this.newInode(S_IFDIR | 0o700, this.kernel.now());
    inode.nlink = 2;
    if (counted) inode.blocks = this.takeBlocks(LOST_FOUND_BLOCKS, undefined);
    this.root.node.nlink++;
    addChild(this.root, new Entry(this.root, 'lost+found', inode));
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

  /** From now on every operation that needs it fails so: EIO of a broken disk, ESTALE, ETIMEDOUT or EHOSTDOWN of a share. */
  fail(code: Code = 'EIO'): void {
    this.failure = code;
  }

  /** It does not answer any more: whoever needs it would wait, and gets EAGAIN, since calls are atomic here. */
  hang(): void {
    this.failure = 'EAGAIN';
  }

  /** An error makes it read-only: nothing can be changed any more, not even files that are open. Models errors=remount-ro of ext4. */
  abort(): void {
    this.aborted = true;
  }

  /** Why whoever needs it fails, if so. */
  get failing(): Code | undefined {
    return this.failure;
  }

  /** Whether an error keeps it from being changed. */
  get broken(): boolean {
    return this.aborted;
  }

  /** Its options as mountinfo shows them. Models ext4_show_options, as far as that tells of errors. */
  get shownOptions(): readonly string[] {
    return this.aborted ? [...this.options, 'emergency_ro'] : this.options;
  }

  /** It is as before it failed, hung or was aborted: the disk was repaired and mounted again, the share answers. */
  recover(): void {
    this.failure = undefined;
    this.aborted = false;
    const orphans = this.#orphans;
    this.#orphans = undefined;
    for (const inode of orphans ?? []) this.release(inode);
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
    return inode.blocks + attributeBlocks(inode);
  }

  /** Called when a name is about to be taken out of a directory. */
  beforeRemove(_directory: Entry, _name: string): void {}

  /** Whether an entry can be renamed at all (an overlay's directory from below cannot: EXDEV). */
  canRename(_entry: Entry): boolean {
    return true;
  }

  override statfs(): StatFs {
    return { ...super.statfs(), bsize: hugePageBytes(this) ?? BLOCK_SIZE };
  }

  /** The inode is gone: nothing names it and nobody has it open. */
  release(inode: Inode): void {
    if (this.aborted) {
      this.#orphans ??= [];
      this.#orphans.push(inode);
      return;
    }
    giveBlocksOf(inode, inode.blocks);
    inode.blocks = 0;
    giveAttributeBlocks(inode);
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
    this.clear();
    dropCharges(this);
  }
}
