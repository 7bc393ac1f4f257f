import { BLOCK_SIZE, inodeOf, type Place, projectOf, walkEntries } from '../../kernel/index.ts';

/** What something takes of a filesystem. */
export interface Usage {
  readonly bytes: number;
  readonly inodes: number;
}

export const NOTHING: Usage = { bytes: 0, inodes: 0 };

/** Both together. */
export function sum(usages: Iterable<Usage>): Usage {
  let [bytes, inodes] = [0, 0];
  for (const usage of usages) {
    bytes += usage.bytes;
    inodes += usage.inodes;
  }
  return { bytes, inodes };
}

/**
 * What a file, or a small directory and all below it, takes, as `du` counts it: files with several names once, other filesystems
 * not at all. Models pkg/volume/util/fs DiskUsage.
 */
export function diskUsage({ entry }: Place): Usage {
  const inodes = new Set([...walkEntries(entry)].map(inodeOf));
  let bytes = 0;
  for (const { blocks } of inodes) bytes += blocks * BLOCK_SIZE;
  return { bytes, inodes: inodes.size };
}

/** The same of a directory that may be large: counted as it changes, not walked. */
export function projectUsage({ entry }: Place): Usage {
  const { blocks, inodes } = projectOf(entry);
  return { bytes: blocks * BLOCK_SIZE, inodes };
}

/** Tells by how many bytes that changes, in the middle of the call. One listener for each directory. */
export function watchProject({ entry }: Place, changed: (bytes: number) => void): void {
  projectOf(entry).onChange = (blocks) => changed(blocks * BLOCK_SIZE);
}

/** What a whole filesystem holds. */
export function fileSystemUsage({ mount }: Place): Usage {
  const { used, inodesUsed } = mount.fileSystem;
  return { bytes: used, inodes: inodesUsed };
}
