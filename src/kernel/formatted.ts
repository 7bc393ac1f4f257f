import { BLOCK_SIZE } from './capacity.ts';
import { fail } from './errno.ts';
import type { FileSystemOptions } from './file-system.ts';

/** A disk, and how mkfs is called for it. */
export interface Disk {
  readonly type: 'ext4' | 'ext2' | 'xfs';
  /** Bytes of the device. */
  readonly bytes: number;
  /** Percent of the blocks for privileged users, as `mkfs.ext4 -m`: 5 by default; 0 for what a kubelet formats. */
  readonly reservedPercent?: number;
}

const MiB = 2 ** 20;
const GROUP = 32_768;
/** Bytes of an inode of ext4, and blocks that its root directory and its resize inode take. */
const INODE = 256;

/**
 * What `mkfs.ext4` and its like leave of a disk, as `df` shows it: options of a filesystem with that much room, `lost+found`, and the
 * reserved blocks. EINVAL for a disk that is too small for it (100 MiB; xfs: 300 MiB). Blocks are of 4 KiB, as with `-b 4096`.
 *
 * The numbers of ext4 and ext2 are those of mke2fs 1.47, to the block; free blocks of a new xfs are within one percent.
 */
export function formatted({ type, bytes, reservedPercent = 5 }: Disk): FileSystemOptions {
  if (!(bytes >= (type === 'xfs' ? 300 : 100) * MiB)) fail('EINVAL');
  const blocks = Math.floor(bytes / BLOCK_SIZE);
  return type === 'xfs' ? xfs(blocks) : ext(type, blocks, reservedPercent);
}

/** Models ext2fs_initialize of e2fsprogs: as many whole groups as have room for their own tables. */
function ext(type: 'ext4' | 'ext2', device: number, percent: number): FileSystemOptions {
  const wanted = Math.floor((device * BLOCK_SIZE) / inodeRatio(device * BLOCK_SIZE));
  let blocks = device;
  let layout = layoutOf(blocks, wanted, type);
  const rest = blocks % GROUP;
  if (rest > 0 && blocks > GROUP && rest < layout.lastGroup + 50) {
    blocks -= rest;
    layout = layoutOf(blocks, wanted, type);
  }
  const journal = type === 'ext4' ? journalBlocks(blocks) : 0;
  return {
    type,
    lostFound: true,
    size: (blocks - layout.overhead - journal) * BLOCK_SIZE,
    inodes: layout.inodes,
    metadata: {
      // The resize inode's own block, and one that lists the extents of a journal of many groups.
      blocks: journal >= 262_144 ? 2 : 1,
      inodes: 9,
      spare: type === 'ext4' ? Math.min(4096, Math.floor(blocks / 50)) : 0,
      reserved: Math.floor((blocks * percent) / 100),
    },
  };
}

/** Bytes of the disk for each inode. Models the usage types of mke2fs.conf. */
function inodeRatio(bytes: number): number {
  if (bytes < 512 * MiB) return 4096;
  if (bytes >= 16 * MiB ** 2) return 65_536;
  return bytes >= 4 * MiB ** 2 ? 32_768 : 16_384;
}

interface Layout {
  readonly inodes: number;
  /** Blocks of superblocks, descriptors, bitmaps and inode tables. */
  readonly overhead: number;
  /** Those of the last group. */
  readonly lastGroup: number;
}

function layoutOf(blocks: number, wantedInodes: number, type: 'ext4' | 'ext2'): Layout {
  const groups = Math.ceil(blocks / GROUP);
  const tableBlocks = Math.ceil((Math.ceil(wantedInodes / groups) * INODE) / BLOCK_SIZE);
  const perBlock = BLOCK_SIZE / (type === 'ext4' ? 64 : 32);
  const descriptors = Math.ceil(groups / perBlock);
  const copy = 1 + descriptors + growth(blocks, perBlock, descriptors);
  const copies = Array.from({ length: groups }, (_, group) => hasSuperblock(group));
  const own = 2 + tableBlocks;
  return {
    inodes: groups * tableBlocks * (BLOCK_SIZE / INODE),
    overhead: groups * own + copies.filter(Boolean).length * copy,
    lastGroup: own + (copies.at(-1) ? copy : 0),
  };
}

/** Blocks for descriptors of a disk grown a thousandfold. Models calc_reserved_gdt_blocks. */
function growth(blocks: number, perBlock: number, descriptors: number): number {
  const groups = Math.ceil(Math.min(0xffffffff, blocks * 1024) / GROUP);
  return Math.min(BLOCK_SIZE / 4, Math.ceil(groups / perBlock) - descriptors);
}

/** Models ext2fs_bg_has_super with sparse_super. */
function hasSuperblock(group: number): boolean {
  return group < 2 || [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(number: number, base: number): boolean {
  let power = base;
  while (power < number) power *= base;
  return power === number;
}

const JOURNALS: readonly (readonly [belowBlocks: number, blocks: number])[] = [
  [32_768, 1024],
  [256 * 1024, 4096],
  [512 * 1024, 8192],
  [4096 * 1024, 16_384],
  [8192 * 1024, 32_768],
  [16_384 * 1024, 65_536],
  [32_768 * 1024, 131_072],
];

/** Models ext2fs_default_journal_size. */
function journalBlocks(blocks: number): number {
  return JOURNALS.find(([below]) => blocks < below)?.[1] ?? 262_144;
}

/** The log, and what each allocation group keeps for its own trees. Models calculate_log_size of mkfs.xfs. */
function xfs(device: number): FileSystemOptions {
  const log = Math.min(524_288, Math.max(16_384, Math.floor(device / 2048)));
  const share = device < 2 ** 28 ? 0.25 : device < 50 * 2 ** 28 ? 0.05 : 0.01;
  return {
    type: 'xfs',
    size: (device - log) * BLOCK_SIZE,
    inodes: Math.floor((device * share * 8) / 64) * 64,
    metadata: { blocks: xfsTrees(device), inodes: 2, spare: 0, reserved: 0 },
  };
}

/** Measured on disks from 300 MiB to 2 TiB: 0.7 percent and a little for each group. */
function xfsTrees(device: number): number {
  const groups = device < 262_144 ? 4000 : 8200;
  return Math.round(groups + 0.006_97 * device);
}
