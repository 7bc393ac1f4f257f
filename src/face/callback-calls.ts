import {
  getReadArgs,
  getVectorCallbackArgs,
  getWriteArgs,
} from '@jsonjoy.com/fs-node/lib/readWriteArgs.js';
import { demandDescriptor } from './arguments.ts';
import { asCallback, type Callback, lastCallback, later } from './callback.ts';
import { cp as copy } from './copy.ts';
import { abortError } from './errors.ts';
import type { FaceState } from './face-state.ts';
import { readAt, readvSync, writeAt, writevSync } from './open-files.ts';
import { existsSync } from './status.ts';
import { readFileSync, writeFileSync } from './whole-files.ts';

/** `exists` answers with a boolean and no error. */
export function exists(state: FaceState, path: unknown, callback: unknown): void {
  const answer = asCallback(callback) as unknown as (there: boolean) => void;
  state.guard?.();
  const there = existsSync(state, path);
  queueMicrotask(() => answer(there));
}

export function read(state: FaceState, ...args: readonly unknown[]): void {
  const [fd, view, a, b, c, d] = args;
  demandDescriptor(fd);
  const { buffer, callback, ...where } = getReadArgs(args.length, view, a, b, c, d);
  const done = withBuffer(callback, buffer);
  later(state, () => readAt(state, fd, { buffer, ...where }), done);
}

export function write(state: FaceState, ...args: readonly unknown[]): void {
  const [fd, data, a, b, c, d] = args;
  const parsed = getWriteArgs(fd as number, data, a, b, c, d);
  const [, , buffer, offset, length, position, callback] = parsed;
  const done = withBuffer(callback, data);
  later(state, () => writeAt(state, fd, { buffer, offset, length, position }), done);
}

export function readv(
  state: FaceState,
  fd: unknown,
  views: readonly ArrayBufferView[],
  a: unknown,
  b?: unknown,
): void {
  const [position, callback] = getVectorCallbackArgs(views, a, b);
  later(state, () => readvSync(state, fd, views, position), withBuffer(callback, views));
}

export function writev(
  state: FaceState,
  fd: unknown,
  views: readonly ArrayBufferView[],
  a: unknown,
  b?: unknown,
): void {
  const [position, callback] = getVectorCallbackArgs(views, a, b);
  later(state, () => writevSync(state, fd, views, position), withBuffer(callback, views));
}

export function cp(state: FaceState, src: unknown, dest: unknown, ...rest: unknown[]): void {
  const callback = lastCallback(rest);
  state.guard?.();
  copy(state, src, dest, rest[0]).then(
    () => callback(null, undefined),
    (error: unknown) => callback(error),
  );
}

export function readFile(state: FaceState, path: unknown, ...rest: unknown[]): void {
  const callback = lastCallback(rest);
  later(state, () => notAborted(rest[0], () => readFileSync(state, path, rest[0])), callback);
}

export function writeFile(
  state: FaceState,
  path: unknown,
  data: unknown,
  ...rest: unknown[]
): void {
  const callback = lastCallback(rest);
  const put = (): void => writeFileSync(state, path, data, rest[0]);
  later(state, () => notAborted(rest[0], put), callback);
}

/** Runs a call unless the `signal` of its options is aborted. @throws AbortError */
export function notAborted<Result>(options: unknown, call: () => Result): Result {
  const signal = signalOf(options);
  if (signal?.aborted) throw abortError(signal);
  return call();
}

/** Runs a call after the guard. */
export async function guarded<Result>(
  state: FaceState,
  call: () => Result,
): Promise<Awaited<Result>> {
  state.guard?.();
  return await call();
}

function signalOf(options: unknown): AbortSignal | undefined {
  if (typeof options !== 'object' || options === null || !('signal' in options)) return undefined;
  return options.signal instanceof AbortSignal ? options.signal : undefined;
}

/** Node gives the count and, after it, what was read into or written from. */
function withBuffer(callback: (...args: unknown[]) => void, buffer: unknown): Callback {
  return (error, count) => callback(error, count ?? 0, buffer);
}
