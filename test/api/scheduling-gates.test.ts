import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

test('a Pod with scheduling gates says so, until the last one is gone', () => {
  const cluster = createCluster();
  cluster.settle();
  const spec = {
    automountServiceAccountToken: false,
    schedulingGates: [{ name: 'example.com/later' }],
    containers: [{ name: 'c', image: 'busybox' }],
  };
  cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
  cluster.settle();
  expect(cluster.pod('p').conditions).toEqual([
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    },
  ]);
  cluster.edit('Pod', 'p', (pod) => {
    delete pod.spec.schedulingGates;
  });
  cluster.settle();
  const scheduled = cluster.pod('p').conditions.filter(({ type }) => type === 'PodScheduled');
  expect(scheduled).toMatchObject([{ status: 'True' }]);
  expect(cluster.pod('p').phase).toBe('Running');
});
