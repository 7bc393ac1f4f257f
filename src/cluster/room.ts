import { BLOCK_SIZE, inodeOf, type Place } from '../kernel/index.ts';

/** What still fits where a path leads to. */
export interface Room {
  /** Bytes; undefined: there is no limit. */
  readonly free?: number;
  /** Files, directories and all the others; undefined: there is no limit. */
  readonly freeInodes?: number;
  /** In words: quotas, and what is used up. */
  readonly notes: readonly string[];
}

/** Of its filesystem, or of what its quota leaves of that. */
export function roomAt({ mount, entry }: Place): Room {
  const { fileSystem } = mount;
  const { project } = inodeOf(entry);
  const whole = fileSystem.statfs();
  const { blocks, bavail, files, ffree } = project?.limited(whole) ?? whole;
  const code = (left: number, ofDisk: number): string =>
    left < ofDisk ? fileSystem.rules.quotaError : 'ENOSPC';
  const notes = [
    ...quotaNote(project),
    ...(blocks > 0 && bavail === 0
      ? [`no space is left: what needs more gets ${code(bavail, whole.bavail)}`]
      : []),
    ...(files > 0 && ffree === 0
      ? [`no inodes are left: new files get ${code(ffree, whole.ffree)}`]
      : []),
  ];
  return {
    ...(blocks > 0 && { free: bavail * BLOCK_SIZE }),
    ...(files > 0 && { freeInodes: ffree }),
    notes,
  };
}

function quotaNote(project: ReturnType<typeof inodeOf>['project']): string[] {
  const { maxBlocks, maxInodes } = project ?? {};
  const limits = [
    ...(isLimit(maxBlocks) ? [`${maxBlocks * BLOCK_SIZE} bytes`] : []),
    ...(isLimit(maxInodes) ? [`${maxInodes} inodes`] : []),
  ];
  return limits.length === 0 ? [] : [`its directory has a quota: ${limits.join(' and ')}`];
}

function isLimit(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
