import { CAP_SYS_RESOURCE, type Caller, capable } from './caller.ts';
import { BLOCK_SIZE } from './capacity.ts';
import { type Code, fail } from './errno.ts';
import { attributeBlocks } from './extra.ts';
import type { FileSystemType } from './file-system-type.ts';
import { type Entry, type Inode, inodeOf, walkEntries } from './memfs.ts';
import { isDirectory } from './mode.ts';
import type { StatFs } from './stat.ts';

/** What a directory may take, with all below it. */
export interface Quota {
  /** Bytes of blocks; default no limit. */
  readonly bytes?: number;
  /** Files, directories and all the others; default no limit. */
  readonly inodes?: number;
}

/**
 * A directory with all that is made below it, and what it takes: kept as it changes, so that nobody has to walk it. An inode
 * belongs to the project of the directory that it was made in, or moved to. Models the project quotas of ext4 and xfs; one without
 * limits only counts, and names may be moved into it.
 */
export class Project {
  blocks = 0;
  inodes = 0;
  /** Limits: EDQUOT beyond them (ENOSPC on xfs). Infinity for none. */
  maxBlocks: number = Number.POSITIVE_INFINITY;
  maxInodes: number = Number.POSITIVE_INFINITY;
  #whenChanged: ((blocks: number) => void) | undefined;

  /** Calls something whenever it takes more blocks, or less, in the middle of the call. */
  whenChanged(told: (blocks: number) => void): void {
    this.#whenChanged = told;
  }

  /** How many of the blocks it may still take. */
  roomFor(wanted: number, rules: FileSystemType, caller: Caller | undefined): number {
    if (isExempt(rules, caller)) return wanted;
    return Math.min(wanted, this.#freeBlocks);
  }

  /** EDQUOT, or ENOSPC on xfs, when there are as many as it may have. */
  demandInode(rules: FileSystemType, caller: Caller): void {
    if (this.inodes >= this.maxInodes && !isExempt(rules, caller)) fail(rules.quotaError);
  }

  get #freeBlocks(): number {
    return Math.max(0, this.maxBlocks - this.blocks);
  }

  /** Whether an inode cannot get a name in it: EXDEV. Models the check for EXT4_INODE_PROJINHERIT in ext4_rename and ext4_link. */
  excludes(inode: Inode): boolean {
    const limited = Number.isFinite(this.maxBlocks) || Number.isFinite(this.maxInodes);
    return limited && inode.project !== this;
  }

  /** What statfs(2) tells in a directory of it: its limits, where they are narrower than the disk. Models ext4_statfs_project. */
  limited(all: StatFs): StatFs {
    const free = this.#freeBlocks;
    return {
      ...all,
      blocks: lower(all.blocks, this.maxBlocks),
      bfree: lower(all.bfree, free, all.blocks),
      bavail: lower(all.bavail, free, all.blocks),
      files: lower(all.files, this.maxInodes),
      ffree: lower(all.ffree, Math.max(0, this.maxInodes - this.inodes), all.files),
    };
  }

  /** Counts more, or less. */
  count(blocks: number, inodes: number): void {
    this.blocks += blocks;
    this.inodes += inodes;
    this.#whenChanged?.(blocks);
  }
}

/** Who is not held to limits: on ext4 whoever may use more than its share, on xfs nobody. Models ignore_hardlimit and xfs_trans_dqresv. */
function isExempt({ quotaError }: FileSystemType, caller: Caller | undefined): boolean {
  return quotaError === 'EDQUOT' && (caller === undefined || capable(caller, CAP_SYS_RESOURCE));
}

/** What a write fails with that found no room. */
export function shortageOf({ project, fileSystem }: Inode, caller: Caller | undefined): Code {
  const { rules } = fileSystem;
  return project?.roomFor(1, rules, caller) === 0 ? rules.quotaError : 'ENOSPC';
}

/** A number or the limit, whichever is less; zero in all is no limit of the disk. */
function lower(number: number, limit: number, all: number = number): number {
  if (!Number.isFinite(limit)) return number;
  return all === 0 ? limit : Math.min(number, limit);
}

/** The project of a directory: made, by one walk, when it is asked for first. */
export function projectOf(directory: Entry): Project {
  const known = inodeOf(directory).project;
  if (known !== undefined) return known;
  const project = new Project();
  assignProject(directory, project);
  return project;
}

/** Limits a directory with all below it; ENOTDIR, EINVAL for limits below zero. */
export function limitProject(directory: Entry, quota: Quota): void {
  const { bytes = Number.POSITIVE_INFINITY, inodes = Number.POSITIVE_INFINITY } = quota;
  if (!isDirectory(inodeOf(directory).mode)) fail('ENOTDIR');
  if (!(bytes >= 0 && inodes >= 0)) fail('EINVAL');
  const project = projectOf(directory);
  project.maxBlocks = Math.floor(bytes / BLOCK_SIZE);
  project.maxInodes = inodes;
}

/** Puts an entry and all below it into a project, or into none. Files with several names count once. */
export function assignProject(top: Entry, project: Project | undefined): void {
  for (const entry of walkEntries(top)) moveTo(inodeOf(entry), project);
}

function moveTo(inode: Inode, project: Project | undefined): void {
  if (inode.project === project) return;
  const blocks = inode.blocks + attributeBlocks(inode);
  inode.project?.count(-blocks, -1);
  inode.project = project;
  project?.count(blocks, 1);
}
