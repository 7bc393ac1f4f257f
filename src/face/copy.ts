import { getCpOptions } from '@jsonjoy.com/fs-node/lib/cp.js';
import { type Copying, type CopyOptions, copyTree, type Form } from './copy-tree.ts';
import { type FaceState, withSlashes } from './face-state.ts';
import { toPath } from './paths.ts';

/** Copies a file or, with `recursive`, a tree. @throws ERR_INVALID_RETURN_VALUE for a filter that gives a promise. */
export function cpSync(state: FaceState, src: unknown, dest: unknown, options?: unknown): void {
  const copying = begin(state, src, dest, options, 'sync');
  for (let next = copying.next(true); !next.done; ) {
    demandNoPromise(next.value);
    next = copying.next(Boolean(next.value));
  }
}

/** The same with a filter that may be asynchronous. Arguments are checked at once. */
export function cp(
  state: FaceState,
  src: unknown,
  dest: unknown,
  options?: unknown,
): Promise<void> {
  return finish(begin(state, src, dest, options, 'async'));
}

async function finish(copying: Copying): Promise<void> {
  for (let next = copying.next(true); !next.done; ) {
    const wanted = Boolean(await next.value);
    next = copying.next(wanted);
  }
}

function begin(
  state: FaceState,
  src: unknown,
  dest: unknown,
  options: unknown,
  form: Form,
): Copying {
  const given = getCpOptions(options as object | undefined) as CopyOptions;
  const [from, to] = [toPath(src, 'src'), toPath(dest, 'dest')];
  return copyTree(state, withSlashes(state, from), withSlashes(state, to), given, form);
}

function demandNoPromise(answer: unknown): void {
  if (!(answer instanceof Promise)) return;
  const text =
    'Expected boolean to be returned from the "filter" function but got an instance of Promise.';
  throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_RETURN_VALUE' });
}
