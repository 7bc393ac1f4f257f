import { glob as memfsGlob, globSync as memfsGlobSync } from '@jsonjoy.com/fs-node';
import { lastCallback } from './callback.ts';
import { guarded } from './callback-calls.ts';
import type { FaceState } from './face-state.ts';

type GlobFs = Parameters<typeof memfsGlobSync>[0];
type GlobOptions = NonNullable<Parameters<typeof memfsGlobSync>[2]>;
type Matches = ReturnType<typeof memfsGlobSync>;

/** The paths that match a pattern, as Node 22's `globSync`. The working directory is the face's unless `cwd` says another. */
export function globSync(state: FaceState, pattern: unknown, options?: object): Matches {
  return memfsGlobSync(fsOf(state), pattern, withCwd(options));
}

/** The same as an async iterable. */
export async function* glob(
  state: FaceState,
  pattern: unknown,
  options?: object,
): AsyncGenerator<Matches[number], void> {
  state.guard?.();
  yield* memfsGlob(fsOf(state), pattern, withCwd(options));
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

function fsOf(state: FaceState): GlobFs {
  return state.fs as unknown as GlobFs;
}

function withCwd(options: object | undefined): GlobOptions {
  return { cwd: '/', ...options };
}
