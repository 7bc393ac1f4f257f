import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:fs';
import { getHandleReadArgs, getHandleWriteArgs } from '@jsonjoy.com/fs-node/lib/readWriteArgs.js';
import { invalidArgType } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import { fchmodSync, fchownSync, ftruncateSync, futimesSync } from './attributes.ts';
import { guarded, notAborted } from './callback-calls.ts';
import { codedError } from './errors.ts';
import type { FaceState } from './face-state.ts';
import { Lines } from './lines.ts';
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  readAt,
  readvSync,
  writeAt,
  writevSync,
} from './open-files.ts';
import { fstatSync, type StatOptions } from './status.ts';
import { readFileSync } from './whole-files.ts';
import { writeFile } from './write-pieces.ts';

type Views = readonly ArrayBufferView[];

/**
 * An open file of the promise calls. It counts who uses it: streams of it keep the file open until they end.
 *
 * Models FileHandle in Node's lib/internal/fs/promises.js.
 */
export class FileHandle extends EventEmitter implements AsyncDisposable {
  readonly #state: FaceState;
  #fd: number;
  #users = 1;
  #closing: Promise<void> | undefined;
  #closed: (() => void) | undefined;
  #web = false;

  constructor(state: FaceState, fd: number) {
    super();
    this.#state = state;
    this.#fd = fd;
    this.close = this.close.bind(this);
  }

  /** The descriptor; -1 when it is closed. */
  get fd(): number {
    return this.#fd;
  }

  getAsyncId(): number {
    return this.#fd;
  }

  appendFile(data: unknown, options?: unknown): Promise<void> {
    return this.writeFile(data, options);
  }

  chmod(mode: unknown): Promise<void> {
    return this.#call('fchmod', (fd) => fchmodSync(this.#state, fd, mode));
  }

  chown(uid: unknown, gid: unknown): Promise<void> {
    return this.#call('fchown', (fd) => fchownSync(this.#state, fd, uid, gid));
  }

  datasync(): Promise<void> {
    return this.#call('fdatasync', (fd) => fdatasyncSync(this.#state, fd));
  }

  sync(): Promise<void> {
    return this.#call('fsync', (fd) => fsyncSync(this.#state, fd));
  }

  stat(options?: StatOptions): Promise<ReturnType<typeof fstatSync>> {
    return this.#call('fstat', (fd) => fstatSync(this.#state, fd, options));
  }

  truncate(length: unknown = 0): Promise<void> {
    return this.#call('ftruncate', (fd) => ftruncateSync(this.#state, fd, length));
  }

  utimes(atime: unknown, mtime: unknown): Promise<void> {
    return this.#call('futimes', (fd) => futimesSync(this.#state, fd, atime, mtime));
  }

  read(
    buffer?: unknown,
    offset?: unknown,
    length?: unknown,
    position?: unknown,
  ): Promise<{ bytesRead: number; buffer: ArrayBufferView }> {
    return this.#call('read', (fd) => {
      const what = getHandleReadArgs(buffer, offset, length, position);
      const bytesRead = what.length === 0 ? 0 : readAt(this.#state, fd, what);
      return bare({ bytesRead, buffer: what.buffer });
    });
  }

  readv(buffers: Views, position?: unknown): Promise<{ bytesRead: number; buffers: Views }> {
    return this.#call('readv', (fd) =>
      bare({ bytesRead: readvSync(this.#state, fd, buffers, position), buffers }),
    );
  }

  write(
    data: unknown,
    offset?: unknown,
    length?: unknown,
    position?: unknown,
  ): Promise<{ bytesWritten: number; buffer: unknown }> {
    return this.#call('write', (fd) => {
      const what = getHandleWriteArgs(data, offset, length, position);
      const bytesWritten = what === null ? 0 : writeAt(this.#state, fd, what);
      return bare({ bytesWritten, buffer: data });
    });
  }

  writev(buffers: Views, position?: unknown): Promise<{ bytesWritten: number; buffers: Views }> {
    return this.#call('writev', (fd) =>
      bare({ bytesWritten: writevSync(this.#state, fd, buffers, position), buffers }),
    );
  }

  /** Reads from the handle's position to the end. */
  readFile(options?: unknown): Promise<string | Uint8Array> {
    return this.#call('readFile', (fd) =>
      notAborted(options, () => readFileSync(this.#state, fd, options)),
    );
  }

  /** Writes data, or all that an iterable or a stream gives, at the handle's position. */
  writeFile(data: unknown, options?: unknown): Promise<void> {
    return this.#call('writeFile', (fd) => writeFile(this.#state, fd, data, options, 'w'));
  }

  /** The lines of the file, without their ends; the handle is closed after the last. */
  readLines(options?: object): Lines {
    return new Lines(this.createReadStream(options) as AsyncIterable<unknown>);
  }

  createReadStream(options?: object): ReadStream {
    const { fs } = this.#state;
    return fs?.createReadStream(
      undefined as never,
      { ...options, fd: this } as never,
    ) as ReadStream;
  }

  createWriteStream(options?: object): WriteStream {
    const { fs } = this.#state;
    return fs?.createWriteStream(
      undefined as never,
      { ...options, fd: this } as never,
    ) as WriteStream;
  }

  /** A web stream of the bytes from the handle's position on; one for a handle. */
  readableWebStream(options: { readonly type?: unknown } = {}): ReadableStream<Uint8Array> {
    this.#demandFree();
    const { type } = options;
    if (type !== undefined && typeof type !== 'string')
      throw invalidArgType('options.type', 'of type string', type);
    this.#web = true;
    this.ref();
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const chunk = new Uint8Array(webChunkSize);
        const { bytesRead } = await this.read(chunk, 0, chunk.length, null);
        if (bytesRead > 0) controller.enqueue(chunk.subarray(0, bytesRead));
        else {
          this.unref();
          controller.close();
        }
      },
      cancel: () => this.unref(),
    });
  }

  #demandFree(): void {
    const problem =
      this.#fd === -1
        ? 'closed'
        : this.#closing !== undefined
          ? 'closing'
          : this.#web
            ? 'locked'
            : undefined;
    if (problem === undefined) return;
    throw codedError('ERR_INVALID_STATE', `Invalid state: The FileHandle is ${problem}`);
  }

  /** Closes the file, once its streams have ended. */
  close(): Promise<void> {
    if (this.#fd === -1) return Promise.resolve();
    if (this.#closing !== undefined) return this.#closing;
    this.#closing = new Promise<void>((resolve) => {
      this.#closed = resolve;
    }).finally(() => {
      this.#closing = undefined;
    });
    const closing = this.#closing;
    this.unref();
    this.emit('close');
    return closing;
  }

  /** One more user of the file. */
  ref(): void {
    this.#users++;
  }

  /** One user less; the last closes the file. */
  unref(): void {
    if (--this.#users > 0 || this.#fd === -1) return;
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(this.#state, fd);
    this.#closed?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #call<Result>(syscall: string, call: (fd: number) => Result): Promise<Awaited<Result>> {
    return guarded(this.#state, () => {
      if (this.#fd === -1) throw closedError(syscall);
      return call(this.#fd);
    });
  }
}

const webChunkSize = 16384;

/** Node's results have no prototype. */
function bare<Result extends object>(result: Result): Result {
  return Object.assign(Object.create(null), result);
}

function closedError(syscall: string): Error {
  return Object.assign(codedError('EBADF', 'file closed'), { syscall });
}
