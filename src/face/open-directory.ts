import { getOpendirOptions } from '@jsonjoy.com/fs-node';
import { validateUint32 } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { fail, O_DIRECTORY } from '../kernel/index.ts';
import { Dir, type DirSource } from './dir.ts';
import type { Dirent } from './dirent.ts';
import { type FaceState, onPath } from './face-state.ts';
import { entriesOf, joinName, makeDirent } from './list.ts';
import { type NameEncoding, toPath } from './paths.ts';
import { sys } from './system.ts';

/** Opens a directory: what is in it is read at the first read. With `recursive`, each subdirectory is read as it is met. */
export function opendirSync(state: FaceState, path: unknown, options?: unknown): Dir {
  const { encoding, recursive, bufferSize } = getOpendirOptions(options);
  if (bufferSize !== undefined) validateUint32(bufferSize, 'options.bufferSize', true);
  const name = toPath(path);
  const file = onPath(state, 'opendir', name, (caller, at) => {
    const opened = sys.open(caller, at, O_DIRECTORY, 0);
    if (opened === undefined) fail('ENOTDIR');
    return opened;
  });
  return new Dir(name, makeSource());

  function makeSource(): DirSource {
    const entries = read(name);
    return { next: () => entries.next().value ?? null, close: () => sys.close(file) };
  }

  function* read(at: string): Generator<Dirent, undefined> {
    const as = encoding as NameEncoding;
    for (const entry of entriesOf(state.caller, at, 'opendir')) {
      yield makeDirent(entry, at, as);
      if (recursive && entry.type === 'directory') yield* read(joinName(at, entry.name));
    }
    return undefined;
  }
}
