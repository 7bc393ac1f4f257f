import { Buffer } from 'node:buffer';
import { dataToBuffer } from '@jsonjoy.com/fs-core';
import { abortError } from './errors.ts';

/**
 * What `promises.writeFile` writes: data as it is, or all that an iterable, an async iterable or a stream gives.
 *
 * @throws AbortError when the options' signal is aborted meanwhile.
 */
export async function collect(data: unknown, options?: unknown): Promise<unknown> {
  if (!isIterable(data)) return data;
  const { encoding, signal } = partsOf(options);
  const parts: Buffer[] = [];
  for await (const part of data) {
    if (signal?.aborted) throw abortError(signal);
    parts.push(dataToBuffer(part as string, encoding));
  }
  return Buffer.concat(parts);
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data;
}

function partsOf(options: unknown): {
  encoding: BufferEncoding;
  signal: AbortSignal | undefined;
} {
  if (typeof options === 'string')
    return { encoding: options as BufferEncoding, signal: undefined };
  const given = (options ?? {}) as { encoding?: BufferEncoding | null; signal?: AbortSignal };
  return { encoding: given.encoding ?? 'utf8', signal: given.signal };
}
