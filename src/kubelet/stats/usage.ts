import {
  BLOCK_SIZE,
  childrenOf,
  inodeOf,
  isDirectory,
  type Place,
  projectOf,
} from '../../kernel/index.ts';

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

/** What a file takes, as `du` counts it. Models pkg/volume/util/fs DiskUsage. */
export function diskUsage({ entry }: Place): Usage {
  const { blocks } = inodeOf(entry);
  return { bytes: blocks * BLOCK_SIZE, inodes: 1 };
}

/** What the files of a directory take, without it and without what lies deeper. */
export function filesUsage({ entry }: Place): Usage {
  const files = [...childrenOf(entry).values()]
    .map(inodeOf)
    .filter(({ mode }) => !isDirectory(mode));
  const bytes = files.reduce((total, { blocks }) => total + blocks * BLOCK_SIZE, 0);
  return { bytes, inodes: files.length };
}

/** What a directory and all below it takes: counted as it changes, not walked. */
export function projectUsage({ entry }: Place): Usage {
  const { blocks, inodes } = projectOf(entry);
  return { bytes: blocks * BLOCK_SIZE, inodes };
}

/** Tells by how many bytes that changes, in the middle of the call. One listener for each directory. */
export function watchProject({ entry }: Place, changed: (bytes: number) => void): void {
  projectOf(entry).whenChanged((blocks) => changed(blocks * BLOCK_SIZE));
}

/** What a whole filesystem holds. */
export function fileSystemUsage({ mount }: Place): Usage {
  const { used, inodesUsed } = mount.fileSystem;
  return { bytes: used, inodes: inodesUsed };
}
