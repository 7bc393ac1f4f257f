import { invalidArgType } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import { validateFunction } from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import { demandDescriptor } from './arguments.ts';
import { codedError } from './errors.ts';
import type { FaceState } from './face-state.ts';
import { FileHandle } from './file-handle.ts';
import { toPath } from './paths.ts';

type Done = (error?: unknown) => void;
type Moved = (error: unknown, count?: number) => void;

/** The calls that a stream makes: a face's own, a handle's, or those of the option `fs`. */
export interface StreamCalls {
  open(
    path: unknown,
    flags: unknown,
    mode: unknown,
    done: (error: unknown, fd: number) => void,
  ): void;
  close(fd: number, done: Done): void;
  read(...transfer: Transfer): void;
  write(...transfer: Transfer): void;
  fsync(fd: number, done: Done): void;
}

type Transfer = [
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number | null | undefined,
  done: Moved,
];

/** The options that both kinds of stream have. */
export interface FileStreamOptions {
  readonly flags?: unknown;
  readonly mode?: unknown;
  readonly fd?: unknown;
  readonly fs?: StreamCalls;
  readonly start?: unknown;
  readonly autoClose?: boolean;
  readonly encoding?: BufferEncoding;
}

/** What both kinds of stream have of a file. */
export interface FileStream {
  path: unknown;
  fd: number | null;
  flags: unknown;
  mode: unknown;
  readonly destroyed: boolean;
  _fs: StreamCalls;
  /** A read or a write is under way: the file is closed after it. */
  _busy: boolean;
  /** Ends a destruction that waits for that. */
  _idle: Done | undefined;
  open(): void;
  emit(name: string, ...args: unknown[]): boolean;
}

/** Gives a stream its file: a path that is opened first, a descriptor, or a handle. */
export function attachFile(
  stream: FileStream,
  state: FaceState,
  path: unknown,
  options: FileStreamOptions,
  flags: string,
): void {
  stream._busy = false;
  stream._idle = undefined;
  const { fd } = options;
  if (fd === undefined || fd === null) {
    stream.fd = null;
    stream._fs = options.fs ?? (state.fs as unknown as StreamCalls);
    validateFunction(stream._fs.open, 'options.fs.open');
    stream.path = path instanceof URL ? toPath(path) : path;
    stream.flags = options.flags === undefined ? flags : options.flags;
    stream.mode = options.mode === undefined ? 0o666 : options.mode;
    toPath(path);
    return;
  }
  if (fd instanceof FileHandle) {
    if (options.fs !== undefined) refuseFs();
    stream.fd = fd.fd;
    stream._fs = handleCalls(fd);
    fd.on('close', () => (stream as unknown as { close(): void }).close());
  } else {
    if (typeof fd !== 'number') {
      throw invalidArgType('options.fd', 'of type number or an instance of FileHandle', fd);
    }
    stream.fd = fd;
    stream._fs = options.fs ?? (state.fs as unknown as StreamCalls);
  }
  demandDescriptor(stream.fd);
}

function refuseFs(): never {
  const text = 'The FileHandle with fs method is not implemented';
  throw codedError('ERR_METHOD_NOT_IMPLEMENTED', text);
}

function handleCalls(handle: FileHandle): StreamCalls {
  handle.ref();
  return {
    open: (_path, _flags, _mode, done) => done(null, handle.fd),
    close: (_fd, done) => {
      handle.unref();
      handle.close().then(() => done(), done);
    },
    read: (_fd, buffer, offset, length, position, done) => {
      const reading = handle.read(buffer, offset, length, position);
      reading.then(({ bytesRead }) => done(null, bytesRead), done);
    },
    write: (_fd, buffer, offset, length, position, done) => {
      const writing = handle.write(buffer, offset, length, position);
      writing.then(({ bytesWritten }) => done(null, bytesWritten), done);
    },
    fsync: (_fd, done) => void handle.sync().then(() => done(), done),
  };
}

/** Opens the file before anything else happens to the stream. A library may have put an `open` of its own in place. */
export function constructFile(stream: FileStream, usual: () => void, done: Done): void {
  if (typeof stream.fd === 'number') {
    done();
    return;
  }
  if (stream.open !== usual) {
    openByOther(stream, done);
    return;
  }
  stream._fs.open(stream.path, stream.flags, stream.mode, (error, fd) => {
    if (error) {
      done(error);
      return;
    }
    stream.fd = fd;
    done();
    stream.emit('open', fd);
    stream.emit('ready');
  });
}

/** Waits for what the other `open` emits. */
function openByOther(stream: FileStream, done: Done): void {
  const { emit } = stream;
  stream.emit = function (this: FileStream, name, ...args) {
    if (name !== 'open' && name !== 'error') return emit.call(this, name, ...args);
    this.emit = emit;
    done(name === 'error' ? args[0] : undefined);
    return name === 'error' || emit.call(this, name, ...args);
  };
  stream.open();
}

/** Closes the file of a destroyed stream, after the read or write that is under way. */
export function destroyFile(stream: FileStream, flush: boolean, error: unknown, done: Done): void {
  if (stream._busy) stream._idle = (failed) => closeFile(stream, flush, error ?? failed, done);
  else closeFile(stream, flush, error, done);
}

function closeFile(stream: FileStream, flush: boolean, error: unknown, done: Done): void {
  const { fd } = stream;
  if (fd === null) {
    done(error);
    return;
  }
  const close = (failed?: unknown): void =>
    stream._fs.close(fd, (again) => done(again ?? failed ?? error));
  stream.fd = null;
  if (flush) stream._fs.fsync(fd, close);
  else close();
}

/** A read or a write has ended: whether the stream was destroyed meanwhile. */
export function ended(stream: FileStream, error: unknown): boolean {
  stream._busy = false;
  if (!stream.destroyed) return false;
  stream._idle?.(error);
  return true;
}
