/** What stat(2) tells. Times are milliseconds since the epoch, `blocks` are of 512 bytes, `size` and `blksize` bytes. */
export interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number;
  readonly blocks: number;
  readonly blksize: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
}

/** What statfs(2) tells. Blocks are of `bsize` bytes. */
export interface StatFs {
  /** The magic number of the filesystem's type. */
  readonly type: number;
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  /** Free to users without privileges: less than `bfree` by the reserved blocks. */
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}
