import { posix } from 'node:path';
import { SystemError } from '@jsonjoy.com/fs-core';
import { errno, readPath } from '../kernel/index.ts';
import { chmodSync, utimesSync } from './attributes.ts';
import { copyFileSync } from './copy-file.ts';
import { codeOf } from './errors.ts';
import { type FaceState, resolvePath } from './face-state.ts';
import { entriesOf } from './list.ts';
import { mkdirSync } from './make-directories.ts';
import { readlinkSync, symlinkSync, unlinkSync } from './names.ts';
import type { Stats } from './stats.ts';
import { existsSync, lstatSync, statSync } from './status.ts';

/** The options of `cp`, all set. */
export interface CopyOptions {
  readonly dereference: boolean;
  readonly errorOnExist: boolean;
  readonly filter: ((src: string, dest: string) => unknown) | undefined;
  readonly force: boolean;
  readonly mode: number;
  readonly preserveTimestamps: boolean;
  readonly recursive: boolean;
  readonly verbatimSymlinks: boolean;
}

/** A copy under way: gives what the filter answered, and is told whether to go on with that. */
export type Copying = Generator<unknown, void, boolean>;

/** How Node's two forms differ: in an errno, and in which end of a link they look at. */
export type Form = 'sync' | 'async';

const texts = {
  ERR_FS_CP_DIR_TO_NON_DIR: 'Cannot overwrite non-directory with directory',
  ERR_FS_CP_EEXIST: 'Target already exists',
  ERR_FS_CP_EINVAL: 'Invalid src or dest',
  ERR_FS_CP_FIFO_PIPE: 'Cannot copy a FIFO pipe',
  ERR_FS_CP_NON_DIR_TO_DIR: 'Cannot overwrite directory with non-directory',
  ERR_FS_CP_SOCKET: 'Cannot copy a socket file',
  ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY: 'Cannot overwrite symlink in subdirectory of self',
  ERR_FS_EISDIR: 'Path is a directory',
} as const;

type Uv = 'EEXIST' | 'EINVAL' | 'EISDIR' | 'ENOTDIR';

/**
 * Copies a file or, with `recursive`, a tree.
 *
 * Models cpFn and cpSyncFn of Node 20's lib/internal/fs/cp.
 */
export function* copyTree(
  state: FaceState,
  src: string,
  dest: string,
  options: CopyOptions,
  form: Form,
): Copying {
  const copy = new Copy(state, options, form);
  const ends = yield* copy.checked(src, dest);
  if (ends === undefined) return;
  copy.demandOutside(ends);
  const above = posix.dirname(dest);
  if (!existsSync(state, above)) mkdirSync(state, above, { recursive: true });
  yield* copy.one(ends);
}

/** Where from and where to, with what is at either. */
interface Ends {
  readonly src: string;
  readonly dest: string;
  readonly from: Stats;
  readonly to: Stats | undefined;
}

class Copy {
  readonly #state: FaceState;
  readonly #options: CopyOptions;
  readonly #form: Form;

  constructor(state: FaceState, options: CopyOptions, form: Form) {
    this.#state = state;
    this.#options = options;
    this.#form = form;
  }

