import { Buffer } from 'node:buffer';
import {
  validateBoolean,
  validateObject,
  validateString,
} from '@jsonjoy.com/fs-node-utils/lib/validators.js';
import {
  bytesOf,
  type CommonOptions,
  decoded,
  demandDescriptor,
  isDescriptor,
  optionsOf,
} from './arguments.ts';
import { asNodeError } from './errors.ts';
import { type FaceState, fileOf } from './face-state.ts';
import { openFile, writeAll } from './open-files.ts';
import { toPath } from './paths.ts';
import type { OpenFile } from './system.ts';
import { sys } from './system.ts';

/** What is read at once from a file whose size says nothing, as Node does for fifos. */
const chunkSize = 65536;

/** The options of `readFile`, `writeFile` and `appendFile`. */
export interface WholeFileOptions {
  readonly flag?: unknown;
  readonly mode?: unknown;
  /** Is done anyway: fsync(2) has nothing to do here. */
  readonly flush?: unknown;
}

export function readFileSync(state: FaceState, path: unknown, options?: unknown): string | Buffer {
  const { flag, encoding } = optionsOf<WholeFileOptions>(options);
  if (isDescriptor(path)) {
    demandDescriptor(path);
    const syscall = encoding === 'utf8' || encoding === 'utf-8' ? 'read' : 'fstat';
    return decoded(readRest(fileOf(state, path, syscall)), encoding);
  }
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
  put(state, path, data, optionsOf<WholeFileOptions>(options), 'w');
}

export function appendFileSync(
  state: FaceState,
  path: unknown,
  data: unknown,
  options?: unknown,
): void {
  put(state, path, data, optionsOf<WholeFileOptions>(options), 'a');
}

/** The file as a `Blob`, read now. Models openAsBlob of Node, which reads when the blob is read. */
export function openAsBlobSync(state: FaceState, path: unknown, options: BlobOptions = {}): Blob {
  validateObject(options, 'options');
  const { type = '' } = options;
  validateString(type, 'options.type');
  const name = toPath(path);
  try {
    return new Blob([new Uint8Array(readFileSync(state, name) as Buffer)], { type });
  } catch {
    const error = new TypeError('Unable to open file as blob');
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
  }
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

function put(
  state: FaceState,
  path: unknown,
  data: unknown,
  options: WholeFileOptions & CommonOptions,
  flag: string,
): void {
  validateBoolean(options.flush ?? false, 'options.flush');
  const bytes = bytesOf(data, options.encoding);
  if (isDescriptor(path)) {
    writeAll(fileOf(state, path, 'write'), bytes);
    return;
  }
  const file = openFile(state, path, options.flag || flag, options.mode);
  try {
    writeAll(file, bytes);
  } finally {
    sys.close(file);
  }
}
