import { validateFunction } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import type { Dirent } from './dirent.ts';
import { codedError } from './errors.ts';

/** What a `Dir` reads from: the next entry, or null at the end. */
export interface DirSource {
  next(): Dirent | null;
  close(): void;
}

type ReadCallback = (error: unknown, entry?: Dirent | null) => void;
type CloseCallback = (error?: unknown) => void;

/**
 * An open directory, as `opendir` gives it.
 *
 * Models Dir in Node's lib/internal/fs/dir.js.
 */
export class Dir implements AsyncIterable<Dirent>, AsyncDisposable, Disposable {
  readonly #path: string;
  readonly #source: DirSource;
  #closed = false;

  constructor(path: string, source: DirSource) {
    this.#path = path;
    this.#source = source;
  }

  /** The path as the caller gave it. */
  get path(): string {
    return this.#path;
  }

  /** The next entry, null at the end. @throws ERR_DIR_CLOSED */
  readSync(): Dirent | null {
    this.#check();
    return this.#source.next();
  }

  read(): Promise<Dirent | null>;
  read(callback: ReadCallback): void;
  read(callback?: ReadCallback): Promise<Dirent | null> | undefined {
    if (callback === undefined) return attempt(() => this.readSync());
    validateFunction(callback, 'callback');
    this.#check();
    attempt(() => this.readSync()).then((entry) => callback(null, entry), callback);
    return undefined;
  }

  /** @throws ERR_DIR_CLOSED when it was closed before. */
  closeSync(): void {
    this.#check();
    this.#closed = true;
    this.#source.close();
  }

  close(): Promise<void>;
  close(callback: CloseCallback): void;
  close(callback?: CloseCallback): Promise<void> | void {
    if (callback !== undefined) validateFunction(callback, 'callback');
    const closed = attempt(() => this.closeSync());
    if (callback === undefined) return closed;
    closed.then(() => callback(null), callback);
  }

  async *entries(): AsyncIterableIterator<Dirent> {
    try {
      for (let entry = await this.read(); entry !== null; entry = await this.read()) yield entry;
    } finally {
      await this.close();
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Dirent> {
    return this.entries();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) await this.close();
  }

  [Symbol.dispose](): void {
    if (!this.#closed) this.closeSync();
  }

  #check(): void {
    if (this.#closed) throw codedError('ERR_DIR_CLOSED', 'Directory handle was closed');
  }
}

async function attempt<Result>(call: () => Result): Promise<Result> {
  return call();
}
