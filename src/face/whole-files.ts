import { Buffer } from 'node:buffer';
import { dataToBuffer } from '@jsonjoy.com/fs-core';
import {
  bufferToEncoding,
  getAppendFileOpts,
  getReadFileOptions,
  getWriteFileOptions,
} from '@jsonjoy.com/fs-node';
import { asNodeError } from './errors.ts';
import { type FaceState, fileOf } from './face-state.ts';
import { openFile, writeAll } from './open-files.ts';
import type { OpenFile } from './system.ts';
import { sys } from './system.ts';

/** What is read at once from a file whose size says nothing, as Node does for fifos. */
const chunkSize = 65536;

export function readFileSync(state: FaceState, path: unknown, options?: unknown): string | Buffer {
  const { flag, encoding } = getReadFileOptions(options);
  if (typeof path === 'number') return decoded(readRest(fileOf(state, path, 'read')), encoding);
  const file = openFile(state, path, flag, undefined);
  try {
    return decoded(readRest(file), encoding);
  } finally {
    sys.close(file);
  }
}

export function writeFileSync(
  state: FaceState,
  path: unknown,
  data: unknown,
  options?: unknown,
): void {
  put(state, path, data, getWriteFileOptions(options));
}

export function appendFileSync(
  state: FaceState,
  path: unknown,
  data: unknown,
  options?: unknown,
): void {
  const given = getAppendFileOpts(options);
  put(state, path, data, { ...given, flag: given.flag ?? 'a' });
}

/** The file as a `Blob`, read now. Models openAsBlob of Node, which reads when the blob is read. */
export function openAsBlobSync(state: FaceState, path: unknown, options?: BlobOptions): Blob {
  const bytes = readFileSync(state, path) as Buffer;
  return new Blob([new Uint8Array(bytes)], options);
}

/** The options of `openAsBlob`: a MIME type. */
export interface BlobOptions {
  readonly type?: string;
}

function readRest(file: OpenFile): Buffer {
  try {
    const known = sys.fstat(file).size - file.position;
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, known));
    const read = known > 0 ? sys.read(file, buffer, 0, known) : 0;
    if (known > 0) return read === known ? buffer : buffer.subarray(0, read);
    return readUnsized(file);
  } catch (error) {
    throw asNodeError(error, 'read');
  }
}

function readUnsized(file: OpenFile): Buffer {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = new Uint8Array(chunkSize);
    const read = sys.read(file, part, 0, part.length);
    if (read === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, read));
  }
}

function decoded(bytes: Buffer, encoding: string | null | undefined): string | Buffer {
  return bufferToEncoding(bytes, encoding as BufferEncoding) as string | Buffer;
}

interface PutOptions {
  readonly flag?: unknown;
  readonly mode?: unknown;
  readonly encoding?: unknown;
}

function put(state: FaceState, path: unknown, data: unknown, options: PutOptions): void {
  const bytes = dataToBuffer(data as string, options.encoding as BufferEncoding);
  if (typeof path === 'number') {
    writeAll(fileOf(state, path, 'write'), bytes);
    return;
  }
  const file = openFile(state, path, options.flag ?? 'w', options.mode);
  try {
    writeAll(file, bytes);
  } finally {
    sys.close(file);
  }
}
