/** `1.5Gi` as an exact number of nano-units, and the suffixes it is written with. */
export interface Quantity {
  /** 10^-9 units. */
  readonly nanos: bigint;
  readonly format: 'BinarySI' | 'DecimalSI' | 'DecimalExponent';
}

const NANO = 1_000_000_000n;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const SHAPE = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+|)$/;
const LIMIT = ((1n << 63n) - 1n) * NANO;

/** What the API says of a text that is no quantity. */
export const QUANTITY_ERROR: string =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/**
 * Reads a quantity: `500m`, `1.5Gi`, `1e3`. Undefined when it is none. Finer than nano is rounded away from zero, more than
 * 2^63-1 is that. Models apimachinery's pkg/api/resource/quantity.go.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [, sign, digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const read = scaled(BigInt(`${whole}${fraction}` || '0'), suffix, fraction.length);
  if (!read) return undefined;
  const nanos = read.nanos > LIMIT ? LIMIT : read.nanos;
  return { nanos: sign === '-' ? -nanos : nanos, format: read.format };
}

interface Unit {
  readonly nanos: bigint;
  readonly format: Quantity['format'];
}

/** How many nanos a suffix stands for. */
const UNITS: Readonly<Record<string, Unit>> = Object.fromEntries([
  ...BINARY.slice(1).map((suffix, power) => {
    return [suffix, { nanos: NANO * 1024n ** BigInt(power + 1), format: 'BinarySI' }] as const;
  }),
  ...DECIMAL.map((suffix, power) => {
    return [suffix, { nanos: 1000n ** BigInt(power), format: 'DecimalSI' }] as const;
  }),
]);

function scaled(mantissa: bigint, suffix: string, decimals: number): Quantity | undefined {
  const unit = UNITS[suffix];
  const exponent = unit ? 0 : Number(suffix.slice(1));
  if (Math.abs(exponent) > 1000) return undefined;
  const value = mantissa * (unit?.nanos ?? NANO);
  const format = unit?.format ?? 'DecimalExponent';
  const shift = exponent - decimals;
  if (shift === 0) return { nanos: value, format };
  if (shift > 0) return { nanos: value * 10n ** BigInt(shift), format };
  return { nanos: ceiling(value, 10n ** BigInt(-shift)), format };
}

function ceiling(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

/** The canonical text: no fraction, the largest suffix that allows that. */
export function formatQuantity({ nanos, format }: Quantity): string {
  const negative = nanos < 0n;
  const magnitude = negative ? -nanos : nanos;
  const sign = negative ? '-' : '';
  if (magnitude === 0n) return '0';
  if (format === 'BinarySI' && magnitude >= 1024n * NANO) {
    return `${sign}${binaryText(ceiling(magnitude, NANO))}`;
  }
  return `${sign}${decimalText(magnitude, format === 'DecimalExponent')}`;
}

function binaryText(units: bigint): string {
  let [rest, power] = [units, 0];
  while (rest % 1024n === 0n && power < 6) [rest, power] = [rest / 1024n, power + 1];
  return `${rest}${BINARY[power]}`;
}

function decimalText(nanos: bigint, exponent: boolean): string {
  let [rest, power] = [nanos, 0];
  while (rest % 1000n === 0n && power < 9) [rest, power] = [rest / 1000n, power + 1];
  if (!exponent) return `${rest}${DECIMAL[power]}`;
  return power === 3 ? String(rest) : `${rest}e${3 * (power - 3)}`;
}

const MILLIS: Readonly<Record<string, number>> = {
  m: 1,
  '': 1e3,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  T: 1e15,
  Ki: 1e3 * 2 ** 10,
  Mi: 1e3 * 2 ** 20,
  Gi: 1e3 * 2 ** 30,
  Ti: 1e3 * 2 ** 40,
};
const [ZERO, NINE] = [0x30, 0x39];

/** Thousandths of what is commonly written: digits and a suffix. Undefined for anything else. No slow arithmetic for these. */
function plainMillis(text: string): number | undefined {
  let [at, digits] = [0, 0];
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) break;
    digits = digits * 10 + code - ZERO;
  }
  const suffix = text.slice(at);
  if (at === 0 || suffix.length > 2 || !Object.hasOwn(MILLIS, suffix)) return undefined;
  const millis = digits * (MILLIS[suffix] ?? Number.NaN);
  return millis <= Number.MAX_SAFE_INTEGER ? millis : undefined;
}

/** Whether a text is one. */
export function isQuantity(text: string): boolean {
  return plainMillis(text) !== undefined || parseQuantity(text) !== undefined;
}

/** Whole units, rounded up; for bytes. NaN for what is no quantity. */
export function quantityValue(text: string): number {
  const plain = plainMillis(text);
  if (plain !== undefined) return Math.ceil(plain / 1000);
  const quantity = parseQuantity(text);
  if (!quantity) return Number.NaN;
  const { nanos } = quantity;
  return Number(nanos >= 0n ? ceiling(nanos, NANO) : nanos / NANO);
}

/** Thousandths, rounded up; for CPUs. NaN for what is no quantity. */
export function quantityMilliValue(text: string): number {
  const plain = plainMillis(text);
  if (plain !== undefined) return plain;
  const quantity = parseQuantity(text);
  if (!quantity) return Number.NaN;
  const { nanos } = quantity;
  return Number(nanos >= 0n ? ceiling(nanos, 1_000_000n) : nanos / 1_000_000n);
}

/** Order of two quantities; what is no quantity counts as 0. */
export function compareQuantities(a: string, b: string): number {
  const [some, other] = [plainMillis(a), plainMillis(b)];
  if (some !== undefined && other !== undefined) return Math.sign(some - other);
  const [left, right] = [parseQuantity(a)?.nanos ?? 0n, parseQuantity(b)?.nanos ?? 0n];
  return left < right ? -1 : left > right ? 1 : 0;
}
