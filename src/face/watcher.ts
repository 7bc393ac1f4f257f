import { EventEmitter } from 'node:events';
import { type WatchedEvent, watch as watchPlace } from '../kernel/index.ts';
import { abortError, asNodeError } from './errors.ts';
import type { FaceState } from './face-state.ts';
import { fileType, isType } from './file-type.ts';
import { entriesOf, joinName } from './list.ts';
import { encodeName, type NameEncoding, toPath } from './paths.ts';
import { sys } from './system.ts';

/** The options of `watch`. Nothing here keeps a process alive, so `persistent` changes nothing. */
export interface WatchOptions {
  readonly encoding?: NameEncoding;
  readonly persistent?: boolean;
  readonly recursive?: boolean;
  readonly signal?: AbortSignal;
}

type WatchListener = (event: 'rename' | 'change', name: string | Uint8Array) => void;

/**
 * Tells of changes to a file, or in a directory, by whichever mount they are made. Events come after the code that
 * made the change, one for each of inotify's.
 *
 * Models FSWatcher in Node's lib/internal/fs/watchers.js and uv__inotify_read of libuv.
 */
export class FSWatcher extends EventEmitter {
  readonly #state: FaceState;
  readonly #encoding: NameEncoding;
  readonly #recursive: boolean;
  readonly #root: string;
  readonly #stops = new Map<string, () => void>();
  #closed = false;

  constructor(state: FaceState, path: string, options: WatchOptions) {
    super();
    this.#state = state;
    this.#root = path;
    this.#encoding = options.encoding;
    this.#recursive = options.recursive === true;
    try {
      this.#add('');
    } catch (error) {
      const failure = asNodeError(error, 'watch', path);
      throw failure instanceof Error ? Object.assign(failure, { filename: path }) : failure;
    }
  }

  /** Ends it; `close` is emitted later. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    queueMicrotask(() => this.emit('close'));
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #add(inside: string): void {
    const path = inside === '' ? this.#root : joinName(this.#root, inside);
    const place = sys.walk(this.#state.caller, path);
    const stop = watchPlace(place, (event) => this.#heard(inside, event));
    this.#stops.set(inside, stop);
    if (!this.#recursive || !isDirectory(this.#state, path)) return;
    for (const entry of entriesOf(this.#state.caller, path, 'watch')) {
      if (entry.type === 'directory') this.#add(join(inside, entry.name));
    }
  }

  #heard(inside: string, event: WatchedEvent): void {
    const kind = kinds[event.type];
    if (kind === undefined) return;
    if (inside !== '' && event.name === undefined) return;
    const name = event.name === undefined ? lastName(this.#root) : join(inside, event.name);
    if (this.#recursive && kind === 'rename' && event.name !== undefined) this.#renew(name);
    queueMicrotask(() => {
      if (!this.#closed) this.emit('change', kind, encodeName(name, this.#encoding));
    });
  }

  /** A name came or went: with `recursive`, what is below it is watched or no longer watched. */
  #renew(inside: string): void {
    for (const [watched, stop] of this.#stops) {
      if (watched !== inside && !watched.startsWith(`${inside}/`)) continue;
      stop();
      this.#stops.delete(watched);
    }
    if (isDirectory(this.#state, joinName(this.#root, inside))) this.#add(inside);
  }
}

/** Starts a watcher; the listener may stand in place of the options. @throws ENOENT and what else stat(2) gives. */
export function watch(
  state: FaceState,
  path: unknown,
  options?: WatchOptions | NameEncoding | WatchListener,
  listener?: WatchListener,
): FSWatcher {
  const given = optionsOf(options);
  const watcher = new FSWatcher(state, toPath(path), given);
  const heard = typeof options === 'function' ? options : listener;
  if (heard !== undefined) watcher.on('change', heard);
  if (given.signal?.aborted) queueMicrotask(() => watcher.close());
  else given.signal?.addEventListener('abort', () => watcher.close(), { once: true });
  return watcher;
}

/** One change, as `promises.watch` gives it. */
export interface WatchEvent {
  readonly eventType: 'rename' | 'change';
  readonly filename: string | Uint8Array;
}

/** The changes as an async iterable, which ends by `return` or rejects when its signal is aborted. */
export async function* watchEvents(
  state: FaceState,
  path: unknown,
  options?: WatchOptions | NameEncoding,
): AsyncGenerator<WatchEvent, void> {
  const { signal, ...given } = optionsOf(options);
  if (signal?.aborted) throw abortError(signal);
  const queue: WatchEvent[] = [];
  let wake = (): void => {};
  const watcher = watch(state, path, given, (eventType, filename) => {
    queue.push({ eventType, filename });
    wake();
  });
  signal?.addEventListener('abort', () => wake(), { once: true });
  try {
    for (;;) {
      if (signal?.aborted) throw abortError(signal);
      const event = queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    watcher.close();
  }
}

const kinds: Readonly<Record<WatchedEvent['type'], 'rename' | 'change' | undefined>> = {
  create: 'rename',
  delete: 'rename',
  moved_from: 'rename',
  moved_to: 'rename',
  delete_self: 'rename',
  move_self: 'rename',
  modify: 'change',
  attrib: 'change',
  close_write: undefined,
};

function optionsOf(options: WatchOptions | NameEncoding | WatchListener): WatchOptions {
  if (typeof options === 'string') return { encoding: options };
  return typeof options === 'object' && options !== null ? options : {};
}

function isDirectory(state: FaceState, path: string): boolean {
  try {
    return isType(sys.lstat(state.caller, path).mode, fileType.directory);
  } catch {
    return false;
  }
}

function join(inside: string, name: string): string {
  return inside === '' ? name : `${inside}/${name}`;
}

function lastName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}
