import { type FaceState, onPath, onPaths, wantWrite } from './face-state.ts';
import { encodeName, type NameEncoding } from './paths.ts';
import { sys } from './system.ts';

/** An encoding, or an object with one. */
export type EncodingOption = NameEncoding | { readonly encoding?: NameEncoding };

export function renameSync(state: FaceState, path: unknown, dest: unknown): void {
  wantWrite(state, 'rename', path, dest);
  onPaths(state, 'rename', [path, dest], sys.rename);
}

export function linkSync(state: FaceState, path: unknown, dest: unknown): void {
  wantWrite(state, 'link', path, dest);
  onPaths(state, 'link', [path, dest], sys.link);
}

/** symlink(2): the first path is the text of the link. The `type` that Windows needs is not looked at. */
export function symlinkSync(state: FaceState, target: unknown, path: unknown): void {
  wantWrite(state, 'symlink', target, path);
  onPaths(state, 'symlink', [target, path], sys.symlink);
}

export function unlinkSync(state: FaceState, path: unknown): void {
  wantWrite(state, 'unlink', path);
  onPath(state, 'unlink', path, sys.unlink);
}

export function readlinkSync(
  state: FaceState,
  path: unknown,
  options?: EncodingOption,
): string | Uint8Array {
  return encodeName(onPath(state, 'readlink', path, sys.readlink), encodingOf(options));
}

/** The path without links, found by text, one component after another, as Node's own does. */
export function realpathSync(
  state: FaceState,
  path: unknown,
  options?: EncodingOption,
): string | Uint8Array {
  return encodeName(onPath(state, 'lstat', path, sys.realpath), encodingOf(options));
}

/** The path without links as realpath(3) of the C library gives it. */
export function realpathNativeSync(
  state: FaceState,
  path: unknown,
  options?: EncodingOption,
): string | Uint8Array {
  return encodeName(onPath(state, 'realpath', path, sys.realpath), encodingOf(options));
}

/** The encoding of an option that may be an object. */
export function encodingOf(options: EncodingOption): NameEncoding {
  return typeof options === 'object' && options !== null ? options.encoding : options;
}
