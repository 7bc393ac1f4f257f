import { OperationError } from '../base/index.ts';

const SCALE: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity in its base unit, rounded up; 0 when absent. Throws an OperationError for one that cannot be read. */
export function amountOf(quantity: string | number | undefined): number {
  return Math.ceil(parse(quantity));
}

/** A quantity in thousandths, rounded up; 0 when absent. */
export function milliAmountOf(quantity: string | number | undefined): number {
  return Math.ceil(parse(quantity) * 1000);
}

/** So many percent of an amount, in whole units. The kubelet reckons in single precision: 10% of 1Gi are 107374184. */
export function shareOf(amount: number, percent: string): number {
  return Math.trunc(amount * Math.fround(Math.fround(Number(percent)) / 100));
}

function parse(quantity: string | number | undefined): number {
  if (quantity === undefined) return 0;
  const match = /^([+-]?[0-9.]+)(?:e([+-]?\d+))?([numkMGTPE]?i?)$/i.exec(String(quantity));
  const scale = SCALE[match?.[3] ?? ''];
  if (!match || scale === undefined) {
    throw new OperationError(`quantities must match the regular expression: ${quantity}`);
  }
  return Number(match[1]) * 10 ** Number(match[2] ?? 0) * scale;
}
