import type { Caller } from './caller.ts';
import { fail } from './errno.ts';
import { O_PATH } from './flags.ts';
import { type Entry, type Inode, inodeOf } from './memfs.ts';
import type { Mount } from './mount.ts';

/** An open file description: outlives the names of its inode, renames and lazy unmounts. Models struct file. */
export class OpenFile {
  readonly caller: Caller;
  readonly mount: Mount;
  readonly entry: Entry;
  readonly inode: Inode;
  /** The flags of open(2). */
  readonly flags: number;
  /** Where the next read or write without a position starts. */
  position = 0;
  closed = false;

  constructor(caller: Caller, mount: Mount, entry: Entry, flags: number) {
    this.caller = caller;
    this.mount = mount;
    this.entry = entry;
    this.inode = inodeOf(entry);
    this.flags = flags;
  }
}

/** EBADF of what was closed, or opened with O_PATH. Models fdget. */
export function demandOpened(file: OpenFile): void {
  if (file.closed || (file.flags & O_PATH) !== 0) fail('EBADF');
}
