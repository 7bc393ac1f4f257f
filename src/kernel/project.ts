import { type Entry, type Inode, inodeOf, walkEntries } from './memfs.ts';

/**
 * A directory with all that is made below it, and what it takes: kept as it changes, so that nobody has to walk it. An inode
 * belongs to the project of the directory that it was made in, or moved to. Models the project quotas of ext4 and xfs, without
 * their limits: a name may be moved out of one.
 */
export class Project {
  blocks = 0;
  inodes = 0;
  /** Told whenever it takes more blocks, or less, in the middle of the call. */
  onChange: ((blocks: number) => void) | undefined;

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
