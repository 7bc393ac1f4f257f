import { Buffer } from 'node:buffer';
import { bytesOf, optionsOf } from './arguments.ts';
import { abortError } from './errors.ts';

/**
 * What `promises.writeFile` writes: data as it is, or all that an iterable, an async iterable or a stream gives.
 *
 * @throws AbortError when the options' signal is aborted meanwhile.
 */
export async function collect(data: unknown, options?: unknown): Promise<unknown> {
  if (!isIterable(data)) return data;
  const { encoding, signal } = optionsOf(options);
  const parts: Uint8Array[] = [];
  for await (const part of data) {
    if (signal?.aborted) throw abortError(signal);
    parts.push(bytesOf(part, encoding));
  }
  return Buffer.concat(parts);
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data;
}
