import { expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';

test('1.6 a sync that failed is tried again after 10 to 15 seconds, each time and for each Pod another', () => {
  const cluster = createCluster();
  cluster.settle();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) {
    cluster.faults.fail('mkdir', { pod: name, error: 'no room', times: 2 });
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        automountServiceAccountToken: false,
        containers: [{ name: 'c', image: 'busybox' }],
      },
    });
  }
  cluster.advance('1m');
  const waits = names.flatMap((name) => waitsOf(cluster, name));
  expect(waits).toHaveLength(8);
  for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(10_000);
  for (const wait of waits) expect(wait).toBeLessThan(15_000);
  expect(new Set(waits.map(Math.round)).size).toBe(8);
});

/** Milliseconds between the syncs of a Pod: two that failed, and the one that started its container. */
function waitsOf(cluster: Cluster, name: string): number[] {
  const times = cluster.trace.records.flatMap((record) => {
    const failed =
      record.type === 'event' && record.reason === 'Failed' && record.involved === `Pod/${name}`;
    const started =
      record.type === 'container' && record.state === 'started' && record.pod === name;
    return failed || started ? [record.at.getTime()] : [];
  });
  return times.slice(1).map((at, i) => at - (times[i] ?? 0));
}
