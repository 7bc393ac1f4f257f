import { validateFunction } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { codeOf } from './errors.ts';
import type { FaceState } from './face-state.ts';

/** A callback of `node:fs`: an error or null, then what the call gives. */
export type Callback = (error: unknown, ...results: unknown[]) => void;

/** A call of `node:fs` as this room writes it: the face first, then Node's arguments. */
export type Call = (state: FaceState, ...args: never[]) => unknown;

/** Checks that the last argument is a callback. @throws ERR_INVALID_ARG_TYPE */
export function asCallback(value: unknown, name = 'cb'): Callback {
  validateFunction(value, name);
  return value as Callback;
}

/** Takes the callback from the end of the arguments. What stands there instead is an argument, and the callback missing. */
export function lastCallback(args: unknown[]): Callback {
  return asCallback(typeof args.at(-1) === 'function' ? args.pop() : undefined);
}

/**
 * Makes a call now and hands its outcome to the callback after the code that is running. As in Node a wrong argument is
 * thrown at once.
 */
export function later(state: FaceState, call: () => unknown, callback: Callback): void {
  const outcome = attempt(state, call);
  queueMicrotask(() => callback(...outcome));
}

function attempt(state: FaceState, call: () => unknown): [error: unknown, ...results: unknown[]] {
  try {
    state.guard?.();
  } catch (error) {
    return [error];
  }
  try {
    const result = call();
    return result === undefined ? [null] : [null, result];
  } catch (error) {
    if (isArgumentError(error)) throw error;
    return [error];
  }
}

function isArgumentError(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof RangeError) && codeOf(error) !== undefined;
}

/** The callback form of a synchronous call: the same arguments, then the callback. */
export function callbackForm(call: Call): (state: FaceState, ...args: unknown[]) => void {
  return (state, ...args) => {
    const callback = lastCallback(args);
    later(state, () => call(state, ...(args as never[])), callback);
  };
}
