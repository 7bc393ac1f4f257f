import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraries, checkHistory } from '../../src/testing/index.ts';
import { attachableHistory, parts } from '../testing/attachable.ts';

/** Another one each time; a failure says it, and prints a document that replays the history. */
const seed = Number(process.env['HISTORY_SEED'] ?? Date.now() % 0x7fffffff);
const COUNT = 1000;
/** With disks that are attached, grow, and are given as devices. */
const ATTACHABLE = 300;

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

test.each(['fifo', 'random'] as const)(
  `300 histories with attachable disks, seed ${seed} (%s)`,
  (order) => {
    const histories = fc.sample(attachableHistory({ order }), { seed, numRuns: ATTACHABLE });
    for (const history of histories) checkHistory(history, parts);
    expect(histories.length).toBe(ATTACHABLE);
  },
);
