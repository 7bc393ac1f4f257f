import { CAP_SYS_RESOURCE, type Caller, capable } from './caller.ts';
import { fail } from './errno.ts';
import type { FileSystemType } from './file-system-type.ts';
import type { Kernel } from './kernel.ts';
import type { StatFs } from './stat.ts';

/** Bytes of a block, and of a page, in every filesystem here. */
export const BLOCK_SIZE = 4096;

/** What fits into a filesystem. */
export interface CapacityOptions {
  /** Bytes that fit; default what the kernel's memory allows for a tmpfs (half of it), no limit for others. */
  readonly size?: number | undefined;
  /** Inodes that fit; default by the size, none for no size. */
  readonly inodes?: number;
  /** What of a disk is never free: see `formatted`. */
  readonly metadata?: Metadata;
}

/** What mkfs and the kernel keep of a disk for themselves. */
export interface Metadata {
  /** Blocks in use from the start that belong to no inode. */
  readonly blocks: number;
  /** Inodes in use from the start that have no name. */
  readonly inodes: number;
  /** Blocks that count as free and that nobody gets. */
  readonly spare: number;
  /** Blocks that only privileged users may fill. */
  readonly reserved: number;
}

/** What a filesystem may take, and what it takes, kept as it changes. */
export class Capacity {
  readonly kernel: Kernel;
  readonly type: string;
  readonly rules: FileSystemType;
  /** Blocks that fit in all; Infinity for no limit. */
  maxBlocks: number;
  maxInodes: number;
  /** Blocks that inodes take. */
  blocksUsed = 0;
  /** Inodes that are alive: hard links are not counted, as `inodesUsed` does on a tmpfs. */
  inodes = 0;
  readonly #metadata: Metadata | undefined;
  /** Those in use, and the parts of some that extended attributes take. */
  #inodesTaken = 0;

  constructor(kernel: Kernel, type: string, rules: FileSystemType, options: CapacityOptions) {
    this.kernel = kernel;
    this.type = type;
    this.rules = rules;
    this.maxBlocks = blocksOf(options.size);
    this.maxInodes = options.inodes ?? this.#defaultInodes();
    this.#metadata = options.metadata;
  }

  #defaultInodes(): number {
    if (!Number.isFinite(this.maxBlocks)) return Number.POSITIVE_INFINITY;
    return Math.max(1, this.rules.inodesFor(this.maxBlocks * BLOCK_SIZE));
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

  /** Counts one more inode, or hard link where those count; ENOSPC. */
  takeInode(): void {
    if (this.freeInodes < 1) fail('ENOSPC');
    this.takeInodes(1);
  }

  /** Inodes that still fit; a broken number where extended attributes take parts of some. */
  get freeInodes(): number {
    return this.maxInodes - (this.#metadata?.inodes ?? 0) - this.#inodesTaken;
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
    this.takeInodes(-count);
  }

  /** Counts blocks as taken: as many of them as fit, which it returns. */
  takeBlocks(wanted: number, caller: Caller | undefined): number {
    const taken = this.roomFor(wanted, caller);
    this.#count(taken);
    return taken;
  }

  /** How many of the blocks fit, for a caller. Models ext4_has_free_clusters. */
  roomFor(wanted: number, caller: Caller | undefined): number {
    const reserved = this.#reservedBlocks();
    const kept = reserved === 0 || caller === undefined || mayUseReserved(caller) ? 0 : reserved;
    return Math.max(0, Math.min(wanted, this.#freeBlocks() - this.#spare() - kept));
  }

  /** Counts blocks as free. */
  giveBlocks(count: number): void {
    this.#count(-count);
  }

  /** What statfs(2) tells; zeroes where there is no limit. */
  statfs(): StatFs {
    const blocks = Number.isFinite(this.maxBlocks) ? this.maxBlocks : 0;
    const bfree = blocks === 0 ? 0 : Math.max(0, this.#freeBlocks());
    const files = Number.isFinite(this.maxInodes) ? this.maxInodes : 0;
    return {
      type: this.rules.magic,
      bsize: BLOCK_SIZE,
      blocks,
      bfree,
      bavail: Math.max(0, bfree - this.#spare() - this.#reservedBlocks()),
      files,
      ffree: files === 0 ? 0 : Math.max(0, Math.floor(this.freeInodes)),
    };
  }

  /** Nothing is taken any more: all inodes are forgotten. */
  protected clear(): void {
    this.kernel.inodes -= this.inodes;
    this.inodes = 0;
    this.#inodesTaken = 0;
    this.#count(-this.blocksUsed);
  }

  #freeBlocks(): number {
    return this.maxBlocks - (this.#metadata?.blocks ?? 0) - this.blocksUsed;
  }

  #count(blocks: number): void {
    this.blocksUsed += blocks;
    if (this.type === 'tmpfs') this.kernel.memoryBlocks += blocks;
    this.kernel.onUsage?.();
  }

  #spare(): number {
    return this.#metadata?.spare ?? 0;
  }

  #reservedBlocks(): number {
    if (this.#metadata !== undefined) return this.#metadata.reserved;
    if (this.rules.reserved === 0 || !Number.isFinite(this.maxBlocks)) return 0;
    return Math.floor(this.maxBlocks * this.rules.reserved);
  }
}

function blocksOf(size: number | undefined): number {
  return size === undefined ? Number.POSITIVE_INFINITY : Math.ceil(size / BLOCK_SIZE);
}

function mayUseReserved(caller: Caller): boolean {
  return caller.uid === 0 || capable(caller, CAP_SYS_RESOURCE);
}
