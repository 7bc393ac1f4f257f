import { fail } from './errno.ts';
import type { FileSystem } from './file-system.ts';
import type { Inode } from './memfs.ts';

const UNITS: Readonly<Record<string, number>> = { k: 10, m: 20, g: 30 };
const DEFAULT = 2 * 2 ** 20;

/** Bytes of a hugetlbfs's pages: option `pagesize=2M` (`2Mi` too, as memparse reads it), 2 MiB by default; undefined for others. */
export function hugePageBytes({ type, options }: FileSystem): number | undefined {
  if (type !== 'hugetlbfs') return undefined;
  const option = options.find((one) => one.startsWith('pagesize='));
  const match = /^pagesize=(\d+)([kmg]?)/i.exec(option ?? '');
  if (!match) return DEFAULT;
  const shift = UNITS[(match[2] ?? '').toLowerCase()] ?? 0;
  return Number(match[1]) * 2 ** shift;
}

/** EINVAL on a hugetlbfs: its files are written through mmap(2) only. Models vfs_write and hugetlbfs_file_operations. */
export function demandWriteCall({ fileSystem }: Inode): void {
  if (fileSystem.type === 'hugetlbfs') fail('EINVAL');
}

/** EINVAL for a length that is not whole pages, on a hugetlbfs. Models hugetlbfs_setattr. */
export function demandWholePages({ fileSystem }: Inode, size: number): void {
  const page = hugePageBytes(fileSystem);
  if (page !== undefined && size % page !== 0) fail('EINVAL');
}
