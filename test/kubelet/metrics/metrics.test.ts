import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';
import { type NamedVolume, podWith } from '../../objects.ts';

const EMPTY_DIR = 'kubernetes.io/empty-dir';

const pod = (name: string, volumes: NamedVolume[], spec: object = {}): object =>
  podWith(volumes, { name, spec });

const cache = { name: 'cache', emptyDir: {} };
const config = { name: 'config', configMap: { name: 'settings' } };

function start(options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  return cluster;
}

/** The lines of one name, without its family's comments. */
function lines(cluster: Cluster, name: string): string[] {
  return cluster.metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe('volumes of the volume manager', () => {
  test('by plugin and state; of the actual state only what is mounted', () => {
    const cluster = start();
    cluster.apply([pod('a', [cache]), pod('b', [cache, config])]);
    cluster.settle();
    const total = 'volume_manager_total_volumes';
    expect(lines(cluster, total)).toEqual([
      `${total}{plugin_name="kubernetes.io/configmap",state="desired_state_of_world"} 1`,
      `${total}{plugin_name="${EMPTY_DIR}",state="actual_state_of_world"} 2`,
      `${total}{plugin_name="${EMPTY_DIR}",state="desired_state_of_world"} 2`,
    ]);
    cluster.delete('Pod', 'a');
    cluster.delete('Pod', 'b');
    cluster.advance('1m');
    expect(lines(cluster, total)).toEqual([]);
  });
});

describe('operations on volumes', () => {
  const duration = 'storage_operation_duration_seconds_count';

  test('are counted with their outcome', () => {
    const cluster = start();
    cluster.apply([pod('a', [cache]), pod('b', [config])]);
    cluster.advance('2s');
    const count = (labels: Record<string, string>) => cluster.metrics.value(duration, labels);
    expect(count({ operation_name: 'volume_mount', volume_plugin: EMPTY_DIR })).toBe(1);
    const failed = { volume_plugin: 'kubernetes.io/configmap', status: 'fail-unknown' };
    expect(count(failed)).toBe(cluster.events({ reason: 'FailedMount' })[0]?.count);
    cluster.delete('Pod', 'a');
    cluster.settle();
    expect(lines(cluster, duration)).toContain(
      `${duration}{migrated="false",operation_name="volume_unmount",status="success",volume_plugin="${EMPTY_DIR}"} 1`,
    );
  });

  test('take virtual time, and fall into upstream’s buckets', () => {
    const cluster = start();
    cluster.faults.delay('SetUp', { by: '3s' });
    cluster.apply(pod('a', [cache]));
    cluster.settle();
    const mount = { operation_name: 'volume_mount' };
    const bucket = (le: string) =>
      cluster.metrics.value('storage_operation_duration_seconds_bucket', { ...mount, le });
    expect([bucket('2.5'), bucket('5'), bucket('+Inf')]).toEqual([0, 1, 1]);
    expect(cluster.metrics.value('storage_operation_duration_seconds_sum', mount)).toBe(3);
    const total = { operation_name: 'overall_volume_mount' };
    expect(cluster.metrics.value('volume_operation_total_seconds_count', total)).toBe(1);
    expect(cluster.metrics.value('volume_operation_total_seconds_sum', total)).toBe(3);
  });

  test('1.21 and 1.22 had both, the counters and the label', () => {
    for (const [kubernetesVersion, both] of [
      ['1.21', true],
      ['1.22', true],
      ['1.23', false],
    ] as const) {
      const cluster = start({ kubernetesVersion });
      cluster.apply([pod('a', [cache]), pod('b', [config])]);
      cluster.advance('1s');
      const failures = cluster.metrics.value(duration, { status: 'fail-unknown' });
      expect(failures).toBeGreaterThan(0);
      const counted = both ? failures : undefined;
      expect(cluster.metrics.value('storage_operation_errors_total')).toBe(counted);
      const outcome = { status: 'success' };
      const done = both ? cluster.metrics.value(duration, outcome) : undefined;
      expect(cluster.metrics.value('storage_operation_status_count', outcome)).toBe(done);
    }
  });

  test('a change of owner is one of its own, under the name of the version', () => {
    const names = ['1.17', '1.18', '1.22', '1.23', '1.34'].map((kubernetesVersion) => {
      const cluster = start({ kubernetesVersion });
      cluster.apply([pod('a', [cache], { securityContext: { fsGroup: 2000 } }), pod('b', [cache])]);
      cluster.settle();
      const old = { operation_name: 'volume_fsgroup_recursive_apply' };
      const now = { operation_name: 'volume_apply_access_control' };
      return [old, now].map((labels) => cluster.metrics.value(duration, labels));
    });
    const old = [1, undefined];
    const now = [undefined, 1];
    expect(names).toEqual([[undefined, undefined], old, old, now, now]);
  });

  test('had other names until 1.20', () => {
    const cluster = start({ kubernetesVersion: '1.19' });
    cluster.apply([pod('a', [cache]), pod('b', [config])]);
    cluster.advance('1s');
    const failed = 'storage_operation_errors_total';
    const labels = 'operation_name="volume_mount",volume_plugin="kubernetes.io/configmap"';
    expect(lines(cluster, failed)).toEqual([
      `${failed}{${labels}} ${cluster.events({ reason: 'FailedMount' })[0]?.count}`,
    ]);
    const verified = `${duration}{operation_name="verify_controller_attached_volume"`;
    expect(lines(cluster, duration)).toEqual([
      `${verified},volume_plugin="kubernetes.io/configmap"} 1`,
      `${verified},volume_plugin="${EMPTY_DIR}"} 1`,
      `${duration}{operation_name="volume_mount",volume_plugin="${EMPTY_DIR}"} 1`,
    ]);
    expect(start().metrics.text()).not.toContain(failed);
  });
});

describe('what else a kubelet counts', () => {
  test('what was found on the disk: since 1.27', () => {
    for (const [kubernetesVersion, told] of [
      ['1.26', false],
      ['1.27', true],
    ] as const) {
      const text = start({ kubernetesVersion }).metrics.text();
      const names = ['reconstruct_volume_', 'force_cleaned_', 'kubelet_orphan_pod_'];
      expect(names.map((name) => text.includes(name))).toEqual(names.map(() => told));
    }
  });

  test('volumes found on the disk after a restart; everything else begins anew', () => {
    const cluster = start();
    cluster.apply([pod('a', [cache]), pod('b', [cache])]);
    cluster.settle();
    const found = 'reconstruct_volume_operations_total';
    expect(cluster.metrics.value(found)).toBe(0);
    cluster.node().kubelet.restart();
    cluster.settle();
    expect(cluster.metrics.value(found)).toBe(2);
    expect(cluster.metrics.value('reconstruct_volume_operations_errors_total')).toBe(0);
    const mounts = { operation_name: 'volume_mount' };
    expect(cluster.metrics.value('storage_operation_duration_seconds_count', mounts)).toBe(2);
  });

  test('volumes that nobody understands are torn down by force', () => {
    const cluster = start();
    cluster.node().kubelet.stop();
    const path =
      '/var/lib/kubelet/pods/11111111-1111-4111-8111-111111111111/volumes/example~none/x';
    cluster.node().fs.mkdirSync(path, { recursive: true });
    cluster.node().kubelet.start();
    cluster.settle();
    expect(cluster.metrics.value('reconstruct_volume_operations_errors_total')).toBe(1);
    expect(cluster.metrics.value('force_cleaned_failed_volume_operations_total')).toBe(1);
    expect(cluster.metrics.value('force_cleaned_failed_volume_operation_errors_total')).toBe(1);
  });

  test('orphaned pods of the last sweep, for as long as it was the last', () => {
    const cluster = start();
    const uid = '11111111-1111-4111-8111-111111111111';
    const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir`;
    cluster.node().kubelet.stop();
    cluster.node().fs.mkdirSync(path, { recursive: true });
    cluster.node().fs.writeFileSync(`${path}/stray`, '');
    cluster.node().kubelet.start();
    const sweep = () =>
      ['', '_errors'].map((end) =>
        cluster.metrics.value(`kubelet_orphan_pod_cleaned_volumes${end}`),
      );
    expect(cluster.runUntil(() => sweep()[1] === 1, { within: '1m' })).toBe(true);
    cluster.node().fs.unlinkSync(`${path}/stray`);
    expect(cluster.runUntil(() => sweep().join() === '1,0', { within: '1m' })).toBe(true);
    cluster.advance('10s');
    expect(sweep()).toEqual([0, 0]);
  });

  test('orphaned pods whose volumes are still to be unmounted stay in it', () => {
    const cluster = start();
    cluster.apply(pod('a', [cache]));
    cluster.settle();
    cluster.node().kubelet.stop();
    cluster.delete('Pod', 'a', { force: true });
    const held = cluster.faults.hold('TearDown');
    cluster.node().kubelet.start();
    const sweep = () =>
      ['', '_errors'].map((end) =>
        cluster.metrics.value(`kubelet_orphan_pod_cleaned_volumes${end}`),
      );
    cluster.advance('1m');
    expect(sweep()).toEqual([1, 1]);
    held.unsubscribe();
    cluster.advance('1m');
    expect(sweep()).toEqual([0, 0]);
  });

  test('a kubelet that does not run tells nothing; of several, each says whose it is', () => {
    const cluster = start({ nodes: ['a', 'b'] });
    const found = 'reconstruct_volume_operations_total';
    expect(lines(cluster, found)).toEqual([`${found}{node="a"} 0`, `${found}{node="b"} 0`]);
    cluster.node('a').kubelet.stop();
    expect(lines(cluster, found)).toEqual([`${found}{node="b"} 0`]);
  });
});

describe('how full the volumes of claims are', () => {
  const volume = (name: string, source: object) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...source },
  });
  const claim = (volumeName: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `claim-${volumeName}` },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      volumeName,
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const uses = (name: string) => ({
    name,
    persistentVolumeClaim: { claimName: `claim-${name}` },
  });

  test.each([
    ['1.21', []],
    ['1.22', [`capacity_bytes ${2 ** 21}`, 'available_bytes 0', 'used_bytes 0', 'inodes 0']],
  ])('of a device its size, since 1.22: %s', (kubernetesVersion, told) => {
    const cluster = start({ kubernetesVersion, nodes: ['node-1'] });
    cluster.node().mknod('/dev/vdb', { type: 'block', size: '2Mi' });
    const block = { volumeMode: 'Block' };
    const disk = claim('disk');
    const key = 'kubernetes.io/hostname';
    const terms = [{ matchExpressions: [{ key, operator: 'In', values: ['node-1'] }] }];
    const nodeAffinity = { required: { nodeSelectorTerms: terms } };
    const devices = { volumeMounts: [], volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }] };
    cluster.apply([
      volume('disk', { ...block, local: { path: '/dev/vdb' }, nodeAffinity }),
      { ...disk, spec: { ...disk.spec, ...block } },
    ]);
    cluster.advance('1m');
    cluster.apply([podWith([uses('disk')], { container: devices })]);
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    const names = ['capacity_bytes', 'available_bytes', 'used_bytes', 'inodes'];
    const values = names.flatMap((name) => {
      const value = cluster.metrics.value(`kubelet_volume_stats_${name}`);
      return value === undefined ? [] : [`${name} ${value}`];
    });
    expect(values).toEqual(told);
  });

  test('as statfs says, once for each claim; a hostPath cannot be asked', () => {
    const cluster = start({
      nodes: [
        {
          name: 'node-1',
          capacity: { ephemeralStorage: '1Gi' },
          files: { '/srv/disk/x': '', '/srv/host/x': '' },
        },
      ],
    });
    const terms = [
      { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] },
    ];
    cluster.apply([
      volume('disk', {
        local: { path: '/srv/disk' },
        nodeAffinity: { required: { nodeSelectorTerms: terms } },
      }),
      volume('host', { hostPath: { path: '/srv/host' } }),
      claim('disk'),
      claim('host'),
      pod('a', [uses('disk'), uses('host')]),
      pod('b', [uses('disk')]),
    ]);
    cluster.settle();
    const name = 'kubelet_volume_stats_capacity_bytes';
    const { blocks, bsize } = cluster.node().fs.statfsSync('/');
    expect(blocks * bsize).toBe(2 ** 30);
    expect(lines(cluster, name)).toEqual([
      `${name}{namespace="default",persistentvolumeclaim="claim-disk"} 1.073741824e+09`,
    ]);
    const used = () => cluster.metrics.value('kubelet_volume_stats_used_bytes') ?? 0;
    const before = used();
    cluster
      .pod('a')
      .container()
      .fs.writeFileSync('/disk/big', Buffer.alloc(2 ** 20));
    expect(used() - before).toBe(2 ** 20);
  });
});
