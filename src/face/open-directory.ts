import { validateUint32 } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { isKernelError, O_DIRECTORY } from '../kernel/index.ts';
import { optionsOf } from './arguments.ts';
import { Dir, type DirSource } from './dir.ts';
import type { Dirent } from './dirent.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath } from './face-state.ts';
import { entriesOf, joinName, makeDirent, sorted } from './list.ts';
import { toPath } from './paths.ts';
import type { DirectoryEntry, OpenFile } from './system.ts';
import { sys } from './system.ts';

interface OpendirOptions {
  readonly recursive?: boolean;
  readonly bufferSize?: unknown;
}

/** Opens a directory. The errors of Node's synchronous form name no path. */
export function opendirSync(state: FaceState, path: unknown, options?: unknown): Dir {
  const name = toPath(path);
  const given = optionsOf<OpendirOptions>(options);
  let file: OpenFile;
  try {
    file = sys.open(state.caller, name, O_DIRECTORY, 0);
  } catch (error) {
    throw asNodeError(error, 'opendir');
  }
  return makeDir(state, name, file, given);
}

/** Opens a directory, for the callback and the promise. */
export function opendirLater(state: FaceState, path: unknown, options?: unknown): Dir {
  const name = toPath(path);
  const given = optionsOf<OpendirOptions>(options);
  const open = (): OpenFile => sys.open(state.caller, name, O_DIRECTORY, 0);
  return makeDir(state, name, onPath(state, 'opendir', name, open), given);
}

/** What is in the directory is read at the first read; with `recursive`, each subdirectory as it is met. */
function makeDir(
  state: FaceState,
  name: string,
  file: OpenFile,
  { encoding, recursive, bufferSize }: OpendirOptions & ReturnType<typeof optionsOf>,
): Dir {
  if (bufferSize !== undefined) validateUint32(bufferSize, 'options.bufferSize', true);
  const entries = walk(name, () => openEntries(file, name));
  const source: DirSource = {
    next: () => entries.next().value ?? null,
    close: () => sys.close(file),
  };
  return new Dir(name, source);

  function* walk(at: string, list: () => readonly DirectoryEntry[]): Generator<Dirent, undefined> {
    for (const entry of list()) {
      yield makeDirent(entry, at, encoding);
      if (!recursive || entry.type !== 'directory') continue;
      const below = joinName(at, entry.name);
      yield* walk(below, () => entriesOf(state.caller, below, 'opendir'));
    }
    return undefined;
  }
}

/** What is in an open directory: nothing when it was removed, as readdir(3) has it. */
function openEntries(file: OpenFile, path: string): readonly DirectoryEntry[] {
  try {
    return sorted(sys.getdents(file));
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return [];
    throw asNodeError(error, 'scandir', path);
  }
}
