import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';

/**
 * The lines of a stream, as Node's `readline.Interface` gives them to `for await`; ends of lines are LF, CR LF or CR.
 */
export class Lines extends EventEmitter implements AsyncIterable<string> {
  readonly #source: AsyncIterable<unknown>;
  #closed = false;

  constructor(source: AsyncIterable<unknown>) {
    super();
    this.#source = source;
  }

  /** Stops before the next line. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.#source) {
      if (this.#closed) return;
      rest += typeof chunk === 'string' ? chunk : decoder.decode(asBytes(chunk), { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest.replace(/\r$/, '');
    this.close();
  }
}

function asBytes(chunk: unknown): Uint8Array {
  return chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
}
