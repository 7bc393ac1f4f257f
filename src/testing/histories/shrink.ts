import { type History, type HistoryResult, runHistory } from './run.ts';
import type { HistoryParts } from './world.ts';

/** Whether a history ends the same way: with the same invariant, or with an error where there was one. */
function sameEnd(a: HistoryResult, b: HistoryResult): boolean {
  return a.violations[0]?.id === b.violations[0]?.id && 'error' in a === 'error' in b;
}

/**
 * A shorter history that fails in the same way: pieces are left out, larger ones first, as long as it still does.
 * `runs`: how many are tried at most; default 200.
 */
export function shrinkHistory(
  history: History,
  { runs = 200, parts = {} }: { readonly runs?: number; readonly parts?: HistoryParts } = {},
): { history: History; result: HistoryResult } {
  const wanted = runHistory(history, parts);
  let best = { history, result: wanted };
  let left = runs;
  for (let size = Math.ceil(history.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.history.steps.length && left > 0; left--) {
      const steps = best.history.steps.filter((_, i) => i < at || i >= at + size);
      const shorter = { ...history, steps };
      const result = runHistory(shorter, parts);
      if (sameEnd(result, wanted)) best = { history: shorter, result };
      else at += size;
    }
  }
  return best;
}
