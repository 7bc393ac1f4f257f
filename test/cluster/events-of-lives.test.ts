import { expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    containers: [{ name: 'main', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', configMap: { name: 'missing' } }],
  },
};

const counts = (world: Cluster, reason: string): (number | undefined)[] =>
  world.events({ involved: 'Pod/p', reason }).map(({ count }) => count);

/* Each process has an EventCorrelator of its own (client-go's tools/record), which dies with it. */
test('a kubelet that starts again tells anew what it told before', () => {
  const world = createCluster();
  world.settle();
  world.apply(pod);
  world.advance('10s');
  const before = counts(world, 'FailedMount');
  expect(before).toHaveLength(1);
  expect(before[0]).toBeGreaterThan(1);
  world.node().kubelet.restart();
  world.advance('10s');
  const [first, again, ...rest] = counts(world, 'FailedMount');
  expect(rest).toEqual([]);
  expect(first).toBe(before[0]);
  expect(again).toBeGreaterThan(0);
});

test('a controller that dies does, too', () => {
  const world = createCluster();
  world.settle();
  const failing = world.faults.fail('Bind', { error: 'timeout' });
  world.apply(pod);
  world.advance('3s');
  const before = counts(world, 'FailedScheduling');
  expect(before).toHaveLength(1);
  failing.unsubscribe();
  world.faults.crash('Bind', { times: 1 });
  world.faults.fail('Bind', { error: 'timeout' });
  world.advance('1m');
  expect(counts(world, 'FailedScheduling')).toHaveLength(2);
});
