import { glob as memfsGlob, globSync as memfsGlobSync } from '@jsonjoy.com/fs-node/lib/glob.js';
import { validateObject } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { lastCallback } from './callback.ts';
import { guarded } from './callback-calls.ts';
import { Dirent } from './dirent.ts';
import type { FaceState } from './face-state.ts';
import { entriesOf, modeOf } from './list.ts';
import { realpathSync } from './real-path.ts';
import { lstatSync, statSync } from './status.ts';
import { sys } from './system.ts';

type GlobFs = Parameters<typeof memfsGlobSync>[0];
type GlobOptions = NonNullable<Parameters<typeof memfsGlobSync>[2]>;
type Match = ReturnType<typeof memfsGlobSync>[number];

/** The paths that match a pattern, as Node 22's `globSync`. The working directory is the face's unless `cwd` says another. */
export function globSync(
  state: FaceState,
  pattern: unknown,
  options?: object,
): (string | Dirent)[] {
  return memfsGlobSync(globFs(state), pattern, withCwd(state, options)).map(asDirent);
}

/** The same as an async iterable. */
export async function* glob(
  state: FaceState,
  pattern: unknown,
  options?: object,
): AsyncGenerator<string | Dirent, void> {
  state.guard?.();
  for await (const match of memfsGlob(globFs(state), pattern, withCwd(state, options))) {
    yield asDirent(match);
  }
}

/** The same with a callback. */
export function globCallback(state: FaceState, pattern: unknown, ...rest: unknown[]): void {
  const callback = lastCallback(rest);
  const options = rest[0] as object | undefined;
  guarded(state, () => globSync(state, pattern, options)).then(
    (matches) => callback(null, matches),
    (error: unknown) => callback(error),
  );
}

/** What memfs reads of an entry. */
class ModedDirent extends Dirent {
  readonly mode: number;

  constructor(name: string, parentPath: string, mode: number) {
    super(name, parentPath, mode);
    this.mode = mode;
  }
}

/** The four calls that memfs's glob makes. */
function globFs(state: FaceState): GlobFs {
  const calls = {
    lstatSync: (path: string) => lstatSync(state, path),
    statSync: (path: string) => statSync(state, path),
    realpathSync: (path: string) => realpathSync(state, path),
    readdirSync: (path: string) =>
      entriesOf(state.caller, path).map(
        (entry) => new ModedDirent(entry.name, path, modeOf(entry)),
      ),
  };
  return calls as unknown as GlobFs;
}

function asDirent(match: Match): string | Dirent {
  if (typeof match === 'string') return match;
  const { name, parentPath, mode } = match as unknown as ModedDirent;
  return new Dirent(name, parentPath, mode);
}

function withCwd(state: FaceState, options: object = {}): GlobOptions {
  validateObject(options, 'options');
  return { cwd: sys.realpath(state.caller, '.'), ...options };
}
