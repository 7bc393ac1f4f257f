import { fail } from './errno.ts';
import { type Entry, type Inode, inodeOf, walkEntries } from './memfs.ts';
import type { StatFs } from './stat.ts';

/**
 * A directory with all that is made below it, and what it takes: kept as it changes, so that nobody has to walk it. An inode
 * belongs to the project of the directory that it was made in, or moved to. Models the project quotas of ext4 and xfs; one without
 * limits only counts, and names may be moved into it.
 */
export class Project {
  blocks = 0;
  inodes = 0;
  /** Limits: EDQUOT beyond them. Infinity for none. */
  maxBlocks: number = Number.POSITIVE_INFINITY;
  maxInodes: number = Number.POSITIVE_INFINITY;
  /** Told whenever it takes more blocks, or less, in the middle of the call. */
  onChange: ((blocks: number) => void) | undefined;

  get freeBlocks(): number {
    return Math.max(0, this.maxBlocks - this.blocks);
  }

  /** EDQUOT when there are as many as it may have. */
  demandInode(): void {
    if (this.inodes >= this.maxInodes) fail('EDQUOT');
  }

  /** Whether an inode cannot get a name in it: EXDEV. Models the check for EXT4_INODE_PROJINHERIT in ext4_rename and ext4_link. */
  excludes(inode: Inode): boolean {
    const limited = Number.isFinite(this.maxBlocks) || Number.isFinite(this.maxInodes);
    return limited && inode.project !== this;
  }

  /** What statfs(2) tells in it. */
  limited(all: StatFs): StatFs {
    const { maxBlocks, maxInodes } = this;
    const room = { blocks: maxBlocks, bfree: this.freeBlocks, bavail: this.freeBlocks };
    const names = { files: maxInodes, ffree: Math.max(0, maxInodes - this.inodes) };
    return {
      ...all,
      ...(Number.isFinite(maxBlocks) && room),
      ...(Number.isFinite(maxInodes) && names),
    };
  }

  /** Counts more, or less. */
  count(blocks: number, inodes: number): void {
    this.blocks += blocks;
    this.inodes += inodes;
    this.onChange?.(blocks);
  }
}

/** The project of a directory: made, by one walk, when it is asked for first. */
export function projectOf(directory: Entry): Project {
  const known = inodeOf(directory).project;
  if (known !== undefined) return known;
  const project = new Project();
  assignProject(directory, project);
  return project;
}

/** Puts an entry and all below it into a project, or into none. Files with several names count once. */
export function assignProject(top: Entry, project: Project | undefined): void {
  for (const entry of walkEntries(top)) moveTo(inodeOf(entry), project);
}

function moveTo(inode: Inode, project: Project | undefined): void {
  if (inode.project === project) return;
  inode.project?.count(-inode.blocks, -1);
  inode.project = project;
  project?.count(inode.blocks, 1);
}
