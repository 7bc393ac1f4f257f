import type { Caller } from '../kernel/index.ts';
import type { Call } from './callback.ts';
import { callbackForm } from './callback.ts';
import { constants } from './constants.ts';
import { Dir } from './dir.ts';
import { Dirent } from './dirent.ts';
import type { FaceOptions, FaceState } from './face-state.ts';
import type { NodeFs } from './node-fs.ts';
import { otherCalls } from './other-calls.ts';
import { makePromises } from './promises.ts';
import { promisifiedForm } from './promisified.ts';
import { realpathNativeSync } from './real-path.ts';
import { Stats } from './stats.ts';
import { readStreamClass, writeStreamClass } from './streams.ts';
import { syncCalls } from './sync-calls.ts';

/**
 * Makes a `node:fs` for one caller: what a process with its rights, root and working directory sees. A face that is not
 * used holds nothing but its caller; a call is bound when it is first asked for.
 *
 * @param caller Whose rights, root and umask the calls have.
 * @param options A guard called before each operation, and whether all changes are refused; default neither.
 */
export function createFace(caller: Caller, options: FaceOptions = {}): NodeFs {
  const state: FaceState = {
    caller,
    guard: options.guard,
    readOnly: options.readOnly === true,
    files: undefined,
    inotify: undefined,
    statWatchers: undefined,
    members: undefined,
    fs: undefined,
  };
  const face = new Face(state) as unknown as NodeFs;
  state.fs = face;
  return face;
}

/**
 * The object that users hold. Its members are accessors of its own, the same functions for every face, so that
 * `Object.keys`, spreading and copying find what they find on `node:fs`, and no face pays for what it does not use.
 */
class Face {
  declare readonly _state: FaceState;

  constructor(state: FaceState) {
    Object.defineProperty(this, '_state', { value: state });
    Object.defineProperties(this, descriptors);
  }
}

type Maker = (state: FaceState) => unknown;

const makers: Readonly<Record<string, Maker>> = {
  ...callMakers(),
  constants: () => constants,
  F_OK: () => constants.F_OK,
  R_OK: () => constants.R_OK,
  W_OK: () => constants.W_OK,
  X_OK: () => constants.X_OK,
  Dir: () => Dir,
  Dirent: () => Dirent,
  Stats: () => Stats,
  FileReadStream: (state) => state.fs?.ReadStream,
  FileWriteStream: (state) => state.fs?.WriteStream,
  ReadStream: readStreamClass,
  WriteStream: writeStreamClass,
  promises: makePromises,
};

const descriptors: PropertyDescriptorMap = Object.fromEntries(
  Object.entries(makers).map(([name, make], slot) => [name, accessor(name, slot, make)]),
);

function accessor(name: string, slot: number, make: Maker): PropertyDescriptor {
  return {
    enumerable: true,
    configurable: true,
    get(this: Face): unknown {
      const state = this._state;
      const members = (state.members ??= []);
      return (members[slot] ??= make(state));
    },
    set(this: Face, value: unknown): void {
      Object.defineProperty(this, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    },
  };
}

function callMakers(): Record<string, Maker> {
  const result: Record<string, Maker> = {};
  for (const [name, call] of Object.entries(syncCalls)) {
    result[name] = (state) => bind(state, call as Call, true);
  }
  for (const [name, call] of Object.entries(otherCalls)) {
    result[name] = (state) => promisifiedForm(name, bind(state, call, false));
  }
  for (const name of ['realpath', 'realpathSync'] as const) {
    const make = result[name];
    const native: Call =
      name === 'realpath' ? callbackForm(realpathNativeSync) : realpathNativeSync;
    result[name] = (state) =>
      Object.assign(make?.(state) as object, { native: bind(state, native, name !== 'realpath') });
  }
  return result;
}

/** The call with its face; a synchronous one asks the guard here, the others when they run. */
function bind(state: FaceState, call: Call, guarded: boolean): (...args: unknown[]) => unknown {
  const { guard } = state;
  const own = call as (state: FaceState, ...args: unknown[]) => unknown;
  if (guard === undefined || !guarded) return own.bind(undefined, state);
  return (...args) => {
    guard();
    return own(state, ...args);
  };
}
