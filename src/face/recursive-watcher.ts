import { EventEmitter } from 'node:events';
import { posix } from 'node:path';
import type { Dirent } from './dirent.ts';
import { codeOf } from './errors.ts';
import { type FaceState, resolvePath } from './face-state.ts';
import { joinName, readdirSync } from './list.ts';
import { statSync } from './status.ts';
import { startWatch } from './watcher.ts';

/**
 * Watches a directory and all below it, with a watch for every file: inotify itself watches no trees. What an event says is
 * found by looking, when it is heard; so a file that is not there is told as `rename`, whatever happened to it. Where it
 * fails to start for another reason than ENOENT it watches what it has so far, as Node's does.
 *
 * Models FSWatcher in Node 20's lib/internal/fs/recursive_watch.js.
 */
export class RecursiveWatcher extends EventEmitter {
  readonly #state: FaceState;
  readonly #root: string;
  /** What ends each watch, by path. */
  readonly #watched = new Map<string, () => void>();
  readonly #links = new Set<string>();
  #ofFile = false;
  #closed = false;

  constructor(state: FaceState, path: string) {
    super();
    this.#state = state;
    this.#root = resolvePath(state, path);
    try {
      const root = statSync(state, this.#root);
      this.#ofFile = root?.isFile() ?? false;
      this.#watch(this.#root);
      if (root?.isDirectory()) this.#watchBelow(this.#root);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw Object.assign(error as Error, { filename: this.#root });
    }
  }

  /** Ends it, and emits `close` at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
    this.#links.clear();
    this.emit('close');
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #watch(path: string): void {
    if (this.#closed || this.#watched.has(path)) return;
    statSync(this.#state, path);
    this.#watched.set(
      path,
      startWatch(this.#state, path, () => this.#heard(path)),
    );
  }

  /** Watches what is new in a directory, and tells of it. */
  #watchBelow(directory: string): void {
    try {
      const entries = readdirSync(this.#state, directory, { withFileTypes: true }) as Dirent[];
      for (const entry of entries) {
        if (this.#closed) return;
        const path = joinName(directory, String(entry.name));
        if (!this.#watched.has(path)) this.#appeared(path, entry);
      }
    } catch (error) {
      this.emit('error', error);
    }
  }

  #appeared(path: string, entry: Dirent): void {
    this.#tell('rename', path);
    if (entry.isSymbolicLink()) this.#links.add(path);
    try {
      this.#watch(path);
      if (entry.isDirectory()) this.#watchBelow(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }

  #heard(path: string): void {
    const stat = this.#look(path);
    if (stat === undefined) this.#vanished(path);
    else if (path === this.#root && this.#ofFile)
      this.emit('change', 'change', posix.basename(path));
    else if (this.#links.has(path)) this.#tell('rename', path);
    else if (stat.isDirectory()) this.#watchBelow(path);
    else this.#tell('change', path);
  }

  #vanished(path: string): void {
    this.#stop(path);
    this.#tell('rename', path);
    this.#links.delete(path);
    for (const watched of [...this.#watched.keys()]) {
      if (watched.startsWith(path)) this.#stop(watched);
    }
  }

  #stop(path: string): void {
    this.#watched.get(path)?.();
    this.#watched.delete(path);
  }

  #look(path: string): ReturnType<typeof statSync> {
    try {
      return statSync(this.#state, path);
    } catch {
      return undefined;
    }
  }

  #tell(kind: 'rename' | 'change', path: string): void {
    this.emit('change', kind, posix.relative(this.#root, path));
  }
}
