import { Buffer } from 'node:buffer';
import { pathToFilename } from '@jsonjoy.com/fs-core';

/** What `node:fs` takes as a path. */
export type PathLike = string | Uint8Array | URL;

/** How a name or path is to be given back. */
export type NameEncoding = BufferEncoding | 'buffer' | null | undefined;

const escaped = /[\udc80-\udcff]/;
const loneEscapes = /[\udc80-\udcff]/gu;

/**
 * Gives the kernel's form of a path: a string, in which a byte that is not UTF-8 stands as a lone surrogate
 * U+DC80 to U+DCFF, so that any name of Linux can be kept. `name`: of the argument, for errors.
 *
 * @throws Node's own argument errors: ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (a NUL), ERR_INVALID_URL_SCHEME.
 */
export function toPath(path: unknown, name = 'path'): string {
  if (typeof path === 'string' && !path.includes('\0')) return path;
  if (path instanceof Uint8Array && !path.includes(0)) return decode(path);
  return pathToFilename(path as string, name);
}

/** Gives a name or a path in the encoding that the caller asked for. */
export function encodeName(name: string, encoding: NameEncoding): string | Buffer {
  if (encoding === 'buffer') return toBytes(name);
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return printable(name);
  return toBytes(name).toString(encoding);
}

/** The text of a name as Node decodes it: bytes that are not UTF-8 become U+FFFD. */
export function printable(name: string): string {
  return escaped.test(name) ? name.replace(loneEscapes, '\ufffd') : name;
}

function toBytes(name: string): Buffer {
  if (!escaped.test(name)) return Buffer.from(name, 'utf8');
  const parts = name.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part) => {
      const code = part.charCodeAt(0);
      const byte = part.length === 1 && code >= 0xdc80 && code <= 0xdcff;
      return byte ? Buffer.of(code - 0xdc00) : Buffer.from(part, 'utf8');
    }),
  );
}

function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return text.includes('\ufffd') ? decodeEscaping(buffer) : text;
}

function decodeEscaping(buffer: Buffer): string {
  let text = '';
  for (let i = 0; i < buffer.length; ) {
    const length = sequenceLength(buffer[i] ?? 0);
    const part = buffer.subarray(i, i + length);
    const read = part.toString('utf8');
    const valid = length > 0 && Buffer.from(read, 'utf8').equals(part);
    text += valid ? read : String.fromCharCode(0xdc00 + (buffer[i] ?? 0));
    i += valid ? length : 1;
  }
  return text;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}
