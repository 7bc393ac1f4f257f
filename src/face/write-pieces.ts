import { bytesOf, optionsOf } from './arguments.ts';
import { notAborted } from './callback-calls.ts';
import { abortError } from './errors.ts';
import { type FaceState, fileOf } from './face-state.ts';
import { closeSync, openSync, writeAll } from './open-files.ts';
import { type WholeFileOptions, writeFileSync } from './whole-files.ts';

/**
 * `promises.writeFile`: writes data as it is, or piece by piece what an iterable, an async iterable or a stream gives.
 *
 * @param target A path, or the descriptor of a handle.
 * @throws AbortError when the options' signal is aborted meanwhile: what was written stays.
 */
export async function writeFile(
  state: FaceState,
  target: unknown,
  data: unknown,
  options: unknown,
  flag: string,
): Promise<void> {
  const given = optionsOf<WholeFileOptions>(options);
  if (!isIterable(data)) {
    const how = { ...given, flag: given.flag || flag };
    notAborted(options, () => writeFileSync(state, target, data, how));
    return;
  }
  if (typeof target === 'number') {
    await writePieces(state, target, data, given);
    return;
  }
  const fd = notAborted(options, () => openSync(state, target, given.flag || flag, given.mode));
  try {
    await writePieces(state, fd, data, given);
  } finally {
    closeSync(state, fd);
  }
}

async function writePieces(
  state: FaceState,
  fd: number,
  data: Iterable<unknown> | AsyncIterable<unknown>,
  { encoding, signal }: ReturnType<typeof optionsOf>,
): Promise<void> {
  for await (const piece of data) {
    if (signal?.aborted) throw abortError(signal);
    writeAll(fileOf(state, fd, 'write'), bytesOf(piece, encoding));
  }
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data;
}
