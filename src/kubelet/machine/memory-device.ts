import type { Device } from '../../kernel/index.ts';

const PAGE = 4096;

/** A block device of zeroes that keeps what is written to it, page by page. Bytes beyond its size are not taken. */
export class MemoryDevice implements Device {
  readonly size: number;
  readonly #pages = new Map<number, Uint8Array>();

  /** @param size in bytes */
  constructor(size: number) {
    this.size = size;
  }

  read(into: Uint8Array, position: number): number {
    return this.#each(into, position, (part, page, at) => {
      const bytes = this.#pages.get(page);
      if (bytes === undefined) part.fill(0);
      else part.set(bytes.subarray(at, at + part.length));
    });
  }

  write(from: Uint8Array, position: number): number {
    return this.#each(from, position, (part, page, at) => {
      let bytes = this.#pages.get(page);
      if (bytes === undefined) {
        bytes = new Uint8Array(PAGE);
        this.#pages.set(page, bytes);
      }
      bytes.set(part, at);
    });
  }

  #each(
    buffer: Uint8Array,
    position: number,
    use: (part: Uint8Array, page: number, at: number) => void,
  ): number {
    const length = Math.max(0, Math.min(buffer.length, this.size - position));
    for (let done = 0; done < length; ) {
      const page = Math.floor((position + done) / PAGE);
      const at = (position + done) % PAGE;
      const count = Math.min(PAGE - at, length - done);
      use(buffer.subarray(done, done + count), page, at);
      done += count;
    }
    return length;
  }
}
