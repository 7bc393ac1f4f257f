import { EventEmitter } from 'node:events';
import { posix } from 'node:path';
import { validateFunction } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { type Listener, type Stat, watch } from '../kernel/index.ts';
import { type FaceState, resolvePath } from './face-state.ts';
import { toPath } from './paths.ts';
import { makeStats, noStats, type Stats } from './stats.ts';
import { sys } from './system.ts';

/** The options of `watchFile`. No clock is polled: a change is told at once, and `interval` changes nothing. */
export interface WatchFileOptions {
  readonly bigint?: boolean;
  readonly persistent?: boolean;
  readonly interval?: number;
}

type AnyStats = Stats<number> | Stats<bigint>;
type StatListener = (current: AnyStats, previous: AnyStats) => void;

/** Tells of each change of what stat(2) says of a path, also of its coming and going. Models StatWatcher of Node. */
export class StatWatcher extends EventEmitter {
  readonly #state: FaceState;
  readonly #path: string;
  readonly #bigint: boolean;
  #last: Stat | undefined;
  #stops: (() => void)[] = [];
  #pending = false;
  /** Its change time is another, whatever the clock says. */
  #touched = false;
  #stopped = false;

  constructor(state: FaceState, path: string, bigint: boolean) {
    super();
    this.#state = state;
    this.#path = path;
    this.#bigint = bigint;
    this.#last = this.#look();
    this.#arm();
    if (this.#last === undefined) queueMicrotask(() => this.#tell(undefined, undefined));
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Ends it. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  /** Watches the file and the nearest directory above it that is there, where its name would appear. */
  #arm(): void {
    this.#disarm();
    if (this.#last !== undefined) {
      this.#listen(this.#path, ({ type }) => {
        if (type !== 'close_write') this.#touched = true;
        this.#heard();
      });
    }
    for (let at = posix.dirname(this.#path); ; at = posix.dirname(at)) {
      this.#listen(at, () => this.#heard());
      if (at === '/' || this.#isThere(at)) return;
    }
  }

  #listen(path: string, listener: Listener): void {
    if (!this.#isThere(path)) return;
    this.#stops.push(watch(sys.walk(this.#state.caller, path), listener));
  }

  #disarm(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #heard(): void {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => this.#check());
  }

  #check(): void {
    this.#pending = false;
    if (this.#stopped) return;
    const last = this.#last;
    this.#last = this.#look();
    const changed = this.#touched || differ(this.#last, last);
    this.#touched = false;
    this.#arm();
    if (changed) this.#tell(this.#last, last);
  }

  #tell(current: Stat | undefined, previous: Stat | undefined): void {
    if (!this.#stopped) this.emit('change', this.#stats(current), this.#stats(previous));
  }

  #stats(stat: Stat | undefined): AnyStats {
    return stat === undefined ? noStats(this.#bigint) : makeStats(stat, this.#bigint);
  }

  #look(): Stat | undefined {
    try {
      return sys.stat(this.#state.caller, this.#path);
    } catch {
      return undefined;
    }
  }

  #isThere(path: string): boolean {
    try {
      sys.stat(this.#state.caller, path);
      return true;
    } catch {
      return false;
    }
  }
}

/** Has a listener called at each change; one watcher serves all listeners of a path. */
export function watchFile(
  state: FaceState,
  path: unknown,
  options: WatchFileOptions | StatListener | null,
  listener?: unknown,
): StatWatcher {
  const name = resolvePath(state, toPath(path));
  const given = typeof options === 'object' && options !== null ? options : undefined;
  const heard = given === undefined ? options : listener;
  validateFunction(heard, 'listener');
  state.statWatchers ??= new Map();
  let watcher = state.statWatchers.get(name);
  if (watcher === undefined) {
    watcher = new StatWatcher(state, name, given?.bigint === true);
    state.statWatchers.set(name, watcher);
  }
  return watcher.on('change', heard as StatListener);
}

/** Takes a listener, or all of them, from a path. */
export function unwatchFile(state: FaceState, path: unknown, listener?: StatListener): void {
  const name = resolvePath(state, toPath(path));
  const watcher = state.statWatchers?.get(name);
  if (watcher === undefined) return;
  if (listener === undefined) watcher.removeAllListeners('change');
  else watcher.removeListener('change', listener);
  if (watcher.listenerCount('change') > 0) return;
  watcher.stop();
  state.statWatchers?.delete(name);
}

function differ(a: Stat | undefined, b: Stat | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return fields.some((field) => a[field] !== b[field]);
}

const fields = ['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'size', 'mtimeMs', 'ctimeMs'] as const;
