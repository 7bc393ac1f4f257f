import { optionsOf } from './arguments.ts';
import { type FaceState, onPath, onPaths, wantWrite } from './face-state.ts';
import { encodeName, toPath } from './paths.ts';
import { sys } from './system.ts';

export function renameSync(state: FaceState, path: unknown, dest: unknown): void {
  const names = [toPath(path, 'oldPath'), toPath(dest, 'newPath')] as const;
  wantWrite(state, 'rename', ...names);
  onPaths(state, 'rename', names, sys.rename);
}

export function linkSync(state: FaceState, path: unknown, dest: unknown): void {
  const names = [toPath(path, 'existingPath'), toPath(dest, 'newPath')] as const;
  wantWrite(state, 'link', ...names);
  onPaths(state, 'link', names, sys.link);
}

/** symlink(2): the first path is the text of the link. The `type` that Windows needs is only checked. */
export function symlinkSync(
  state: FaceState,
  target: unknown,
  path: unknown,
  type?: unknown,
): void {
  const names = [toPath(target, 'target'), toPath(path)] as const;
  demandLinkType(type);
  wantWrite(state, 'symlink', ...names);
  onPaths(state, 'symlink', names, sys.symlink);
}

export function unlinkSync(state: FaceState, path: unknown): void {
  const name = toPath(path);
  wantWrite(state, 'unlink', name);
  onPath(state, 'unlink', name, sys.unlink);
}

export function readlinkSync(
  state: FaceState,
  path: unknown,
  options?: unknown,
): string | Uint8Array {
  const { encoding } = optionsOf(options);
  const name = toPath(path, 'oldPath');
  return encodeName(onPath(state, 'readlink', name, sys.readlink), encoding);
}

function demandLinkType(type: unknown): void {
  if (typeof type !== 'string' || ['dir', 'file', 'junction'].includes(type)) return;
  throw Object.assign(
    new Error(`Symlink type must be one of "dir", "file", or "junction". Received "${type}"`),
    {
      code: 'ERR_FS_INVALID_SYMLINK_TYPE',
    },
  );
}
