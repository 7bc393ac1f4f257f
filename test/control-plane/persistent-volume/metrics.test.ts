import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';

const HOST_PATH = 'kubernetes.io/host-path';

const volume = (name: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: `/tmp/${name}` },
    ...spec,
  },
});

const claim = (name: string, storageClassName = ''): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName,
  },
});

const storageClass = (provisioner: string, more: object = {}): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'gold', ...more },
  provisioner,
});

function withClass(provisioner = HOST_PATH, options: ClusterOptions = {}): Cluster {
  const cluster = createCluster({ enableHostPathProvisioner: true, ...options });
  cluster.apply(storageClass(provisioner));
  return cluster;
}

/** Series of the families whose names begin so. */
function series(cluster: Cluster, name: string): string[] {
  return cluster.metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith(name));
}

describe('claims and volumes', () => {
  test('bound or not, by class and plugin', () => {
    const cluster = createCluster();
    expect(series(cluster, 'pv_collector')).toEqual([]);
    cluster.apply([
      volume('a', { storageClassName: 'gold' }),
      volume('b', { storageClassName: 'gold', volumeMode: 'Block' }),
      volume('c', { hostPath: undefined, csi: { driver: 'd.example.com', volumeHandle: 'h' } }),
      claim('one', 'gold'),
      claim('two'),
      claim('three', 'silver'),
    ]);
    cluster.settle();
    expect(series(cluster, 'pv_collector')).toEqual([
      'pv_collector_bound_pv_count{storage_class=""} 1',
      'pv_collector_bound_pv_count{storage_class="gold"} 1',
      'pv_collector_bound_pvc_count{namespace="default",storage_class="",volume_attributes_class=""} 1',
      'pv_collector_bound_pvc_count{namespace="default",storage_class="gold",volume_attributes_class=""} 1',
      'pv_collector_total_pv_count{plugin_name="N/A",volume_mode="Filesystem"} 1',
      'pv_collector_total_pv_count{plugin_name="kubernetes.io/host-path",volume_mode="Block"} 1',
      'pv_collector_total_pv_count{plugin_name="kubernetes.io/host-path",volume_mode="Filesystem"} 1',
      'pv_collector_unbound_pv_count{storage_class="gold"} 1',
      'pv_collector_unbound_pvc_count{namespace="default",storage_class="silver",volume_attributes_class=""} 1',
    ]);
    cluster.delete('PersistentVolumeClaim', 'two');
    cluster.settle();
    expect(cluster.metrics.value('pv_collector_bound_pv_count')).toBe(1);
    expect(cluster.metrics.value('pv_collector_unbound_pv_count', { storage_class: '' })).toBe(1);
  });

  test.each([
    ['1.9', []],
    ['1.19', ['unbound_pv_count{storage_class=""} 1', 'unbound_pvc_count{namespace="default"} 1']],
    [
      '1.30',
      [
        'total_pv_count{plugin_name="kubernetes.io/host-path",volume_mode="Filesystem"} 1',
        'unbound_pv_count{storage_class=""} 1',
        'unbound_pvc_count{namespace="default"} 1',
      ],
    ],
  ])('%s', (kubernetesVersion, expected) => {
    const cluster = createCluster({ kubernetesVersion });
    cluster.apply([volume('a'), claim('one', 'silver')]);
    cluster.settle();
    const found = series(cluster, 'pv_collector');
    expect(found).toEqual(expected.map((line) => `pv_collector_${line}`));
  });
});

