import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { config, secret, threeVolumes } from './scenario.ts';

/** Steps that a day takes with so many idle pods. */
function stepsOfADay(pods: number): number {
  const cluster = createCluster({
    nodes: [{ name: 'node-1', capacity: { pods: '2000', cpu: '2000' } }],
    trace: 'off',
  });
  cluster.settle();
  cluster.apply([config, secret]);
  for (let i = 0; i < pods; i++) cluster.apply(threeVolumes(`p-${i}`));
  cluster.settle();
  expect(cluster.list('Pod').every(({ status }) => status?.phase === 'Running')).toBe(true);
  const before = cluster.steps;
  cluster.advance('24h');
  return cluster.steps - before;
}

test('an idle day takes as many steps with 1,000 Pods as with 10', () => {
  expect(stepsOfADay(1000)).toBe(stepsOfADay(10));
});

test('a settled cluster takes no steps', () => {
  const cluster = createCluster();
  cluster.settle();
  const before = cluster.now.getTime();
  expect(cluster.settle()).toMatchObject({ steps: 0, idle: true });
  expect(cluster.now.getTime()).toBe(before);
});
