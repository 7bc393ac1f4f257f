import type { Stat } from '../kernel/index.ts';
import { fileType, isType } from './file-type.ts';

/**
 * What stat(2) says, with the fields and methods of Node's `Stats` or, where they are bigints, `BigIntStats`.
 *
 * Models Stats in Node's lib/internal/fs/utils.js.
 */
export class Stats<Value extends number | bigint = number> {
  readonly dev: Value;
  readonly mode: Value;
  readonly nlink: Value;
  readonly uid: Value;
  readonly gid: Value;
  readonly rdev: Value;
  readonly blksize: Value;
  readonly ino: Value;
  readonly size: Value;
  readonly blocks: Value;
  readonly atimeMs: Value;
  readonly mtimeMs: Value;
  readonly ctimeMs: Value;
  readonly birthtimeMs: Value;
  declare readonly atimeNs: bigint;
  declare readonly mtimeNs: bigint;
  declare readonly ctimeNs: bigint;
  declare readonly birthtimeNs: bigint;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor(stat: Stat, as: (value: number) => Value, nanoseconds: boolean) {
    this.dev = as(stat.dev);
    this.mode = as(stat.mode);
    this.nlink = as(stat.nlink);
    this.uid = as(stat.uid);
    this.gid = as(stat.gid);
    this.rdev = as(stat.rdev);
    this.blksize = as(stat.blksize);
    this.ino = as(stat.ino);
    this.size = as(stat.size);
    this.blocks = as(stat.blocks);
    this.atimeMs = as(stat.atimeMs);
    this.mtimeMs = as(stat.mtimeMs);
    this.ctimeMs = as(stat.ctimeMs);
    this.birthtimeMs = as(stat.birthtimeMs);
    if (nanoseconds) addNanoseconds(this, stat);
    this.atime = new Date(stat.atimeMs);
    this.mtime = new Date(stat.mtimeMs);
    this.ctime = new Date(stat.ctimeMs);
    this.birthtime = new Date(stat.birthtimeMs);
  }

  isDirectory(): boolean {
    return isType(this.mode, fileType.directory);
  }
  isFile(): boolean {
    return isType(this.mode, fileType.regular);
  }
  isSymbolicLink(): boolean {
    return isType(this.mode, fileType.symlink);
  }
  isBlockDevice(): boolean {
    return isType(this.mode, fileType.block);
  }
  isCharacterDevice(): boolean {
    return isType(this.mode, fileType.character);
  }
  isFIFO(): boolean {
    return isType(this.mode, fileType.fifo);
  }
  isSocket(): boolean {
    return isType(this.mode, fileType.socket);
  }
}

/** Makes the stats that a `{ bigint }` option asks for; numbers unless it is true. */
export function makeStats(stat: Stat, bigint?: boolean): Stats<number> | Stats<bigint> {
  return bigint ? new Stats(stat, toBigInt, true) : new Stats(stat, same, false);
}

/** What Node's `watchFile` gives for a file that is not there: all zero. */
export function noStats(bigint?: boolean): Stats<number> | Stats<bigint> {
  return makeStats(emptyStat, bigint);
}

const emptyStat: Stat = {
  dev: 0,
  ino: 0,
  mode: 0,
  nlink: 0,
  uid: 0,
  gid: 0,
  rdev: 0,
  size: 0,
  blocks: 0,
  blksize: 0,
  atimeMs: 0,
  mtimeMs: 0,
  ctimeMs: 0,
  birthtimeMs: 0,
};

function same(value: number): number {
  return value;
}

function toBigInt(value: number): bigint {
  return BigInt(Math.floor(value));
}

function addNanoseconds(stats: Stats<number | bigint>, stat: Stat): void {
  Object.assign(stats, {
    atimeNs: nanoseconds(stat.atimeMs),
    mtimeNs: nanoseconds(stat.mtimeMs),
    ctimeNs: nanoseconds(stat.ctimeMs),
    birthtimeNs: nanoseconds(stat.birthtimeMs),
  });
}

function nanoseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}
