import { methodNotImplemented } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import { truncateSync } from './attributes.ts';
import { guarded, notAborted } from './callback-calls.ts';
import { constants } from './constants.ts';
import { cp } from './copy.ts';
import type { FaceState } from './face-state.ts';
import { FileHandle } from './file-handle.ts';
import { glob } from './glob.ts';
import type { NodeFsPromises } from './node-fs.ts';
import { opendirLater } from './open-directory.ts';
import { openSync } from './open-files.ts';
import { toPath } from './paths.ts';
import { realpathNativeSync } from './real-path.ts';
import { syncCalls } from './sync-calls.ts';
import { watchEvents } from './watch-events.ts';
import { readFileSync } from './whole-files.ts';
import { writeFile } from './write-pieces.ts';

/** The calls whose promise form is the synchronous one and nothing more. */
const plain = [
  'access',
  'chmod',
  'chown',
  'copyFile',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'readdir',
  'readlink',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'unlink',
  'utimes',
] as const;

/** Makes `fs.promises` of a face: each call is done at once, and its promise settles after the running code. */
export function makePromises(state: FaceState): NodeFsPromises {
  const calls: Record<string, unknown> = { constants };
  for (const name of plain) {
    const call = syncCalls[`${name}Sync`];
    if (call === undefined) continue;
    calls[name] = (...args: unknown[]) => guarded(state, () => call(state, ...(args as never[])));
  }
  Object.assign(calls, fileCalls(state), {
    cp: (...args: unknown[]) => guarded(state, () => cp(state, args[0], args[1], args[2])),
    opendir: (...args: unknown[]) => guarded(state, () => opendirLater(state, args[0], args[1])),
    realpath: (...args: unknown[]) =>
      guarded(state, () => realpathNativeSync(state, args[0], args[1])),
    glob: (pattern: unknown, options?: object) => glob(state, pattern, options),
    lchmod: async () => {
      throw methodNotImplemented('lchmod()');
    },
    watch: (path: unknown, options?: object) => watchEvents(state, path, options),
  });
  return calls as unknown as NodeFsPromises;
}

function fileCalls(state: FaceState): Record<string, unknown> {
  return {
    open: (path: unknown, flags?: unknown, mode?: unknown) =>
      guarded(state, () => new FileHandle(state, openSync(state, path, flags, mode))),
    readFile: (path: unknown, options?: unknown) =>
      guarded(state, () =>
        notAborted(options, () => readFileSync(state, descriptorOf(path), options)),
      ),
    writeFile: (path: unknown, data: unknown, options?: unknown) =>
      guarded(state, () => writeFile(state, descriptorOf(path), data, options, 'w')),
    appendFile: (path: unknown, data: unknown, options?: unknown) =>
      guarded(state, () => writeFile(state, descriptorOf(path), data, options, 'a')),
    truncate: (path: unknown, length?: unknown) =>
      guarded(state, () => truncateSync(state, toPath(path), length)),
  };
}

function descriptorOf(path: unknown): unknown {
  return path instanceof FileHandle ? path.fd : path;
}
