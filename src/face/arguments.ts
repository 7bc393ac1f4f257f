import { Buffer } from 'node:buffer';
import { getValidCopyFileMode } from '@jsonjoy.com/fs-node/lib/cp.js';
import { flagsToNumber, modeToNumber } from '@jsonjoy.com/fs-node/lib/util.js';
import { invalidArgType, invalidArgValue } from '@jsonjoy.com/fs-node-utils/lib/argErrors.js';
import {
  validateAbortSignal,
  validateInt32,
  validateInteger,
} from '@jsonjoy.com/fs-node-utils/lib/validators.js';

/** What an `options` argument may have in every call. */
export interface CommonOptions {
  readonly encoding?: BufferEncoding | 'buffer' | null;
  readonly signal?: AbortSignal;
}

const ownerMax = 2 ** 32 - 1;
const synchronous = 0o4010000;

/**
 * An `options` argument: an object as it is, a string as its encoding; a function (the callback) or nothing is none.
 *
 * Models getOptions of Node's lib/internal/fs/utils.js.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE for an unknown encoding.
 */
export function optionsOf<Options extends object>(given: unknown): CommonOptions & Options {
  if (given === undefined || given === null || typeof given === 'function') return {} as Options;
  const options = (typeof given === 'string' ? { encoding: given } : given) as Options &
    CommonOptions;
  if (typeof options !== 'object') {
    throw invalidArgType('options', 'one of type string or object', given);
  }
  demandEncoding(options.encoding);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options;
}

function demandEncoding(encoding: unknown): void {
  if (!encoding || encoding === 'buffer' || Buffer.isEncoding(encoding as string)) return;
  throw invalidArgValue('encoding', encoding, 'is invalid encoding');
}

/** Permission bits: a number, or octal digits. @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE */
export function permissionsOf(mode: unknown, fallback?: number): number {
  return modeToNumber((mode ?? undefined) as number | undefined, fallback) & 0o7777;
}

/** The bits of access(2). @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function accessBits(mode: unknown): number {
  return getValidCopyFileMode(mode);
}

/** The flags of open(2), `r` by default. @throws ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE */
export function openFlags(flags: unknown): number {
  if (flags === undefined || flags === null) return 0;
  if (typeof flags === 'number') {
    validateInt32(flags, 'flags');
    return flags;
  }
  const appending = typeof flags === 'string' && /^(as|sa)(\+?)$/.exec(flags);
  if (appending) return flagsToNumber(`a${appending[2]}`) | synchronous;
  return flagsToNumber(flags as string);
}

/** A user and a group, -1 for as it is; so is 2^32 - 1 for chown(2). @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function ownersOf(uid: unknown, gid: unknown): [uid: number, gid: number] {
  validateInteger(uid, 'uid', -1, ownerMax);
  validateInteger(gid, 'gid', -1, ownerMax);
  return [uid === ownerMax ? -1 : (uid as number), gid === ownerMax ? -1 : (gid as number)];
}

/** The length of a file; less than none is none. Bytes. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function lengthOf(length: unknown): number {
  validateInteger(length, 'len');
  return Math.max(0, length as number);
}

/** A time in seconds, as a number, digits or a Date: milliseconds. @throws ERR_INVALID_ARG_TYPE */
export function millisecondsOf(time: unknown, name = 'time'): number {
  if (time instanceof Date) return time.getTime();
  const seconds = typeof time === 'string' ? Number(time) : time;
  if (typeof seconds === 'number' && Number.isFinite(seconds))
    return Math.round(seconds * 1e6) / 1e3;
  throw invalidArgType(name, 'an instance of Date or an Time in seconds', time);
}

/** An `fd` that Node's JavaScript checks. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function demandDescriptor(fd: unknown): void {
  validateInt32(fd, 'fd', 0);
}

/** Whether a path argument is a descriptor: any 32-bit integer. */
export function isDescriptor(path: unknown): path is number {
  return typeof path === 'number' && path === (path | 0);
}

/** The bytes under a view, not copied. */
export function bytesUnder(view: ArrayBufferView): Uint8Array {
  if (view instanceof Uint8Array) return view;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The bytes of a `data` argument. @throws ERR_INVALID_ARG_TYPE */
export function bytesOf(data: unknown, encoding: CommonOptions['encoding']): Uint8Array {
  if (ArrayBuffer.isView(data)) return bytesUnder(data);
  if (typeof data === 'string') return Buffer.from(data, (encoding || 'utf8') as BufferEncoding);
  const expected = 'of type string or an instance of Buffer, TypedArray, or DataView';
  throw invalidArgType('data', expected, data);
}

/** What bytes are in the encoding asked for. @throws ERR_UNKNOWN_ENCODING for `buffer`, as Node does. */
export function decoded(bytes: Buffer, encoding: CommonOptions['encoding']): string | Buffer {
  if (!encoding) return bytes;
  if (encoding !== 'buffer') return bytes.toString(encoding);
  const error = new TypeError('Unknown encoding: buffer');
  throw Object.assign(error, { code: 'ERR_UNKNOWN_ENCODING' });
}
