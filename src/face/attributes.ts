import { fail, type Stat } from '../kernel/index.ts';
import { lengthOf, millisecondsOf, ownersOf, permissionsOf } from './arguments.ts';
import { type FaceState, onFile, onPath, wantWrite } from './face-state.ts';
import { closeSync, openSync } from './open-files.ts';
import { toPath } from './paths.ts';
import { sys } from './system.ts';

export function chmodSync(state: FaceState, path: unknown, mode: unknown): void {
  const name = toPath(path);
  const bits = permissionsOf(mode);
  wantWrite(state, 'chmod', name);
  onPath(state, 'chmod', name, (caller, at) => sys.chmod(caller, at, bits));
}

export function fchmodSync(state: FaceState, fd: unknown, mode: unknown): void {
  const bits = permissionsOf(mode);
  wantWrite(state, 'fchmod');
  onFile(state, 'fchmod', fd, (file, caller) => sys.fchmod(caller, file, bits));
}

export function chownSync(state: FaceState, path: unknown, uid: unknown, gid: unknown): void {
  const name = toPath(path);
  const owners = ownersOf(uid, gid);
  wantWrite(state, 'chown', name);
  onPath(state, 'chown', name, (caller, at) => sys.chown(caller, at, ...owners));
}

export function lchownSync(state: FaceState, path: unknown, uid: unknown, gid: unknown): void {
  const name = toPath(path);
  const owners = ownersOf(uid, gid);
  wantWrite(state, 'lchown', name);
  onPath(state, 'lchown', name, (caller, at) => sys.lchown(caller, at, ...owners));
}

export function fchownSync(state: FaceState, fd: unknown, uid: unknown, gid: unknown): void {
  const owners = ownersOf(uid, gid);
  wantWrite(state, 'fchown');
  onFile(state, 'fchown', fd, (file, caller) => sys.fchown(caller, file, ...owners));
}

export function utimesSync(state: FaceState, path: unknown, atime: unknown, mtime: unknown): void {
  const name = toPath(path);
  const [a, m] = [millisecondsOf(atime), millisecondsOf(mtime)];
  wantWrite(state, 'utime', name);
  onPath(state, 'utime', name, (caller, at) => {
    if (Number.isNaN(a + m)) refuseTimes(sys.stat(caller, at));
    sys.utimes(caller, at, a, m);
  });
}

export function lutimesSync(state: FaceState, path: unknown, atime: unknown, mtime: unknown): void {
  const name = toPath(path);
  const [a, m] = [millisecondsOf(atime), millisecondsOf(mtime)];
  wantWrite(state, 'lutime', name);
  onPath(state, 'lutime', name, (caller, at) => {
    if (Number.isNaN(a + m)) refuseTimes(sys.lstat(caller, at));
    sys.lutimes(caller, at, a, m);
  });
}

export function futimesSync(state: FaceState, fd: unknown, atime: unknown, mtime: unknown): void {
  const [a, m] = [millisecondsOf(atime, 'atime'), millisecondsOf(mtime, 'mtime')];
  wantWrite(state, 'futime');
  onFile(state, 'futime', fd, (file, caller) => {
    if (Number.isNaN(a + m)) refuseTimes(sys.fstat(file));
    sys.futimes(caller, file, a, m);
  });
}

/** An invalid Date, of a file that is there. */
function refuseTimes(_: Stat): never {
  fail('EINVAL');
}

/** By path Node opens, truncates and closes, and so do the errors say. */
export function truncateSync(state: FaceState, path: unknown, length: unknown = 0): void {
  if (typeof path === 'number') {
    ftruncateSync(state, path, length);
    return;
  }
  const fd = openSync(state, path, 'r+');
  try {
    ftruncateSync(state, fd, length);
  } finally {
    closeSync(state, fd);
  }
}

export function ftruncateSync(state: FaceState, fd: unknown, length: unknown = 0): void {
  const size = lengthOf(length);
  onFile(state, 'ftruncate', fd, (file) => sys.ftruncate(file, size));
}
