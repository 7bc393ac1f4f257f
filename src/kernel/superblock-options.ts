import { fail } from './errno.ts';
import type { FileSystem } from './file-system.ts';

/** What a filesystem's own mount options say. Models tmpfs(5). */
export interface SuperblockOptions {
  /** Bytes that fit; Infinity for `size=0`. */
  readonly size?: number;
  /** Inodes that fit; Infinity for `nr_inodes=0`. */
  readonly inodes?: number;
  /** Permission bits of the root directory. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Others, as they were given. */
  readonly others?: readonly string[];
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** Reads `size=64m`, `nr_inodes=1k`, `mode=0755`, `uid=1`, `gid=1`; EINVAL for values that are none. */
export function readOptions(options: readonly string[]): SuperblockOptions {
  let read: SuperblockOptions = {};
  for (const option of options) {
    const [name = '', value = ''] = option.split('=', 2);
    if (name === 'size') read = { ...read, size: limitOf(value) };
    else if (name === 'nr_inodes') read = { ...read, inodes: limitOf(value) };
    else if (name === 'mode') read = { ...read, mode: octalOf(value) };
    else if (name === 'uid' || name === 'gid') read = { ...read, [name]: decimalOf(value) };
    else read = { ...read, others: [...(read.others ?? []), option] };
  }
  return read;
}

/** The options as mountinfo shows them: those of a tmpfs in its own order, and only what is not its default. Models shmem_show_options. */
export function showOptions(type: string, read: SuperblockOptions): string[] {
  const { size, inodes, mode, uid = 0, gid = 0, others = [] } = read;
  const shown: string[] = [];
  if (size !== undefined) shown.push(`size=${finite(Math.ceil(size / 4096) * 4)}k`);
  if (inodes !== undefined) shown.push(`nr_inodes=${finite(inodes)}`);
  if (mode !== undefined && (type !== 'tmpfs' || mode !== 0o1777)) {
    shown.push(`mode=${mode.toString(8).padStart(3, '0')}`);
  }
  if (uid !== 0) shown.push(`uid=${uid}`);
  if (gid !== 0) shown.push(`gid=${gid}`);
  return [...shown, ...others];
}

/**
 * Changes a mounted filesystem's options; those not named stay. A tmpfs's owner and mode are fixed when it is made. EINVAL for a
 * limit below what is used, a limit where there was said to be none, and for options that a tmpfs does not have. Models
 * shmem_reconfigure.
 */
export function reconfigure(fileSystem: FileSystem, options: readonly string[]): void {
  const now = readOptions(options);
  const before = readOptions(fileSystem.options);
  demandKnown(fileSystem.type, now);
  const { size, inodes } = now;
  demandRoom(before.size, size, fileSystem.used);
  demandRoom(before.inodes, inodes, fileSystem.inodesUsed);
  if (size !== undefined) fileSystem.resize(size);
  if (inodes !== undefined) fileSystem.maxInodes = inodes;
  const others = [...(before.others ?? []), ...(now.others ?? [])];
  fileSystem.options = showOptions(fileSystem.type, {
    ...before,
    ...(size !== undefined && { size }),
    ...(inodes !== undefined && { inodes }),
    ...(others.length > 0 && { others: [...new Set(others)] }),
  });
}

/** Options of a tmpfs that change nothing here: huge pages, swap, NUMA, labels. */
const TMPFS = /^(?:huge|noswap|mpol|inode32|inode64|(?:fs|def|root)?context|seclabel)(?:=|$)/;

/** EINVAL for an option that a tmpfs does not have. */
export function demandKnown(type: string, { others = [] }: SuperblockOptions): void {
  if (type === 'tmpfs' && others.some((option) => !TMPFS.test(option))) fail('EINVAL');
}

function demandRoom(before: number | undefined, now: number | undefined, used: number): void {
  if (now === undefined || now === Number.POSITIVE_INFINITY) return;
  if (before === Number.POSITIVE_INFINITY || now < used) fail('EINVAL');
}

/** As Linux keeps a limit that is none. */
function finite(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
}

/** A number with a unit: `64Mi`, `65536k`, `1g`. Zero is no limit. */
function limitOf(text: string): number {
  const match = /^(\d+)([kmgt]?)i?$/i.exec(text);
  if (match === null) fail('EINVAL');
  const limit = Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}

function octalOf(text: string): number {
  if (!/^[0-7]+$/.test(text)) fail('EINVAL');
  return Number.parseInt(text, 8) & 0o7777;
}

function decimalOf(text: string): number {
  if (!/^\d+$/.test(text)) fail('EINVAL');
  return Number(text);
}
