import { errno, errorText, isCode, KernelError } from '../kernel/index.ts';

/** An error as `node:fs` throws it: libuv's number and text, and which call failed on what. */
export interface NodeError extends Error {
  /** The errno's name, for example `ENOENT`. */
  code: string;
  /** The errno negated, as libuv gives it. */
  errno: number;
  /** The call that failed, for example `open`. */
  syscall: string;
  /** The path that was given, where the call has one. */
  path?: string;
  /** The second path, for rename, link, symlink and copyfile. */
  dest?: string;
}

/**
 * Makes the error that Node throws for an errno.
 *
 * Models uvException in Node's lib/internal/errors.js.
 */
export function nodeError(name: string, syscall: string, path?: string, dest?: string): NodeError {
  const known = isCode(name);
  const code = libuvNames[name] ?? name;
  let text = `${code}: ${known ? errorText(name) : 'unknown error'}, ${syscall}`;
  if (path !== undefined) text += ` '${path}'`;
  if (dest !== undefined) text += ` -> '${dest}'`;
  const error = new Error(text) as NodeError;
  error.errno = known ? -errno[name] : 0;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

/** Errors that libuv calls by another of Linux's names. */
const libuvNames: Readonly<Record<string, string>> = { EOPNOTSUPP: 'ENOTSUP' };

/** An error with a `code`, as Node's own checks throw, for which memfs has no helper. */
export function codedError(code: string, message: string, name = 'Error'): Error {
  const error = Object.assign(new Error(message), { code });
  if (name !== 'Error') error.name = name;
  return error;
}

/** What an aborted `signal` rejects with. */
export function abortError(signal: AbortSignal): Error {
  const error = codedError('ABORT_ERR', 'The operation was aborted', 'AbortError');
  error.cause = signal.reason;
  return error;
}

/** Turns what a kernel call threw into what Node throws; any other error passes as it is. */
export function asNodeError(
  error: unknown,
  syscall: string,
  path?: string,
  dest?: string,
): unknown {
  return error instanceof KernelError ? nodeError(error.code, syscall, path, dest) : error;
}

/** The `code` of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
