import { FileSystem, type FileSystemOptions } from './file-system.ts';
import type { Kernel } from './kernel.ts';
import { addChild, childOf, childrenOf, Entry, type Inode, inodeOf } from './memfs.ts';
import { isDirectory, isRegular } from './mode.ts';

/**
 * An overlay: a lower tree that is only read, under an upper one of its own. What is below shows up here as entries made when they
 * are first looked at, which share the bytes until something changes them (copy up). Names taken away leave a whiteout. An
 * overlay that nobody looks into costs no more than its root. Models the kernel's Documentation/filesystems/overlayfs.rst.
 */
export class Overlay extends FileSystem {
  readonly #below = new Map<Entry, Entry>();
  readonly #whiteouts = new Map<Entry, Set<string>>();
  readonly #loaded = new Set<Entry>();
  /** Inodes that are below, and only shown here. */
  readonly #shown = new Set<Inode>();
  /** Whoever pays for what is copied up and written: the disk of the upper directory. */
  readonly upper: FileSystem | undefined;
  /** Inodes that it takes of the upper disk. */
  ownInodes = 0;
  /** Told whenever it takes more or less of the upper disk, in the middle of the call. */
  onUsage: (() => void) | undefined;
  /** An entry of below is being shown. */
  private showing = false;

  /** @param lower the root of the tree below; never changed through the overlay */
  constructor(
    kernel: Kernel,
    lower: Entry,
    options: FileSystemOptions & { upper?: FileSystem } = {},
  ) {
    super(kernel, {
      ...options,
      type: 'overlay',
      source: options.source ?? 'overlay',
      volatile: true,
    });
    this.upper = options.upper;
    copyAttributes(inodeOf(lower), inodeOf(this.root));
    this.#below.set(this.root, lower);
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

  /** Copy up: the inode and its bytes become its own and count. */
  override beforeChange(_entry: Entry | undefined, inode: Inode): void {
    if (this.#shown.has(inode)) this.#own(1);
    this.#shown.delete(inode);
    if (!inode.shared || !isRegular(inode.mode) || inode.blocks > 0) return;
    inode.blocks = this.takeBlocks(Math.ceil(inode.data.length / 4096), undefined);
  }

  /** A directory from below cannot be renamed without redirect_dir. */
  override canRename(entry: Entry): boolean {
    return !this.#below.has(entry);
  }

  override takeBlocks(wanted: number, caller: Parameters<FileSystem['takeBlocks']>[1]): number {
    const taken = this.upper?.takeBlocks(wanted, caller) ?? wanted;
    this.blocksUsed += taken;
    this.onUsage?.();
    return taken;
  }

  override giveBlocks(count: number): void {
    this.blocksUsed -= count;
    this.upper?.giveBlocks(count);
    this.onUsage?.();
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
    this.onUsage?.();
  }

  override statfs(): ReturnType<FileSystem['statfs']> {
    const own = super.statfs();
    return this.upper === undefined ? own : { ...this.upper.statfs(), type: own.type };
  }

  #show(directory: Entry, lower: Entry): Entry {
    const from = inodeOf(lower);
    this.showing = true;
    const inode = this.newInode(from.mode, this.kernel.now());
    this.showing = false;
    this.#shown.add(inode);
    copyAttributes(from, inode);
    const entry = new Entry(directory, lower.name, inode);
    addChild(directory, entry);
    if (isDirectory(from.mode)) this.#below.set(entry, lower);
    return entry;
  }
}

function copyAttributes(from: Inode, to: Inode): void {
  to.mode = from.mode;
  to.uid = from.uid;
  to.gid = from.gid;
  to.rdev = from.rdev;
  to.nlink = from.nlink;
  to.symlink = from.symlink;
  to.length = from.length;
  to.data = from.data;
  to.shared = true;
  to.atimeMs = from.atimeMs;
  to.mtimeMs = from.mtimeMs;
  to.ctimeMs = from.ctimeMs;
}
