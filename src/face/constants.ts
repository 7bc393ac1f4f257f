import { constants as memfsConstants } from '@jsonjoy.com/fs-node-utils/lib/constants.js';

const { O_SYMLINK: _macOnly, ...shared } = memfsConstants as Readonly<Record<string, number>>;

/** `fs.constants` as Node has them on Linux. */
export const constants: Readonly<Record<string, number>> = Object.freeze({
  ...shared,
  O_DSYNC: 0o10000,
  UV_DIRENT_UNKNOWN: 0,
  UV_DIRENT_FILE: 1,
  UV_DIRENT_DIR: 2,
  UV_DIRENT_LINK: 3,
  UV_DIRENT_FIFO: 4,
  UV_DIRENT_SOCKET: 5,
  UV_DIRENT_CHAR: 6,
  UV_DIRENT_BLOCK: 7,
  UV_FS_O_FILEMAP: 0,
  EXTENSIONLESS_FORMAT_JAVASCRIPT: 0,
  EXTENSIONLESS_FORMAT_WASM: 1,
});
