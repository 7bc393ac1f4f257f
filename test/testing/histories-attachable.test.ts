import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHistory, runHistory } from '../../src/testing/index.ts';
import { attachableHistory, parts } from './attachable.ts';

const SEED = 20240101;

/** What such histories are for. */
const REACHED = [
  'Attach ok',
  'Detach ok',
  'MapPodDevice ok',
  'MountDevice ok',
  'Multi-Attach error',
  'NodeExpandVolume ok',
  'UnmountDevice ok',
  'map_volume failed',
  'volume_fs_resize done',
  'volume_mount failed',
];

test('disks that move between two nodes, grow, and are given as devices', () => {
  const seen = new Set<string>();
  for (const history of fc.sample(attachableHistory(), { seed: SEED, numRuns: 40 })) {
    const { violations, error, cluster } = runHistory(history, parts);
    // Made shorter, so that it can be read.
    if (violations.length > 0 || error !== undefined) checkHistory(history, parts);
    for (const record of cluster.trace.records) {
      if (record.type === 'volume') seen.add(`${record.operation} ${record.error ? 'no' : 'ok'}`);
      else if (record.type === 'operation') seen.add(`${record.operation} ${record.state}`);
      else if (record.type === 'event') seen.add(record.message.split(' for ')[0] ?? '');
    }
  }
  expect(REACHED.filter((one) => !seen.has(one))).toEqual([]);
});
