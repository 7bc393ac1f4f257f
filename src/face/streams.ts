import type { ReadStream, WriteStream } from 'node:fs';
import * as memfs from '@jsonjoy.com/fs-node/lib/volume.js';
import { abortError } from './errors.ts';
import type { FaceState } from './face-state.ts';

type StreamClass<Stream> = new (volume: unknown, path: unknown, options?: unknown) => Stream;

/** memfs's stream classes take any object with the callback calls; its types leave them out. */
const classes = memfs as unknown as {
  readonly ReadStream: StreamClass<ReadStream>;
  readonly WriteStream: StreamClass<WriteStream>;
};

/** A stream of a file's bytes. Models ReadStream in Node's lib/internal/fs/streams.js. */
export function createReadStream(state: FaceState, path: unknown, options?: unknown): ReadStream {
  state.guard?.();
  return abortable(new classes.ReadStream(state.fs, path, withoutSignal(options)), options);
}

/** A stream into a file. Models WriteStream in Node's lib/internal/fs/streams.js. */
export function createWriteStream(state: FaceState, path: unknown, options?: unknown): WriteStream {
  state.guard?.();
  return abortable(new classes.WriteStream(state.fs, path, withoutSignal(options)), options);
}

function signalOf(options: unknown): AbortSignal | undefined {
  if (typeof options !== 'object' || options === null || !('signal' in options)) return undefined;
  return options.signal instanceof AbortSignal ? options.signal : undefined;
}

function withoutSignal(options: unknown): unknown {
  if (signalOf(options) === undefined) return options;
  return { ...(options as object), signal: undefined };
}

/** Destroys a stream when its signal is aborted; memfs does not look at signals. */
function abortable<Stream extends ReadStream | WriteStream>(
  stream: Stream,
  options: unknown,
): Stream {
  const signal = signalOf(options);
  if (signal === undefined) return stream;
  const destroy = (): void => {
    stream.destroy(abortError(signal));
  };
  if (signal.aborted) queueMicrotask(destroy);
  else signal.addEventListener('abort', destroy, { once: true });
  return stream;
}

/** `fs.ReadStream` or `fs.WriteStream`: a class whose streams are of one face. */
export function streamClass(state: FaceState, name: keyof typeof classes): unknown {
  const Base = classes[name] as StreamClass<object>;
  return class extends Base {
    constructor(path: unknown, options?: unknown) {
      super(state.fs, path, options);
    }
  };
}
