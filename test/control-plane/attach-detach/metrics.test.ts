import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/index.ts';
import { cloudCluster, podOn } from './cloud.ts';

const FORCED = 'attach_detach_controller_attachdetach_controller_forced_detaches';

function total(cluster: Cluster): (number | undefined)[] {
  return ['desired_state_of_world', 'actual_state_of_world'].map((state) =>
    cluster.metrics.value('attachdetach_controller_total_volumes', { state }),
  );
}

function operations(cluster: Cluster, operation: string, status: string): number | undefined {
  return cluster.metrics.value('storage_operation_duration_seconds_count', {
    operation_name: operation,
    status,
  });
}

test('volumes of both worlds, and operations on them', () => {
  const { cluster } = cloudCluster();
  cluster.settle();
  expect(total(cluster)).toEqual([undefined, undefined]);
  const fault = cluster.faults.fail('Attach', { times: 1 });
  cluster.apply(podOn('a', 'p'));
  cluster.advance('1m');
  fault.unsubscribe();
  expect(total(cluster)).toEqual([1, 1]);
  const inUse = 'storage_count_attachable_volumes_in_use';
  const labels = { node: 'a', volume_plugin: 'test.example/disk' };
  expect(cluster.metrics.value(inUse, labels)).toBe(1);
  expect(operations(cluster, 'volume_attach', 'fail-unknown')).toBe(1);
  expect(operations(cluster, 'volume_attach', 'success')).toBe(1);
  cluster.delete('Pod', 'p');
  cluster.settle();
  expect(total(cluster)).toEqual([undefined, undefined]);
  expect(cluster.metrics.value(inUse)).toBe(undefined);
  expect(operations(cluster, 'volume_detach', 'success')).toBe(1);
  expect(cluster.metrics.value(FORCED)).toBe(undefined);
});

test('a detach by force says why', () => {
  const { cluster } = cloudCluster();
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  cluster.node('a').kubelet.stop();
  cluster.edit('Node', 'a', ({ spec }) => {
    if (!spec) return;
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' } as const;
    spec.taints = [...(spec.taints ?? []), taint];
  });
  cluster.delete('Pod', 'p', { force: true, gracePeriodSeconds: 0 });
  cluster.settle();
  expect(cluster.metrics.value(FORCED, { reason: 'out-of-service' })).toBe(1);
});
