import type { Caller } from './caller.ts';
import { BLOCK_SIZE } from './capacity.ts';
import { wholeData } from './data.ts';
import { type Code, fail } from './errno.ts';
import { extraOf } from './extra.ts';
import { FileSystem, type FileSystemOptions } from './file-system.ts';
import { overlayOn } from './file-system-type.ts';
import type { Kernel } from './kernel.ts';
import { addChild, childOf, childrenOf, Entry, type Inode, inodeOf, parentOf } from './memfs.ts';
import { isDirectory, isRegular } from './mode.ts';
import { touchChanged } from './times.ts';

/**
 * An overlay: a lower tree that is only read, under an upper one of its own. What is below shows up here as entries made when they
 * are first looked at, which share the bytes until something changes them (copy up). Names taken away leave a whiteout. An
 * overlay that nobody looks into costs no more than its root. Models the kernel's Documentation/filesystems/overlayfs.rst.
 */
export class Overlay extends FileSystem {
  readonly #below = new Map<Entry, Entry>();
  readonly #whiteouts = new Map<Entry, Set<string>>();
  readonly #loaded = new Set<Entry>();
  /** Inodes that are only shown here, and what they are below. */
  readonly #shown = new Map<Inode, Inode>();
  /** Numbers of files with several names below: all of those have the same, until they are copied up. */
  readonly #numbers = new Map<Inode, number>();
  /** Whoever pays for what is copied up and written: the disk of the upper directory. */
  readonly upper: FileSystem | undefined;
  /** Inodes that it takes of the upper disk. */
  ownInodes = 0;
  /** Told whenever it takes more blocks of the upper disk, or less, in the middle of the call. */
  onUsage: ((blocks: number) => void) | undefined;
  /** An entry of below is being shown. */
  private showing = false;

  /** @param lower the root of the tree below; never changed through the overlay */
  constructor(
    kernel: Kernel,
    lower: Entry,
    options: FileSystemOptions & { upper?: FileSystem } = {},
  ) {
    super(
      kernel,
      { ...options, type: 'overlay', source: options.source ?? 'overlay', volatile: true },
      overlayOn(options.upper?.rules),
    );
    this.upper = options.upper;
    copyOwner(inodeOf(lower), inodeOf(this.root));
    this.#below.set(this.root, lower);
  }

  /** What its upper disk cannot do, it cannot. */
  override get failing(): Code | undefined {
    return this.failure ?? this.upper?.failing;
  }

  override get broken(): boolean {
    return this.aborted || (this.upper?.broken ?? false);
  }

