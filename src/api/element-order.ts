import { deepEqual } from './freeze.ts';

/** What identifies an entry of a list: its key's value, or the entry itself. */
export type Identify = (entry: unknown) => unknown;

/**
 * A list in the order that a patch asks for: entries of the patch in its order, the others among them where the live list has them, as
 * far as both can be kept. An entry that is new comes before what it is not compared with. Models normalizeElementOrder and
 * mergeSortedSlice of apimachinery's util/strategicpatch.
 */
export function inElementOrder(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  liveOrder: readonly unknown[],
  identify: Identify,
): unknown[] {
  const place = (order: readonly unknown[], entry: unknown): number =>
    order.findIndex((other) => deepEqual(identify(other), identify(entry)));
  const by = (order: readonly unknown[]) => (a: unknown, b: unknown) =>
    place(order, a) - place(order, b);
  const ofPatch = merged.filter((entry) => place(patchOrder, entry) >= 0).sort(by(patchOrder));
  const others = merged.filter((entry) => place(patchOrder, entry) < 0).sort(by(liveOrder));
  const comesFirst = (other: unknown, patched: unknown): boolean => {
    const [a, b] = [place(liveOrder, other), place(liveOrder, patched)];
    return a >= 0 && b >= 0 && a < b;
  };
  const out: unknown[] = [];
  for (const entry of ofPatch) {
    while (others.length > 0 && comesFirst(others[0], entry)) out.push(others.shift());
    out.push(entry);
  }
  return [...out, ...others];
}
