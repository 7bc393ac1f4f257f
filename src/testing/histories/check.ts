import { type History, type HistoryResult, runHistory } from './run.ts';
import { shrinkHistory } from './shrink.ts';
import type { HistoryParts } from './world.ts';

/** A history in which something was not as it always has to be. */
export class HistoryError extends Error {
  override readonly name: string = 'HistoryError';
  readonly #result: HistoryResult;
  /** A document of kind Simulation that replays it. */
  readonly document: string;

  constructor({ history, result }: { history: History; result: HistoryResult }) {
    const { error, document } = result;
    super(
      [
        'error' in result ? `the simulator threw ${String(error)}` : 'an invariant does not hold',
        ...result.violations.map(
          ({ id, message, at }) => `${id} at ${at.toISOString()}: ${message}`,
        ),
        `${history.steps.length} steps; kubelet-volumes run replays it from this file:`,
        '',
        document,
      ].join('\n'),
    );
    this.#result = result;
    this.document = document;
  }

  /** What came of it. */
  get result(): HistoryResult {
    return this.#result;
  }
}

/** Plays a history; throws a HistoryError with the shortest one found that fails in the same way. */
export function checkHistory(history: History, parts: HistoryParts = {}): void {
  const result = runHistory(history, parts);
  if (result.violations.length === 0 && !('error' in result)) return;
  throw new HistoryError(shrinkHistory(history, { parts }));
}
