/** The alphabet of names that Kubernetes makes up: no vowels, so that no words appear. Models apimachinery's util/rand. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * Chance that depends on the seed, a purpose, a stable name and a counter of its own, and on nothing else: one more Pod or
 * a refused request shifts nobody else's uid or jitter.
 */
export class Random {
  readonly seed: number;
  readonly #streams = new Map<string, RandomStream>();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The stream of a purpose ('uid', 'jitter', …) and a name. Asked again, it goes on where it was. */
  stream(purpose: string, key: string): RandomStream {
    const name = `${purpose}\u0000${key}`;
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = new RandomStream(this.seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** A stream that is not kept: the same numbers each time it is made. */
  fresh(purpose: string, key: string): RandomStream {
    return new RandomStream(this.seed, `${purpose}\u0000${key}`);
  }
}

/** A sequence of numbers, by hash of the stream's name and a counter. */
export class RandomStream {
  readonly #high: number;
  readonly #low: number;
  #count = 0;

  constructor(seed: number, name: string) {
    [this.#high, this.#low] = hash(name, seed);
  }

  /** An unsigned 32-bit number. */
  next32(): number {
    const at = this.#count++;
    return mix((mix((this.#low + Math.imul(at, 0x9e3779b9)) >>> 0) ^ this.#high) >>> 0);
  }

  /** A number in [0, 1). */
  next(): number {
    return (this.next32() * 0x200000 + (this.next32() >>> 11)) / 0x20000000000000;
  }

  /** A whole number in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** As many lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += hexOf(this.next32());
    return text.length === digits ? text : text.slice(0, digits);
  }

  /** A suffix of a made-up name, as `generateName` appends: 5 characters unless told otherwise. */
  suffix(length = 5): string {
    let text = '';
    for (let i = 0; i < length; i++) text += NAME_ALPHABET[this.integer(NAME_ALPHABET.length)];
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const h = this.hex(32);
    const variant = ((Number.parseInt(h.charAt(16), 16) & 3) | 8).toString(16);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
  }
}

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Eight digits of a 32-bit number. */
function hexOf(value: number): string {
  const high = `${BYTES[value >>> 24]}${BYTES[(value >>> 16) & 255]}`;
  return `${high}${BYTES[(value >>> 8) & 255]}${BYTES[value & 255]}`;
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Two 32-bit halves over a text's code units and a seed. */
function hash(text: string, seed: number): [number, number] {
  let a = mix((seed >>> 0) ^ 0xdeadbeef);
  let b = mix((Math.floor(seed / 0x100000000) >>> 0) ^ 0x41c6ce57);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = mix((a ^ (b >>> 15)) >>> 0);
  b = mix((b ^ a) >>> 0);
  return [a, b];
}
