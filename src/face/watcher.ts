import { EventEmitter } from 'node:events';
import { validateBoolean } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { optionsOf } from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, withSlashes } from './face-state.ts';
import { type EventKind, Inotify } from './inotify.ts';
import { encodeName, type NameEncoding, toPath } from './paths.ts';
import { RecursiveWatcher } from './recursive-watcher.ts';

/** The options of `watch`. Nothing here keeps a process alive, so `persistent` changes nothing. */
export interface WatchOptions {
  readonly encoding?: NameEncoding;
  readonly persistent?: boolean;
  readonly recursive?: boolean;
  readonly signal?: AbortSignal;
}

export type WatchListener = (event: EventKind, name: string | Uint8Array) => void;

/**
 * Tells of changes to a file, or in a directory, by whichever mount they are made. Events come after the code that
 * made the change, one for each of inotify's.
 *
 * Models FSWatcher in Node's lib/internal/fs/watchers.js.
 */
export class FSWatcher extends EventEmitter {
  #stop: (() => void) | undefined;

  constructor(state: FaceState, path: string, encoding: NameEncoding) {
    super();
    this.#stop = startWatch(state, path, (kind, name) => {
      this.emit('change', kind, encodeName(name, encoding));
    });
  }

  /** Ends it; `close` is emitted later. */
  close(): void {
    if (this.#stop === undefined) return;
    this.#stop();
    this.#stop = undefined;
    queueMicrotask(() => this.emit('close'));
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** Starts a watch; its failure is Node's, with the `filename`. */
export function startWatch(
  state: FaceState,
  path: string,
  hear: (kind: EventKind, name: string) => void,
): () => void {
  state.inotify ??= new Inotify();
  try {
    return state.inotify.add(state, withSlashes(state, path), hear);
  } catch (error) {
    const failure = asNodeError(error, 'watch', path);
    throw failure instanceof Error ? Object.assign(failure, { filename: path }) : failure;
  }
}

/** Starts a watcher; the listener may stand in place of the options. @throws ENOENT, ENOTDIR, EACCES */
export function watch(
  state: FaceState,
  path: unknown,
  options?: WatchOptions | NameEncoding | WatchListener,
  listener?: WatchListener,
): FSWatcher | RecursiveWatcher {
  const { encoding, recursive, signal, persistent } = optionsOf<WatchOptions>(options);
  const name = toPath(path);
  if (recursive) {
    validateBoolean(recursive, 'options.recursive');
    if (persistent !== undefined) validateBoolean(persistent, 'options.persistent');
  }
  const watcher = recursive
    ? new RecursiveWatcher(state, name)
    : new FSWatcher(state, name, encoding);
  const heard = typeof options === 'function' ? options : listener;
  if (heard !== undefined && heard !== null) watcher.on('change', heard);
  if (signal !== undefined) closeOn(signal, watcher);
  return watcher;
}

function closeOn(signal: AbortSignal, watcher: FSWatcher | RecursiveWatcher): void {
  const close = (): void => watcher.close();
  if (signal.aborted) {
    queueMicrotask(close);
    return;
  }
  signal.addEventListener('abort', close, { once: true });
  watcher.once('close', () => signal.removeEventListener('abort', close));
}
