import type { Buffer } from 'node:buffer';
import { FileHandle as MemfsFileHandle } from '@jsonjoy.com/fs-node';
import { notAborted } from './callback-calls.ts';
import { collect } from './collect.ts';
import type { FaceState } from './face-state.ts';
import { Lines } from './lines.ts';

type Base = ConstructorParameters<typeof MemfsFileHandle>[0];

/**
 * An open file of the promise calls: memfs's, with what it lacks or has wrong.
 *
 * Models FileHandle in Node's lib/internal/fs/promises.js.
 */
export class FileHandle extends MemfsFileHandle {
  constructor(state: FaceState, fd: number) {
    super(state.fs as unknown as Base, fd);
  }

  /** The lines of the file, without their ends; the handle is closed after the last. */
  readLines(options?: object): Lines {
    return new Lines(this.createReadStream(options) as AsyncIterable<unknown>);
  }

  /** Reads from the handle's position to the end. */
  override readFile(
    ...args: Parameters<MemfsFileHandle['readFile']>
  ): ReturnType<MemfsFileHandle['readFile']> {
    return attempt(() => notAborted(args[0], () => super.readFile(...args)));
  }

  /** Writes data, or all that an iterable or a stream gives, at the handle's position. */
  override async writeFile(...args: Parameters<MemfsFileHandle['writeFile']>): Promise<void> {
    const [data, options] = args;
    const bytes = await collect(data, options);
    await notAborted(options, () => super.writeFile(bytes as Buffer, options));
  }
}

async function attempt<Result>(call: () => Promise<Result>): Promise<Result> {
  return await call();
}
