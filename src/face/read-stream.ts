import { Buffer } from 'node:buffer';
import { finished, Readable, type ReadableOptions } from 'node:stream';
import { outOfRange } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import { validateFunction, validateInteger } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { optionsOf } from './arguments.ts';
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

interface ReadStreamOptions extends FileStreamOptions {
  readonly end?: unknown;
  readonly highWaterMark?: number;
}

const highWaterMark = 65536;

/**
 * A stream of a file's bytes. Instances are made by `beginReading`, so that libraries can extend the class as a function.
 *
 * Models ReadStream of Node's lib/internal/fs/streams.js.
 */
export abstract class FileReadStream extends Readable implements FileStream {
  declare path: unknown;
  declare fd: number | null;
  declare flags: unknown;
  declare mode: unknown;
  declare start: number | undefined;
  declare end: number;
  declare pos: number | undefined;
  declare bytesRead: number;
  declare autoClose: boolean;
  declare _fs: StreamCalls;
  declare _busy: boolean;
  declare _idle: ((error?: unknown) => void) | undefined;

  /** Whether the file is not open yet. */
  get pending(): boolean {
    return this.fd === null;
  }

  /** The stream opens its file by itself; a library may put another way here. */
  open(): void {}

  override _construct(done: (error?: Error | null) => void): void {
    constructFile(this, FileReadStream.prototype.open, done as (error?: unknown) => void);
  }

  override _read(wanted: number): void {
    const at = this.pos ?? this.bytesRead;
    const length = Math.min(this.end - at + 1, wanted);
    if (length <= 0) {
      this.push(null);
      return;
    }
    const buffer = Buffer.allocUnsafeSlow(length);
    this._busy = true;
    this._fs.read(this.fd as number, buffer, 0, length, this.pos, (error, count = 0) => {
      if (ended(this, error)) return;
      if (error) this.destroyIfClosing(error as Error);
      else give(this, buffer, count);
    });
  }

  /** Without `autoClose` an error is told and the file stays open. */
  protected destroyIfClosing(error: Error): void {
    if (this.autoClose) this.destroy(error);
    else this.emit('error', error);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    destroyFile(this, false, error, done as (error?: unknown) => void);
  }

  /** Closes the file, and calls back when it is, with an error unless all was read. */
  close(done?: (error?: Error | null) => void): void {
    if (typeof done === 'function') finished(this, done);
    this.destroy();
  }
}

function give(stream: FileReadStream, buffer: Buffer, count: number): void {
  if (count === 0) {
    stream.push(null);
    return;
  }
  if (stream.pos !== undefined) stream.pos += count;
  stream.bytesRead += count;
  stream.push(count === buffer.length ? buffer : Buffer.from(buffer.subarray(0, count)));
}

/** Makes an object a stream that reads a file of a face. */
export function beginReading(
  stream: FileReadStream,
  state: FaceState,
  path: unknown,
  given: unknown,
): void {
  const options = optionsOf<ReadStreamOptions>(given);
  attachFile(stream, state, path, options, 'r');
  validateFunction(stream._fs.read, 'options.fs.read');
  demandRange(options);
  const autoDestroy = options.autoClose ?? true;
  (Readable as unknown as (this: Readable, options: ReadableOptions) => void).call(stream, {
    highWaterMark,
    ...options,
    autoDestroy,
  } as ReadableOptions);
  stream.start = stream.pos = options.start as number | undefined;
  stream.end = options.end === undefined ? Number.POSITIVE_INFINITY : (options.end as number);
  stream.bytesRead = 0;
  stream.autoClose = autoDestroy;
}

function demandRange({ start, end }: ReadStreamOptions): void {
  if (start !== undefined) validateInteger(start, 'start', 0);
  if (end === undefined || end === Number.POSITIVE_INFINITY) return;
  validateInteger(end, 'end', 0);
  if (start !== undefined && (start as number) > (end as number)) {
    throw outOfRange('start', `<= "end" (here: ${end})`, start);
  }
}
