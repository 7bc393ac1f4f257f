/** The file type bits of `st_mode`. Models inode(7). */
export const fileType = {
  mask: 0o170000,
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  regular: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
} as const;

/** Whether a mode is of one type; a bigint mode too, as BigIntStats has. */
export function isType(mode: number | bigint, type: number): boolean {
  return (Number(mode) & fileType.mask) === type;
}