describe('volumes that are made and deleted', () => {
  const total = (cluster: Cluster, operation_name: string): (number | undefined)[] =>
    ['_count', '_sum'].map((part) =>
      cluster.metrics.value(`volume_operation_total_seconds${part}`, {
        operation_name,
        plugin_name: HOST_PATH,
      }),
    );
  const calls = (cluster: Cluster, operation_name: string, status: string): number | undefined =>
    cluster.metrics.value('storage_operation_duration_seconds_count', {
      operation_name,
      status,
      volume_plugin: HOST_PATH,
    });
  const errors = (cluster: Cluster, operation_name: string): number | undefined =>
    cluster.metrics.value('volume_operation_total_errors', {
      operation_name,
      plugin_name: HOST_PATH,
    });

  test('from the first attempt until the claim is bound', () => {
    const cluster = withClass();
    cluster.faults.fail('Provision', { times: 2, error: 'no room' });
    cluster.apply(claim('data', 'gold'));
    cluster.advance('1m');
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Bound');
    expect(total(cluster, 'provision')).toEqual([1, 30]);
    expect(errors(cluster, 'provision')).toBe(2);
    expect(calls(cluster, 'volume_provision', 'fail-unknown')).toBe(2);
    expect(calls(cluster, 'volume_provision', 'success')).toBe(1);
  });

  test('from the release until the object is gone', () => {
    const cluster = withClass();
    cluster.apply(claim('data', 'gold'));
    cluster.settle();
    cluster.faults.fail('Delete', { times: 1, error: 'busy' });
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.advance('1m');
    expect(cluster.list('PersistentVolume')).toEqual([]);
    expect(total(cluster, 'delete')[0]).toBe(1);
    expect(errors(cluster, 'delete')).toBe(1);
    expect(calls(cluster, 'volume_delete', 'fail-unknown')).toBe(1);
    expect(calls(cluster, 'volume_delete', 'success')).toBeGreaterThan(0);
  });

  test('by an external provisioner, too', () => {
    const cluster = withClass('example.com/disk');
    cluster.apply(claim('data', 'gold'));
    cluster.settle();
    cluster.advance('10s');
    cluster.apply(volume('made', { storageClassName: 'gold' }));
    cluster.advance('1m');
    const labels = { plugin_name: 'example.com/disk', operation_name: 'provision' };
    expect(cluster.metrics.value('volume_operation_total_seconds_count', labels)).toBe(1);
    expect(cluster.metrics.value('volume_operation_total_seconds_sum', labels)).toBeGreaterThan(9);
  });

  test('a volume that was there was not made', () => {
    const cluster = createCluster();
    cluster.apply([volume('a'), claim('data')]);
    cluster.settle();
    expect(series(cluster, 'volume_operation')).toEqual([]);
  });
});

test('claims that are given the default class later on', () => {
  const names = ['total', 'errors_total'].map((name) => `retroactive_storageclass_${name}`);
  const counts = (cluster: Cluster) => names.map((name) => cluster.metrics.value(name));
  const mark = { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };
  const without = { ...claim('data') } as { spec: { storageClassName?: string } };
  delete without.spec.storageClassName;
  const cluster = createCluster();
  expect(counts(cluster)).toEqual([0, 0]);
  cluster.apply(without);
  cluster.settle();
  cluster.faults.fail('UpdatePersistentVolumeClaim', { times: 1, error: 'too busy' });
  cluster.apply(storageClass('example.com/disk', mark));
  cluster.advance('1m');
  expect(counts(cluster)).toEqual([2, 1]);
  expect(counts(createCluster({ kubernetesVersion: '1.25' }))).toEqual([undefined, undefined]);
});

test('claims of generic ephemeral volumes', () => {
  const names = ['create_total', 'create_failures_total'].map(
    (name) => `ephemeral_volume_controller_${name}`,
  );
  const counts = (cluster: Cluster) => names.map((name) => cluster.metrics.value(name));
  const cluster = createCluster();
  cluster.settle();
  expect(counts(cluster)).toEqual([0, 0]);
  cluster.faults.fail('CreatePersistentVolumeClaim', { times: 1, error: 'too busy' });
  const { spec } = claim('') as { spec: object };
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      containers: [{ name: 'c', image: 'busybox' }],
      volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec } } }],
    },
  });
  cluster.advance('1m');
  expect(counts(cluster)).toEqual([2, 1]);
});
