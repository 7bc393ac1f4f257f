import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraries, checkHistory } from '../../src/testing/index.ts';

/** Another one each time; a failure prints it, and a document that replays the history. */
const seed = Number(process.env['HISTORY_SEED'] ?? Date.now() % 0x7fffffff);

test.each(['fifo', 'random'] as const)(
  `1,000 histories of 60 actions, seed ${seed} (%s)`,
  (order) => {
    let count = 0;
    const property = fc.property(arbitraries.history({ steps: 60, order }), (history) => {
      count++;
      checkHistory(history);
    });
    fc.assert(property, { seed, numRuns: 1000, endOnFailure: true });
    expect(count).toBe(1000);
  },
);
