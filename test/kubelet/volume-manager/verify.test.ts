import { expect, test } from 'vitest';
import { createCluster } from '../../../src/index.ts';
import { cloudCluster, podOn } from '../../control-plane/attach-detach/cloud.ts';

const DURATION = 'storage_operation_duration_seconds_count';

const verified = (volume_plugin: string, status = 'success') => ({
  operation_name: 'verify_controller_attached_volume',
  volume_plugin,
  status,
});

test('2.1 what needs no attaching is verified, too: once for each volume of each Pod', () => {
  const cluster = createCluster();
  cluster.settle();
  const pod = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  });
  cluster.apply([pod('a'), pod('b')]);
  cluster.settle();
  const labels = verified('kubernetes.io/empty-dir');
  expect(cluster.metrics.value(DURATION, labels)).toBe(2);
  cluster.advance('10m');
  expect(cluster.metrics.value(DURATION, labels)).toBe(2);
});

test('2.1 what the controller attaches is verified once for all Pods of the node', () => {
  const { cluster } = cloudCluster();
  cluster.apply([podOn('a', 'p'), podOn('a', 'q')]);
  cluster.settle();
  expect(cluster.metrics.value(DURATION, verified('test.example/disk'))).toBe(1);
});
