import type { Inode } from './memfs.ts';
import type { Charges } from './memory-group.ts';
import type { Listener } from './watch.ts';

/** What few inodes have, kept apart so that the others stay small. */
export interface Extra {
  /** Pages of a file with holes, by number; the file's `data` is then empty. */
  pages: Map<number, Uint8Array> | undefined;
  /** Extended attributes, in the order they were set. */
  attributes: Map<string, Uint8Array> | undefined;
  /** Names of those that did not fit into the inode, and are in a block of their own. */
  outside: ReadonlySet<string> | undefined;
  /** Who watches it. */
  listeners: Set<Listener> | undefined;
  /** Who is charged for its pages in memory. */
  charges: Charges | undefined;
}

/** The rare things of an inode, made when first asked for. */
export function extraOf(inode: Inode): Extra {
  inode.extra ??= {
    pages: undefined,
    attributes: undefined,
    outside: undefined,
    listeners: undefined,
    charges: undefined,
  };
  return inode.extra;
}

/** Blocks that its extended attributes take. */
export function attributeBlocks({ extra }: Inode): number {
  return extra?.outside === undefined ? 0 : 1;
}