  override lookup(directory: Entry, name: string): Entry | undefined {
    const lower = this.#below.get(directory);
    if (lower === undefined || this.#whiteouts.get(directory)?.has(name)) return undefined;
    const found = childOf(lower, name);
    return found === undefined ? undefined : this.#show(directory, found);
  }

  override load(directory: Entry): void {
    const lower = this.#below.get(directory);
    if (lower === undefined || this.#loaded.has(directory)) return;
    this.#loaded.add(directory);
    const hidden = this.#whiteouts.get(directory);
    for (const [name, entry] of childrenOf(lower)) {
      if (!hidden?.has(name) && childOf(directory, name) === undefined)
        this.#show(directory, entry);
    }
  }

  override beforeRemove(directory: Entry, name: string): void {
    const lower = this.#below.get(directory);
    if (lower === undefined || childOf(lower, name) === undefined) return;
    const hidden = this.#whiteouts.get(directory) ?? new Set();
    hidden.add(name);
    this.#whiteouts.set(directory, hidden);
  }

  /**
   * Copy up: the inode and the directories above become its own and count, with times of access and modification as they were; a
   * file of several names below has one name then, and the directory that it is in has changed. ENOSPC of the upper disk. Models
   * ovl_copy_up_one.
   */
  override beforeChange(entry: Entry | undefined, inode: Inode): void {
    const lower = this.#shown.get(inode);
    if (lower === undefined) return;
    const parent = entry === undefined ? undefined : parentOf(entry);
    if (parent !== undefined) this.beforeChange(parent, inodeOf(parent));
    const blocks = this.#blocksOf(inode);
    if (this.roomFor(blocks, undefined) < blocks) fail('ENOSPC');
    this.#own(1);
    this.#shown.delete(inode);
    inode.blocks = this.takeBlocks(blocks, undefined);
    inode.ctimeMs = this.kernel.now();
    if (parent !== undefined) touchChanged(inodeOf(parent));
    if (this.#numbers.has(lower)) inode.ino = this.newIno();
  }

  #blocksOf({ mode, data }: Inode): number {
    if (isDirectory(mode)) return this.rules.directoryBlocks;
    return isRegular(mode) ? Math.ceil(data.length / BLOCK_SIZE) : 0;
  }

  /** What is only shown is not written to, not even its time of access. */
  override keepsAccess(inode: Inode): boolean {
    return !this.#shown.has(inode);
  }

  /** What is shown has the links of below; a directory that both layers have, one. Models ovl_getattr. */
  override linksOf(inode: Inode, entry: Entry | undefined): number {
    const lower = this.#shown.get(inode);
    if (lower !== undefined) return lower.nlink;
    return entry !== undefined && this.#below.has(entry) ? 1 : inode.nlink;
  }

  override blocksOf(inode: Inode): number {
    const shown = this.#shown.get(inode);
    return shown?.blocks ?? super.blocksOf(inode);
  }

  /** A directory from below cannot be renamed without redirect_dir. */
  override canRename(entry: Entry): boolean {
    return !this.#below.has(entry);
  }

  override roomFor(wanted: number, caller: Caller | undefined): number {
    return this.upper?.roomFor(wanted, caller) ?? wanted;
  }

  override takeBlocks(wanted: number, caller: Caller | undefined): number {
    const taken = this.upper?.takeBlocks(wanted, caller) ?? wanted;
    this.blocksUsed += taken;
    this.onUsage?.(taken);
    return taken;
  }

  override giveBlocks(count: number): void {
    this.blocksUsed -= count;
    this.upper?.giveBlocks(count);
    this.onUsage?.(-count);
  }

  override takeInode(): void {
    if (this.upper !== undefined && !this.showing) this.#own(1);
    super.takeInode();
  }

  override release(inode: Inode): void {
    super.release(inode);
    if (!this.#shown.delete(inode)) this.#own(-1);
  }

  override dispose(): void {
    this.upper?.giveBlocks(this.blocksUsed);
    this.#own(-this.ownInodes);
    super.dispose();
  }

  #own(count: number): void {
    if (this.upper === undefined) return;
    for (let i = 0; i < count; i++) this.upper.takeInode();
    if (count < 0) this.upper.giveInodes(-count);
    this.ownInodes += count;
  }

  override statfs(): ReturnType<FileSystem['statfs']> {
    const own = super.statfs();
    return this.upper === undefined ? own : { ...this.upper.statfs(), type: own.type };
  }

  /** Each name of a file below is a file of its own here, all with one number. */
  #nameOf(from: Inode, inode: Inode): void {
    if (from.nlink > 1) {
      inode.ino = this.#numbers.get(from) ?? inode.ino;
      this.#numbers.set(from, inode.ino);
    }
    inode.nlink = 1;
  }

  #show(directory: Entry, lower: Entry): Entry {
    const from = inodeOf(lower);
    this.showing = true;
    const inode = this.newInode(from.mode, this.kernel.now());
    this.showing = false;
    this.#shown.set(inode, from);
    copyAttributes(from, inode);
    if (!isDirectory(from.mode)) this.#nameOf(from, inode);
    const entry = new Entry(directory, lower.name, inode);
    addChild(directory, entry);
    if (isDirectory(from.mode)) this.#below.set(entry, lower);
    return entry;
  }
}

/** Whoever makes the upper directory gives it the owner and the mode of the lower one. */
function copyOwner(from: Inode, to: Inode): void {
  to.mode = from.mode;
  to.uid = from.uid;
  to.gid = from.gid;
}

function copyAttributes(from: Inode, to: Inode): void {
  copyOwner(from, to);
  to.rdev = from.rdev;
  to.nlink = from.nlink;
  to.symlink = from.symlink;
  to.length = from.length;
  to.data = from.extra?.pages === undefined ? from.data : wholeData(from);
  to.shared = true;
  to.atimeMs = from.atimeMs;
  to.mtimeMs = from.mtimeMs;
  to.ctimeMs = from.ctimeMs;
  const attributes = from.extra?.attributes;
  if (attributes !== undefined) extraOf(to).attributes = new Map(attributes);
}
