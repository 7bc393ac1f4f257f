import type { ReadStream, WriteStream } from 'node:fs';
import type { FaceState } from './face-state.ts';
import { beginReading, FileReadStream } from './read-stream.ts';
import { beginWriting, FileWriteStream } from './write-stream.ts';

type Begin<Stream> = (stream: Stream, state: FaceState, path: unknown, options: unknown) => void;
type StreamClass<Stream> = new (path: unknown, options?: unknown) => Stream;
type StreamFunction<Stream> = (this: unknown, path: unknown, options?: unknown) => Stream;

/** A stream of a file's bytes. */
export function createReadStream(state: FaceState, path: unknown, options?: unknown): ReadStream {
  state.guard?.();
  const { ReadStream: Class } = state.fs as unknown as { ReadStream: StreamClass<ReadStream> };
  return new Class(path, options);
}

/** A stream into a file. */
export function createWriteStream(state: FaceState, path: unknown, options?: unknown): WriteStream {
  state.guard?.();
  const { WriteStream: Class } = state.fs as unknown as { WriteStream: StreamClass<WriteStream> };
  return new Class(path, options);
}

/** `fs.ReadStream` of one face. */
export function readStreamClass(state: FaceState): unknown {
  return streamFunction('ReadStream', FileReadStream, beginReading, state);
}

/** `fs.WriteStream` of one face. */
export function writeStreamClass(state: FaceState): unknown {
  return streamFunction('WriteStream', FileWriteStream, beginWriting, state);
}

/** A constructor as Node's own are: called with or without `new`, or by a library's constructor on its `this`. */
function streamFunction<Stream extends object>(
  name: string,
  base: { readonly prototype: Stream },
  begin: Begin<Stream>,
  state: FaceState,
): unknown {
  const Class: StreamFunction<Stream> = function (path, options) {
    const stream = this instanceof Class ? (this as Stream) : Object.create(Class.prototype);
    begin(stream, state, path, options);
    return stream;
  };
  Class.prototype = Object.create(base.prototype, {
    constructor: { value: Class, configurable: true, writable: true },
  });
  Object.defineProperty(Class, 'name', { value: name });
  return Class;
}
