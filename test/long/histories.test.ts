import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraries, checkHistory } from '../../src/testing/index.ts';

/** Another one each time; a failure says it, and prints a document that replays the history. */
const seed = Number(process.env['HISTORY_SEED'] ?? Date.now() % 0x7fffffff);
const COUNT = 1000;

test.each(['fifo', 'random'] as const)(
  `1,000 histories of 60 actions, seed ${seed} (%s)`,
  (order) => {
    const histories = arbitraries.history({ steps: 60, order });
    let count = 0;
    for (const history of fc.sample(histories, { seed, numRuns: COUNT })) {
      checkHistory(history);
      count++;
    }
    expect(count).toBe(COUNT);
  },
);
