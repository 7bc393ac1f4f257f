import * as attributes from './calls/attributes.ts';
import * as extended from './calls/extended.ts';
import * as make from './calls/make.ts';
import * as open from './calls/open.ts';
import * as query from './calls/query.ts';
import * as remove from './calls/remove.ts';
import { walk } from './walk.ts';

/** Every system call on files, by name. Each takes the caller first and throws a KernelError. */
export const sys = Object.freeze({
  walk,
  open: open.open,
  close: open.close,
  read: open.read,
  write: open.write,
  truncate: open.truncate,
  ftruncate: open.ftruncate,
  mkdir: make.mkdir,
  symlink: make.symlink,
  link: make.link,
  mknod: make.mknod,
  unlink: remove.unlink,
  rmdir: remove.rmdir,
  rename: remove.rename,
  stat: query.stat,
  lstat: query.lstat,
  fstat: query.fstat,
  readlink: query.readlink,
  readdir: query.readdir,
  statfs: query.statfs,
  realpath: query.realpath,
  chmod: attributes.chmod,
  fchmod: attributes.fchmod,
  chown: attributes.chown,
  lchown: attributes.lchown,
  fchown: attributes.fchown,
  utimes: attributes.utimes,
  lutimes: attributes.lutimes,
  futimes: attributes.futimes,
  access: attributes.access,
  getxattr: extended.getxattr,
  setxattr: extended.setxattr,
  removexattr: extended.removexattr,
  listxattr: extended.listxattr,
} as const);
