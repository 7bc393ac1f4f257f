import type * as nodeFs from 'node:fs';

/** Names of `node:fs` with a synchronous and a callback form. */
type TwoFormName =
  | 'access'
  | 'appendFile'
  | 'chmod'
  | 'chown'
  | 'close'
  | 'copyFile'
  | 'cp'
  | 'exists'
  | 'fchmod'
  | 'fchown'
  | 'fdatasync'
  | 'fstat'
  | 'fsync'
  | 'ftruncate'
  | 'futimes'
  | 'lchown'
  | 'link'
  | 'lstat'
  | 'lutimes'
  | 'mkdir'
  | 'mkdtemp'
  | 'open'
  | 'opendir'
  | 'readFile'
  | 'read'
  | 'readdir'
  | 'readlink'
  | 'readv'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'statfs'
  | 'symlink'
  | 'truncate'
  | 'unlink'
  | 'utimes'
  | 'writeFile'
  | 'write'
  | 'writev';

/** Names of `node:fs` with one form. */
type OneFormName =
  | 'createReadStream'
  | 'createWriteStream'
  | 'openAsBlob'
  | 'unwatchFile'
  | 'watch'
  | 'watchFile'
  | 'constants'
  | 'Dir'
  | 'Dirent'
  | 'Stats'
  | 'ReadStream'
  | 'WriteStream';

/** Names of `node:fs/promises`. */
type PromiseName =
  | 'access'
  | 'appendFile'
  | 'chmod'
  | 'chown'
  | 'constants'
  | 'copyFile'
  | 'cp'
  | 'lchmod'
  | 'lchown'
  | 'link'
  | 'lstat'
  | 'lutimes'
  | 'mkdir'
  | 'mkdtemp'
  | 'open'
  | 'opendir'
  | 'readFile'
  | 'readdir'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'statfs'
  | 'symlink'
  | 'truncate'
  | 'unlink'
  | 'utimes'
  | 'watch'
  | 'writeFile';

/** The options of `glob`. */
export interface GlobOptions {
  /** Where relative patterns start; default the root of the face. */
  readonly cwd?: string | URL;
  /** What is left out: patterns, or a test of each entry. */
  readonly exclude?: readonly string[] | ((entry: string) => boolean);
  /** Entries with their types instead of paths. */
  readonly withFileTypes?: boolean;
}

/**
 * A `node:fs` of our own: Node's names, arguments, results and errors, with a simulated kernel below. The calls have
 * Node's own types, so that it goes wherever a library takes an `fs`.
 */
export interface NodeFs
  extends Pick<typeof nodeFs, TwoFormName | `${TwoFormName}Sync` | OneFormName> {
  readonly F_OK: number;
  readonly R_OK: number;
  readonly W_OK: number;
  readonly X_OK: number;
  /** The calls that give promises. */
  readonly promises: NodeFsPromises;
  /** The paths that match, as Node 22 has it. */
  globSync(pattern: string | readonly string[], options?: GlobOptions): string[];
  globSync(
    pattern: string | readonly string[],
    options: GlobOptions & { readonly withFileTypes: true },
  ): nodeFs.Dirent[];
  glob(
    pattern: string | readonly string[],
    options: GlobOptions,
    callback: (error: Error | null, matches: string[]) => void,
  ): void;
  glob(
    pattern: string | readonly string[],
    callback: (error: Error | null, matches: string[]) => void,
  ): void;
}

/** `node:fs/promises` of our own, with Node's own types. */
export interface NodeFsPromises extends Pick<typeof nodeFs.promises, PromiseName> {
  /** The paths that match, as Node 22 has it. */
  glob(pattern: string | readonly string[], options?: GlobOptions): AsyncIterable<string>;
}
