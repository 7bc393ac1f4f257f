import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { stepsOfADay } from './idle-day.ts';

// With 1,000 in the long tests: a step for each Pod, or for some, would show with these already.
test('an idle day takes as many steps with 150 Pods as with 10', () => {
  expect(stepsOfADay(150)).toBe(stepsOfADay(10));
});

test('a settled cluster takes no steps', () => {
  const cluster = createCluster();
  cluster.settle();
  const before = cluster.now.getTime();
  expect(cluster.settle()).toMatchObject({ steps: 0, idle: true });
  expect(cluster.now.getTime()).toBe(before);
});
