import { glob as memfsGlob, globSync as memfsGlobSync } from '@jsonjoy.com/fs-node/lib/glob.js';
import { validateObject } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { readPath } from '../kernel/index.ts';
import { lastCallback } from './callback.ts';
import { guarded } from './callback-calls.ts';
import { Dirent } from './dirent.ts';
import { type FaceState, shownPath } from './face-state.ts';
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
  const found = memfsGlobSync(globFs(state), readAll(state, pattern), withCwd(state, options));
  return found.map((match) => asDirent(state, match));
}

/** The same as an async iterable. */
export async function* glob(
  state: FaceState,
  pattern: unknown,
  options?: object,
): AsyncGenerator<string | Dirent, void> {
  state.guard?.();
  const matches = memfsGlob(globFs(state), readAll(state, pattern), withCwd(state, options));
  for await (const match of matches) yield asDirent(state, match);
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

function asDirent(state: FaceState, match: Match): string | Dirent {
  if (typeof match === 'string') return shownPath(state, match);
  const { name, parentPath, mode } = match as unknown as ModedDirent;
  return new Dirent(name, shownPath(state, parentPath), mode);
}

/** A pattern, or a list of them, with `/` between names. */
function readAll<Given>({ caller }: FaceState, given: Given): Given {
  const read = (one: unknown): unknown => (typeof one === 'string' ? readPath(caller, one) : one);
  return (Array.isArray(given) ? given.map(read) : read(given)) as Given;
}

function withCwd(state: FaceState, options: GlobOptions = {}): GlobOptions {
  validateObject(options, 'options');
  const cwd = sys.realpath(state.caller, '.');
  const read = { ...options };
  for (const name of ['cwd', 'exclude'] as const) {
    if (options[name] !== undefined) Object.assign(read, { [name]: readAll(state, options[name]) });
  }
  return { cwd, ...read };
}
