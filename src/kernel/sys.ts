/* Every system call on files. Each takes the caller first, or an open file, and throws a KernelError. */
export {
  access,
  chmod,
  chown,
  fchmod,
  fchown,
  futimes,
  lchown,
  lutimes,
  utimes,
} from './calls/attributes.ts';
export { getxattr, listxattr, removexattr, setxattr } from './calls/extended.ts';
export { link, mkdir, mknod, readlink, rmdir, symlink, unlink } from './calls/names.ts';
export { close, open } from './calls/open.ts';
export { fstat, getdents, lstat, names, readdir, realpath, stat, statfs } from './calls/query.ts';
export { rename } from './calls/rename.ts';
export { fsync, ftruncate, read, truncate, write } from './calls/transfer.ts';
export { walk } from './walk.ts';
