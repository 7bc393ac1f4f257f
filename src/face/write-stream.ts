import { Buffer } from 'node:buffer';
import { Writable, type WritableOptions } from 'node:stream';
import {
  validateBoolean,
  validateFunction,
  validateInteger,
} from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { optionsOf } from './arguments.ts';
import { codedError, codeOf } from './errors.ts';
import type { FaceState } from './face-state.ts';
import {
  attachFile,
  constructFile,
  destroyFile,
  ended,
  type FileStream,
  type FileStreamOptions,
  type StreamCalls,
} from './file-stream.ts';

type Done = (error?: Error | null) => void;

/** How often a write may move nothing. */
const retriesMax = 5;

/**
 * A stream into a file. Instances are made by `beginWriting`, so that libraries can extend the class as a function.
 *
 * Models WriteStream of Node's lib/internal/fs/streams.js.
 */
export abstract class FileWriteStream extends Writable implements FileStream {
  declare path: unknown;
  declare fd: number | null;
  declare flags: unknown;
  declare mode: unknown;
  declare start: number | undefined;
  declare pos: number | undefined;
  declare bytesWritten: number;
  declare autoClose: boolean;
  declare flush: boolean;
  declare _fs: StreamCalls;
  declare _busy: boolean;
  declare _idle: ((error?: unknown) => void) | undefined;

  /** Whether the file is not open yet. */
  get pending(): boolean {
    return this.fd === null;
  }

  /** The stream opens its file by itself; a library may put another way here. */
  open(): void {}

  override _construct(done: Done): void {
    constructFile(this, FileWriteStream.prototype.open, done as (error?: unknown) => void);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    this._busy = true;
    writeAll(this, chunk, this.pos, 0, (error) => {
      const gone = ended(this, error);
      if (!gone || error) done(error);
    });
    if (this.pos !== undefined) this.pos += chunk.length;
  }

  override _writev(chunks: readonly { chunk: Uint8Array }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done);
  }

  override _destroy(error: Error | null, done: Done): void {
    destroyFile(this, this.flush, error, done as (error?: unknown) => void);
  }

  /** Writes what is left, closes the file, and calls back when it is closed. */
  close(done?: Done): void {
    if (done !== undefined) {
      if (this.closed) {
        queueMicrotask(() => done());
        return;
      }
      this.on('close', done);
    }
    if (!this.autoClose) this.on('finish', () => this.destroy());
    this.end();
  }

  /** The same as `end`: there is no other way to shut a file down. */
  destroySoon(): void {
    this.end();
  }
}

function writeAll(
  stream: FileWriteStream,
  chunk: Uint8Array,
  position: number | undefined,
  retries: number,
  done: Done,
): void {
  const { length } = chunk;
  stream._fs.write(stream.fd as number, chunk, 0, length, position, (error, count = 0) => {
    const again = codeOf(error) === 'EAGAIN';
    if (stream.destroyed || (error && !again)) {
      done(error as Error | null);
      return;
    }
    const moved = again ? 0 : count;
    stream.bytesWritten += moved;
    if (moved === length) done();
    else if (moved === 0 && retries >= retriesMax) done(writeFailed());
    else {
      const next = position === undefined ? undefined : position + moved;
      writeAll(stream, chunk.subarray(moved), next, moved === 0 ? retries + 1 : 0, done);
    }
  });
}

/** Makes an object a stream that writes a file of a face. */
export function beginWriting(
  stream: FileWriteStream,
  state: FaceState,
  path: unknown,
  given: unknown,
): void {
  const options = optionsOf<FileStreamOptions & { readonly flush?: unknown }>(given);
  attachFile(stream, state, path, options, 'w');
  validateFunction(stream._fs.write, 'options.fs.write');
  const flush = options.flush ?? false;
  validateBoolean(flush, 'options.flush');
  if (options.start !== undefined) validateInteger(options.start, 'start', 0);
  const autoDestroy = options.autoClose ?? true;
  (Writable as unknown as (this: Writable, options: WritableOptions) => void).call(stream, {
    ...options,
    decodeStrings: true,
    autoDestroy,
  } as WritableOptions);
  stream.start = stream.pos = options.start as number | undefined;
  stream.bytesWritten = 0;
  stream.autoClose = autoDestroy;
  stream.flush = flush as boolean;
  if (options.encoding) stream.setDefaultEncoding(options.encoding);
}

function writeFailed(): Error {
  return codedError('ERR_SYSTEM_ERROR', 'A system error occurred: write failed');
}
