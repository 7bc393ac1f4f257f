import { formatQuantity, parseQuantity } from '../../base/index.ts';

const MILLI = 1_000_000n;

/** Amounts finer than thousandths are rounded up, in place. Models SetDefaults_ResourceList. */
export function roundUpAmounts(amounts: Record<string, string> | undefined): void {
  if (!amounts) return;
  for (const [name, text] of Object.entries(amounts)) {
    // Only the suffixes of small amounts say that there is something to round.
    if (!/[nu]$|e-/.test(text)) continue;
    const read = parseQuantity(text);
    if (read) amounts[name] = formatQuantity({ ...read, nanos: roundUp(read.nanos) });
  }
}

/** Away from zero. */
function roundUp(nanos: bigint): bigint {
  if (nanos < 0n) return -roundUp(-nanos);
  return ((nanos + MILLI - 1n) / MILLI) * MILLI;
}
