import { BLOCK_SIZE, childrenOf, type Inode, inodeOf, type Place } from '../../kernel/index.ts';

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
 * What a directory and all below it take, as `du` counts it: files with several names once, other filesystems not at all.
 * Models pkg/volume/util/fs DiskUsage.
 */
export function diskUsage(place: Place): Usage {
  const seen = new Set<Inode>();
  let bytes = 0;
  const waiting = [place.entry];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const inode = inodeOf(entry);
    if (seen.has(inode)) continue;
    seen.add(inode);
    bytes += inode.blocks * BLOCK_SIZE;
    waiting.push(...childrenOf(entry).values());
  }
  return { bytes, inodes: seen.size };
}
