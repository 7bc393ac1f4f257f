import { gzipSync } from 'fflate/browser';

/** Where a header says which system wrote it, and how hard it tried. */
const OS = 9;
const EXTRA = 8;

/** Packs bytes as Go's compress/gzip does: without a time, by an unknown system. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { mtime: 0 });
  packed[EXTRA] = 0;
  packed[OS] = 0xff;
  return packed;
}
