import { validateFunction } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
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

/** Runs a call after the code that is running now, as Node does, and hands its outcome to the callback. */
export function later(state: FaceState, call: () => unknown, callback: Callback): void {
  queueMicrotask(() => {
    let result: unknown;
    try {
      state.guard?.();
      result = call();
    } catch (error) {
      callback(error);
      return;
    }
    if (result === undefined) callback(null);
    else callback(null, result);
  });
}

/** The callback form of a synchronous call: the same arguments, then the callback. */
export function callbackForm(call: Call): (state: FaceState, ...args: unknown[]) => void {
  return (state, ...args) => {
    const callback = asCallback(args.pop());
    later(state, () => call(state, ...(args as never[])), callback);
  };
}
