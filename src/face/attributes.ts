import { modeToNumber, toUnixTimestamp } from '@jsonjoy.com/fs-node';
import { type FaceState, onFile, onPath, wantWrite } from './face-state.ts';
import { sys } from './system.ts';

export function chmodSync(state: FaceState, path: unknown, mode: unknown): void {
  wantWrite(state, 'chmod', path);
  const bits = permissions(mode);
  onPath(state, 'chmod', path, (caller, name) => sys.chmod(caller, name, bits));
}

export function fchmodSync(state: FaceState, fd: unknown, mode: unknown): void {
  wantWrite(state, 'fchmod');
  const bits = permissions(mode);
  onFile(state, 'fchmod', fd, (file, caller) => sys.fchmod(caller, file, bits));
}

export function chownSync(state: FaceState, path: unknown, uid: number, gid: number): void {
  wantWrite(state, 'chown', path);
  onPath(state, 'chown', path, (caller, name) => sys.chown(caller, name, uid, gid));
}

export function lchownSync(state: FaceState, path: unknown, uid: number, gid: number): void {
  wantWrite(state, 'lchown', path);
  onPath(state, 'lchown', path, (caller, name) => sys.lchown(caller, name, uid, gid));
}

export function fchownSync(state: FaceState, fd: unknown, uid: number, gid: number): void {
  wantWrite(state, 'fchown');
  onFile(state, 'fchown', fd, (file, caller) => sys.fchown(caller, file, uid, gid));
}

export function utimesSync(state: FaceState, path: unknown, atime: unknown, mtime: unknown): void {
  wantWrite(state, 'utime', path);
  const [a, m] = [milliseconds(atime), milliseconds(mtime)];
  onPath(state, 'utime', path, (caller, name) => sys.utimes(caller, name, a, m));
}

export function lutimesSync(state: FaceState, path: unknown, atime: unknown, mtime: unknown): void {
  wantWrite(state, 'lutime', path);
  const [a, m] = [milliseconds(atime), milliseconds(mtime)];
  onPath(state, 'lutime', path, (caller, name) => sys.lutimes(caller, name, a, m));
}

export function futimesSync(state: FaceState, fd: unknown, atime: unknown, mtime: unknown): void {
  wantWrite(state, 'futime');
  const [a, m] = [milliseconds(atime), milliseconds(mtime)];
  onFile(state, 'futime', fd, (file, caller) => sys.futimes(caller, file, a, m));
}

export function truncateSync(state: FaceState, path: unknown, length?: number | null): void {
  if (typeof path === 'number') {
    ftruncateSync(state, path, length);
    return;
  }
  wantWrite(state, 'open', path);
  const size = Math.max(0, length ?? 0);
  onPath(state, 'open', path, (caller, name) => sys.truncate(caller, name, size));
}

export function ftruncateSync(state: FaceState, fd: unknown, length?: number | null): void {
  const size = Math.max(0, length ?? 0);
  onFile(state, 'ftruncate', fd, (file) => sys.ftruncate(file, size));
}

function permissions(mode: unknown): number {
  return modeToNumber(mode as number) & 0o7777;
}

/** Seconds, a numeric string or a Date, as the kernel's milliseconds. */
function milliseconds(time: unknown): number {
  if (typeof time === 'number' && time < 0) return Math.round(time * 1e6) / 1e3;
  if (time instanceof Date) return time.getTime();
  return Math.round(toUnixTimestamp(time as number) * 1e6) / 1e3;
}
