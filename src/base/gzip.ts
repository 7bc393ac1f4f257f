/*
 * gzip without a library: the kubelet packs logs in the middle of a step, and the browser's own packer only works asynchronously.
 * Models RFC 1951 and RFC 1952, with one block of fixed codes, and the header that Go's compress/gzip writes.
 */

const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/** Shortest and longest piece that is not written again, and how far back it may be. */
const SHORTEST = 3;
const LONGEST = 258;
const WINDOW = 32_768;
const HASH_BITS = 15;

/** Packs bytes as gzip(1) does. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const out = new BitWriter(HEADER, bytes.length);
  out.bits(0b011, 3); // the last block, with fixed codes
  deflate(bytes, out);
  literal(out, END);
  out.align();
  out.word(crc32(bytes));
  out.word(bytes.length);
  return out.done();
}

/** Each piece that was there before becomes a pointer to it, where the last one that begins alike is found by a hash. */
function deflate(bytes: Uint8Array, out: BitWriter): void {
  const heads = new Int32Array(1 << HASH_BITS).fill(-1);
  for (let at = 0; at < bytes.length; ) {
    const found = at + SHORTEST <= bytes.length ? exchange(heads, bytes, at) : -1;
    const length = found >= 0 && at - found <= WINDOW ? common(bytes, found, at) : 0;
    if (length < SHORTEST) {
      literal(out, bytes[at] ?? 0);
      at++;
    } else {
      pointer(out, length, at - found);
      at += length;
    }
  }
}

/** Where the same three bytes, or some with their hash, were seen last; `at` is where they are now. */
function exchange(heads: Int32Array, bytes: Uint8Array, at: number): number {
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const hash = Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS);
  const found = heads[hash] ?? -1;
  heads[hash] = at;
  return found;
}

function common(bytes: Uint8Array, from: number, at: number): number {
  const most = Math.min(LONGEST, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length++;
  return length;
}

/** The symbol after the last byte. */
const END = 256;

/** Models the fixed codes of RFC 1951, 3.2.6. */
function literal(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function pointer(out: BitWriter, length: number, distance: number): void {
  if (length === LONGEST) literal(out, 285);
  else {
    const { symbol, extra, value } = bucket(length - SHORTEST, 4);
    literal(out, 257 + symbol);
    out.bits(value, extra);
  }
  const { symbol, extra, value } = bucket(distance - 1, 2);
  out.code(symbol, 5);
  out.bits(value, extra);
}

/** Buckets of values: so many for each number of extra bits, the first two numbers being the same. Models 3.2.5. */
function bucket(
  value: number,
  perBit: number,
): { readonly symbol: number; readonly extra: number; readonly value: number } {
  if (value < perBit * 2) return { symbol: value, extra: 0, value: 0 };
  const extra = 31 - Math.clz32(value / perBit);
  const size = 2 ** extra;
  return { symbol: perBit * extra + Math.floor(value / size), extra, value: value % size };
}

/** Bytes that grow, filled bit by bit, the lowest first. */
class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #pending = 0;
  #count = 0;

  constructor(start: readonly number[], expected: number) {
    this.#bytes = new Uint8Array(start.length + 64 + Math.ceil(expected / 4));
    for (const byte of start) this.#byte(byte);
  }

  /** The lowest bits of a value. */
  bits(value: number, count: number): void {
    this.#pending |= value << this.#count;
    this.#count += count;
    for (; this.#count >= 8; this.#count -= 8) {
      this.#byte(this.#pending & 0xff);
      this.#pending >>>= 8;
    }
  }

  /** A code, its highest bit first. */
  code(value: number, length: number): void {
    let turned = 0;
    for (let bit = 0; bit < length; bit++) turned |= ((value >> bit) & 1) << (length - 1 - bit);
    this.bits(turned, length);
  }

  /** What follows starts with a byte of its own. */
  align(): void {
    if (this.#count > 0) this.bits(0, 8 - this.#count);
  }

  /** Four bytes, the lowest first. */
  word(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.#byte((value >>> shift) & 0xff);
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}

const CRC_TABLE: Readonly<Uint32Array> = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
