import { validateUint32 } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { O_DIRECTORY } from '../kernel/index.ts';
import { optionsOf } from './arguments.ts';
import { Dir, type DirSource } from './dir.ts';
import type { Dirent } from './dirent.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, onPath } from './face-state.ts';
import { entriesOf, joinName, makeDirent } from './list.ts';
import { toPath } from './paths.ts';
import type { OpenFile } from './system.ts';
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
  const entries = read(name);
  const source: DirSource = {
    next: () => entries.next().value ?? null,
    close: () => sys.close(file),
  };
  return new Dir(name, source);

  function* read(at: string): Generator<Dirent, undefined> {
    for (const entry of entriesOf(state.caller, at, 'opendir')) {
      yield makeDirent(entry, at, encoding);
      if (recursive && entry.type === 'directory') yield* read(joinName(at, entry.name));
    }
    return undefined;
  }
}
