import type { StatFs as StatFsNumbers } from '../kernel/index.ts';

/** What statfs(2) says, with the fields of Node's `StatFs` in its order. */
export class StatFs<Value extends number | bigint = number> {
  readonly type: Value;
  readonly bsize: Value;
  readonly blocks: Value;
  readonly bfree: Value;
  readonly bavail: Value;
  readonly files: Value;
  readonly ffree: Value;

  constructor(numbers: StatFsNumbers, as: (value: number) => Value) {
    this.type = as(numbers.type);
    this.bsize = as(numbers.bsize);
    this.blocks = as(numbers.blocks);
    this.bfree = as(numbers.bfree);
    this.bavail = as(numbers.bavail);
    this.files = as(numbers.files);
    this.ffree = as(numbers.ffree);
  }
}
