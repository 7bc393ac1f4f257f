import { describe, expect, test } from 'vitest';
import { allPlugins, definePlugin, type VolumePlugin } from '../../plugins/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import type { Expander } from '../../src/plugin/types.ts';

const RESIZER = 'volume.kubernetes.io/storage-resizer';
const OLD_SIZE = 'volume.alpha.kubernetes.io/pre-resize-capacity';

/** A volume type that the controller can make larger. */
function disks(expander: Expander): VolumePlugin {
  return definePlugin<unknown>({
    name: 'test.example/disk',
    source: 'awsElasticBlockStore',
    accessModes: ['ReadWriteOnce'],
    expander,
    *setUp({ dir }) {
      if (!dir.exists()) yield* dir.create(0o777);
    },
    *tearDown({ dir }) {
      if (dir.exists()) yield* dir.removeAll();
    },
  });
}

/** Claim `data` of 1Gi, bound to `pv`. */
function bound(source: object, expander?: Expander, options: ClusterOptions = {}): Cluster {
  const plugins = [...allPlugins, ...(expander ? [disks(expander)] : [])];
  const cluster = createCluster({ plugins, ...options });
  const shared = { accessModes: ['ReadWriteOnce'], storageClassName: 'gold' };
  cluster.apply([
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'gold' },
      provisioner: 'kubernetes.io/no-provisioner',
      allowVolumeExpansion: true,
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: { ...shared, capacity: { storage: '1Gi' }, ...source },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { ...shared, resources: { requests: { storage: '1Gi' } } },
    },
  ]);
  cluster.settle();
  return cluster;
}

const DISK = { awsElasticBlockStore: { volumeID: 'vol-1' } };

function ask(cluster: Cluster, storage: string): void {
  cluster.patch('PersistentVolumeClaim', 'data', {
    spec: { resources: { requests: { storage } } },
  });
  cluster.settle();
}

/** Sizes of volume and claim, how far it is, and conditions. */
function seen(cluster: Cluster): (string | undefined)[] {
  const status = cluster.get('PersistentVolumeClaim', 'data')?.status;
  const storage = 'storage';
  return [
    cluster.get('PersistentVolume', 'pv')?.spec.capacity?.[storage],
    status?.capacity?.[storage],
    status?.allocatedResources?.[storage],
    status?.allocatedResourceStatuses?.[storage],
    (status?.conditions ?? []).map(({ type }) => type).join(),
  ];
}

const told = (cluster: Cluster): string[] =>
  cluster
    .events({ involved: 'PersistentVolumeClaim/data' })
    .filter(({ source }) => source?.component === 'volume_expand')
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

const annotationOf = (cluster: Cluster, kind: 'PersistentVolume' | 'PersistentVolumeClaim') =>
  cluster.get(kind, kind === 'PersistentVolume' ? 'pv' : 'data')?.metadata.annotations ?? {};

