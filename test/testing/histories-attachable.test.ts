import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHistory, runHistory } from '../../src/testing/index.ts';
import { attachableHistory, parts } from './attachable.ts';

const SEED = 20240101;

test.each(['fifo', 'random'] as const)(
  'disks that move between two nodes, grow, and are given as devices (%s)',
  (order) => {
    const histories = fc.sample(attachableHistory({ order }), { seed: SEED, numRuns: 15 });
    for (const history of histories) checkHistory(history, parts);
    expect(histories.length).toBe(15);
  },
);

test('they reach what they are for', () => {
  const seen = new Set<string>();
  for (const history of fc.sample(attachableHistory(), { seed: SEED, numRuns: 15 })) {
    for (const record of runHistory(history, parts).cluster.trace.records) {
      if (record.type === 'volume') seen.add(`${record.operation} ${record.error ? 'no' : 'ok'}`);
      else if (record.type === 'operation') seen.add(`${record.operation} ${record.state}`);
      else if (record.type === 'event') seen.add(record.message.split(' for ')[0] ?? '');
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'Attach ok',
      'Detach ok',
      'MapPodDevice ok',
      'MountDevice ok',
      'Multi-Attach error',
      'NodeExpandVolume no',
      'NodeExpandVolume ok',
      'UnmountDevice ok',
      'map_volume failed',
      'volume_fs_resize done',
      'volume_mount failed',
    ]),
  );
});