  /** Asks the filter, and whether one can take the other's place; nothing for what is left out. */
  *checked(src: string, dest: string): Generator<unknown, Ends | undefined, boolean> {
    const { filter } = this.#options;
    if (filter !== undefined && !(yield filter(src, dest))) return undefined;
    const from = this.#look(src);
    const to = this.#lookFor(dest);
    const ends = { src, dest, from, to };
    if (to !== undefined) demandSameKind(ends, to);
    if (from.isDirectory() && this.#isInside(dest, src)) throw insideItself(src, dest, dest);
    return ends;
  }

  /** What is copied may not be a directory above where it goes. */
  demandOutside({ src, dest, from }: Ends): void {
    const source = resolvePath(this.#state, posix.dirname(src));
    for (let at = dest; ; ) {
      const above = resolvePath(this.#state, posix.dirname(at));
      if (above === source || above === '/') return;
      const stat = this.#follow(above);
      if (stat === undefined) return;
      if (isSame(from, stat)) throw insideItself(src, at, at);
      at = above;
    }
  }

  /** One file, link or directory. */
  *one({ src, dest, to }: Ends): Copying {
    const from = this.#look(src);
    if (from.isDirectory()) {
      if (!this.#options.recursive) throw this.#isDirectory(src);
      yield* this.#directory(src, dest, from, to);
    } else if (from.isFile() || from.isCharacterDevice() || from.isBlockDevice()) {
      this.#file(src, dest, from, to);
    } else if (from.isSymbolicLink()) this.#link(src, dest, to);
    else throw special(from, dest);
  }

  *#directory(src: string, dest: string, from: Stats, to: Stats | undefined): Copying {
    if (to === undefined) mkdirSync(this.#state, dest);
    for (const { name } of entriesOf(this.#state.caller, src, 'opendir')) {
      const ends = yield* this.checked(posix.join(src, name), posix.join(dest, name));
      if (ends !== undefined) yield* this.one(ends);
    }
    if (to === undefined) chmodSync(this.#state, dest, from.mode & 0o7777);
  }

  #file(src: string, dest: string, from: Stats, to: Stats | undefined): void {
    const { force, errorOnExist, mode, preserveTimestamps } = this.#options;
    if (to !== undefined) {
      if (!force && !errorOnExist) return;
      if (!force) throw cpError('ERR_FS_CP_EEXIST', 'EEXIST', dest, `${dest} already exists`);
      unlinkSync(this.#state, dest);
    }
    copyFileSync(this.#state, src, dest, mode);
    if (preserveTimestamps) {
      const { atime, mtime } = statSync(this.#state, src) as Stats;
      utimesSync(this.#state, dest, atime, mtime);
    }
    chmodSync(this.#state, dest, from.mode & 0o7777);
  }

  #link(src: string, dest: string, to: Stats | undefined): void {
    const text = readlinkSync(this.#state, src) as string;
    const relative = !this.#options.verbatimSymlinks && !this.#isAbsolute(text);
    const target = relative ? resolvePath(this.#state, posix.dirname(src), text) : text;
    if (to !== undefined && this.#replacesLink(src, dest, target)) unlinkSync(this.#state, dest);
    symlinkSync(this.#state, target, dest);
  }

  /** Whether a link is in the place of the new one. Neither may lead into the other. */
  #replacesLink(src: string, dest: string, target: string): boolean {
    let text: string;
    try {
      text = readlinkSync(this.#state, dest) as string;
    } catch (error) {
      if (codeOf(error) === 'EINVAL') return false;
      throw error;
    }
    const old = this.#isAbsolute(text) ? text : resolvePath(this.#state, posix.dirname(dest), text);
    if (this.#isInside(old, target)) throw insideItself(target, old, dest);
    const end = statSync(this.#state, this.#form === 'sync' ? dest : src) as Stats;
    if (end.isDirectory() && this.#isInside(target, old)) {
      const code = 'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY';
      throw cpError(code, 'EINVAL', dest, `cannot overwrite ${old} with ${target}`);
    }
    return true;
  }

  #isAbsolute(text: string): boolean {
    return readPath(this.#state.caller, text).startsWith('/');
  }

  #isDirectory(src: string): Error {
    const number = this.#form === 'sync' ? errno.EINVAL : errno.EISDIR;
    return cpError('ERR_FS_EISDIR', 'EISDIR', src, `${src} is a directory (not copied)`, number);
  }

  #look(path: string): Stats {
    const look = this.#options.dereference ? statSync : lstatSync;
    return look(this.#state, path) as Stats;
  }

  #lookFor(path: string): Stats | undefined {
    const look = this.#options.dereference ? statSync : lstatSync;
    return look(this.#state, path, { throwIfNoEntry: false }) as Stats | undefined;
  }

  #follow(path: string): Stats | undefined {
    return statSync(this.#state, path, { throwIfNoEntry: false }) as Stats | undefined;
  }

  /** By their texts alone. */
  #isInside(path: string, directory: string): boolean {
    const [inner, outer] = [resolvePath(this.#state, path), resolvePath(this.#state, directory)];
    return inner === outer || outer === '/' || inner.startsWith(`${outer}/`);
  }
}

function demandSameKind({ src, dest, from }: Ends, to: Stats): void {
  if (isSame(from, to))
    throw cpError('ERR_FS_CP_EINVAL', 'EINVAL', dest, 'src and dest cannot be the same');
  if (from.isDirectory() === to.isDirectory()) return;
  const [code, uv, text] = from.isDirectory()
    ? ([
        'ERR_FS_CP_DIR_TO_NON_DIR',
        'EISDIR',
        `non-directory ${dest} with directory ${src}`,
      ] as const)
    : ([
        'ERR_FS_CP_NON_DIR_TO_DIR',
        'ENOTDIR',
        `directory ${dest} with non-directory ${src}`,
      ] as const);
  throw cpError(code, uv, dest, `cannot overwrite ${text}`);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function insideItself(src: string, dest: string, path: string): Error {
  const text = `cannot copy ${src} to a subdirectory of self ${dest}`;
  return cpError('ERR_FS_CP_EINVAL', 'EINVAL', path, text);
}

function special(stat: Stats, dest: string): Error {
  const [code, what] = stat.isSocket()
    ? (['ERR_FS_CP_SOCKET', 'a socket file'] as const)
    : (['ERR_FS_CP_FIFO_PIPE', 'a FIFO pipe'] as const);
  return cpError(code, 'EINVAL', dest, `cannot copy ${what}: ${dest}`);
}

function cpError(
  code: keyof typeof texts,
  uv: Uv,
  path: string,
  message: string,
  number: number = errno[uv],
): Error {
  return new SystemError(code, texts[code], {
    code: uv,
    message,
    path,
    syscall: 'cp',
    errno: number,
  });
}