describe('a claim that asks for more', () => {
  test.each([
    [
      '1.26',
      "Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC.",
    ],
    ['1.27', 'waiting for an external controller to expand this PVC'],
  ])('%s: nobody here can do it, and that is said once', (kubernetesVersion, message) => {
    const source = { hostPath: { path: '/tmp/pv' } };
    const cluster = bound(source, undefined, { kubernetesVersion });
    expect(told(cluster)).toEqual([]);
    ask(cluster, '2Gi');
    cluster.advance('10m');
    expect(told(cluster)).toEqual([`Warning ExternalExpanding: ${message}`]);
    expect(seen(cluster).slice(0, 2)).toEqual(['1Gi', '1Gi']);
  });

  test('a volume that is as large as the claim wants anyway is left alone', () => {
    const cluster = bound({ hostPath: { path: '/tmp/pv' }, capacity: { storage: '5Gi' } });
    ask(cluster, '2Gi');
    expect(told(cluster)).toEqual([]);
  });

  test('where the controller does all of it, the claim is as large at once', () => {
    const cluster = bound(DISK, {
      *expandVolumeDevice(_, { to }) {
        return to;
      },
    });
    ask(cluster, '2Gi');
    expect(seen(cluster)).toEqual(['2Gi', '2Gi', '2Gi', undefined, '']);
    expect(told(cluster)).toEqual([
      'Normal VolumeResizeSuccessful: ExpandVolume succeeded for volume default/data',
    ]);
    expect(annotationOf(cluster, 'PersistentVolumeClaim')[RESIZER]).toBe('test.example/disk');
  });

  test('a plugin may make it larger than asked', () => {
    const cluster = bound(DISK, { expandVolumeDevice: () => 3 * 2 ** 30 } as unknown as Expander);
    ask(cluster, '2500Mi');
    expect(seen(cluster).slice(0, 2)).toEqual(['3Gi', '3Gi']);
  });

  test('where a node has a part in it, it waits for a Pod', () => {
    const expander: Expander = {
      *expandVolumeDevice(_, { to }) {
        return to;
      },
      *nodeExpand() {},
    };
    const cluster = bound(DISK, expander);
    ask(cluster, '2Gi');
    expect(seen(cluster)).toEqual([
      '2Gi',
      '1Gi',
      '2Gi',
      'NodeResizePending',
      'FileSystemResizePending',
    ]);
    expect(annotationOf(cluster, 'PersistentVolume')[OLD_SIZE]).toBe('1Gi');
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        containers: [
          { name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        ],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
    cluster.settle();
    expect(seen(cluster)).toEqual(['2Gi', '2Gi', '2Gi', undefined, '']);
    expect(annotationOf(cluster, 'PersistentVolume')[OLD_SIZE]).toBeUndefined();
    expect(told(cluster)).toEqual([]);
  });

  test('until 1.31 the claim does not say how far it is', () => {
    const expander: Expander = {
      *expandVolumeDevice(_, { to }) {
        return to;
      },
      *nodeExpand() {},
    };
    const cluster = bound(DISK, expander, { kubernetesVersion: '1.31' });
    ask(cluster, '2Gi');
    expect(seen(cluster)).toEqual(['2Gi', '1Gi', undefined, undefined, 'FileSystemResizePending']);
  });
});

describe('what goes wrong', () => {
  const works: Expander = {
    *expandVolumeDevice(_, { to }) {
      return to;
    },
  };

  test('is said, marked and tried again', () => {
    const cluster = bound(DISK, works);
    const fault = cluster.faults.fail('ExpandVolume', { error: 'no room' });
    ask(cluster, '2Gi');
    expect(seen(cluster)).toEqual([
      '1Gi',
      '1Gi',
      '2Gi',
      'ControllerResizeInProgress',
      'ControllerResizeError',
    ]);
    expect(told(cluster)).toEqual([
      'Warning VolumeResizeFailed: error expanding pvc default/data: no room',
    ]);
    fault.unsubscribe();
    cluster.advance('20m');
    expect(seen(cluster)).toEqual(['2Gi', '2Gi', '2Gi', undefined, '']);
  });

  test('for good: the user may ask for less', () => {
    const cluster = bound(DISK, works);
    const error = { class: 'final', code: 'Infeasible', message: 'too large' } as const;
    const fault = cluster.faults.fail('ExpandVolume', { error });
    ask(cluster, '9Gi');
    expect(seen(cluster)).toEqual([
      '1Gi',
      '1Gi',
      '9Gi',
      'ControllerResizeInfeasible',
      'ControllerResizeError',
    ]);
    fault.unsubscribe();
    ask(cluster, '2Gi');
    cluster.advance('20m');
    expect(seen(cluster)).toEqual(['2Gi', '2Gi', '2Gi', undefined, '']);
  });

  test('in the words of 1.31', () => {
    const cluster = bound(DISK, works, { kubernetesVersion: '1.31' });
    cluster.faults.fail('ExpandVolume', { times: 1, error: 'no room' });
    ask(cluster, '2Gi');
    expect(told(cluster)).toEqual([
      'Warning VolumeResizeFailed: error expanding volume "default/data" of plugin "test.example/disk": no room',
    ]);
    cluster.advance('1m');
    expect(seen(cluster)).toEqual(['2Gi', '2Gi', undefined, undefined, '']);
  });

  test('a controller that dies anywhere goes on where it was', () => {
    for (const step of [
      'ExpandVolume',
      'UpdatePersistentVolume',
      'UpdatePersistentVolumeClaimStatus',
    ]) {
      for (const when of ['before', 'after'] as const) {
        const cluster = bound(DISK, works);
        cluster.faults.crash(step, { times: 1, when });
        ask(cluster, '2Gi');
        cluster.advance('1m');
        expect([step, ...seen(cluster)]).toEqual([step, '2Gi', '2Gi', '2Gi', undefined, '']);
      }
    }
  });
});
