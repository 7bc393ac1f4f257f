import { describe, expect, test } from 'vitest';
import { allPlugins, type VolumePlugin } from '../../../plugins/index.ts';
import { textOf } from '../../../src/base/index.ts';
import { type Cluster, createCluster } from '../../../src/index.ts';
import { getxattr } from '../../../src/kernel/sys.ts';
import { podWith, volumeAndClaim } from '../../objects.ts';
import { makeRig, podObject, withVolume } from '../harness.ts';
import { growing } from './growing.ts';

const LABEL = 'system_u:object_r:container_file_t:s0:c1,c2';
const OTHER = 'system_u:object_r:container_file_t:s0:c3,c4';

/** A node with SELinux, and a claim of one Pod whose type mounts with a label; the labels that it was given. */
function labelled(options: { seLinux?: boolean; modes?: string[]; version?: string } = {}): {
  cluster: Cluster;
  labels: (string | undefined)[];
} {
  const { seLinux = true, modes = ['ReadWriteOncePod'], version = 'all' } = options;
  const labels: (string | undefined)[] = [];
  const plugin: Partial<VolumePlugin> = {
    supports: { seLinux: true },
    deviceName: () => 'disk',
    reconstruct: () => undefined,
    deviceMounter: {
      *mountDevice({ dir, seLinuxLabel }) {
        labels.push(seLinuxLabel);
        if (!dir.exists()) yield* dir.create(0o750);
      },
      *unmountDevice({ dir }) {
        yield* dir.removeAll();
      },
    },
  };
  const cluster = createCluster({
    nodes: [{ name: 'node-1', seLinux }],
    plugins: [...allPlugins, growing([], plugin)],
    kubernetesVersion: version,
  });
  cluster.apply(
    volumeAndClaim(
      { awsElasticBlockStore: { volumeID: 'v' } },
      { volume: 'pv-1', claim: 'data', spec: { accessModes: modes } },
    ),
  );
  cluster.settle();
  return { cluster, labels };
}

function podOf(name: string, level: string | undefined, more: object = {}): object {
  const securityContext = { ...(level && { seLinuxOptions: { level } }), ...more };
  const spec = { nodeName: 'node-1', securityContext };
  const persistentVolumeClaim = { claimName: 'data' };
  const mount = { mountPath: '/data' };
  return podWith([{ name: 'v', persistentVolumeClaim }], { name, mount, spec });
}

describe('1.3 a volume that is mounted with an SELinux label', () => {
  test('gets that of the Pod, where one Pod has it alone, or since 1.37 in any case, and the node has SELinux', () => {
    const seen = [
      {},
      { seLinux: false },
      { modes: ['ReadWriteOnce'] },
      { modes: ['ReadWriteOnce'], version: '1.36' },
      { modes: ['ReadWriteOncePod'], level: undefined },
      { modes: ['ReadWriteOncePod'], policy: 'Recursive' },
    ].map((one) => {
      const { cluster, labels } = labelled(one);
      const policy = 'policy' in one ? { seLinuxChangePolicy: one.policy } : {};
      cluster.apply(podOf('p', 'level' in one ? one.level : 's0:c1,c2', policy));
      cluster.settle();
      expect(cluster.pod('p').phase).toBe('Running');
      return labels;
    });
    const without = [undefined];
    expect(seen).toEqual([[LABEL], without, [LABEL], without, without, without]);
  });

  test('containers of a Pod that differ keep it from starting', () => {
    const { cluster } = labelled();
    const pod = podOf('p', 's0:c1,c2') as { spec: { containers: object[] } };
    const [first] = pod.spec.containers;
    const securityContext = { seLinuxOptions: { level: 's0:c3,c4' } };
    pod.spec.containers.push({ ...first, name: 'd', securityContext });
    cluster.apply(pod);
    cluster.settle();
    expect(cluster.events({ involved: 'Pod/p', reason: 'FailedMount' })[0]?.message).toBe(
      `Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: volume v is used with two different SELinux contexts in the same pod: "${LABEL}", "${OTHER}"`,
    );
  });

  test('another Pod with another label waits until it is unmounted, device and all', () => {
    const { cluster, labels } = labelled();
    cluster.apply(podOf('p', 's0:c1,c2'));
    cluster.settle();
    cluster.faults.delay('TearDown', { by: '5s' });
    cluster.apply(podOf('q', 's0:c3,c4'));
    cluster.delete('Pod', 'p');
    cluster.advance('2s');
    const [first] = cluster.events({ involved: 'Pod/q', reason: 'FailedMount' });
    expect(first?.message).toBe(
      `Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: conflicting SELinux labels of volume pv-1: "${LABEL}" and "${OTHER}"`,
    );
    cluster.advance('1m');
    expect(cluster.pod('q').phase).toBe('Running');
    expect(labels).toEqual([LABEL, OTHER]);
  });
});

test('1.3 a volume that is still mounted with the label of a Pod that has ended', () => {
  const { cluster, labels } = labelled();
  cluster.apply(podOf('p', 's0:c1,c2'));
  cluster.settle();
  const fault = cluster.faults.hold('TearDown');
  cluster.delete('Pod', 'p');
  cluster.settle();
  cluster.apply(podOf('q', 's0:c3,c4'));
  cluster.settle();
  const [first] = cluster.events({ involved: 'Pod/q', reason: 'FailedMount' });
  expect(first?.message).toBe(
    'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[]: waiting for unmount of volume "test.example/growing/disk", because it is already mounted to a different pod with a different SELinux label',
  );
  fault.unsubscribe();
  cluster.advance('1m');
  expect(cluster.pod('q').phase).toBe('Running');
  expect(labels).toEqual([LABEL, OTHER]);
});

test('a Windows node has no SELinux, whatever its options say', () => {
  const rig = makeRig({ node: { os: 'windows', seLinux: true } });
  rig.kubelet.start();
  rig.create(
    podObject('p', {
      ...withVolume({ emptyDir: {} }, { mountPath: 'C:\\v' }),
      securityContext: { seLinuxOptions: { level: 's0:c1,c2' } },
    }),
  );
  rig.settle();
  expect(rig.pod('p').status?.phase).toBe('Running');
  const { uid } = rig.pod('p').metadata;
  const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/v`;
  expect(() => getxattr(rig.machine.root.caller, path, 'security.selinux')).toThrow('ENODATA');
});

test('2.3 the runtime labels what the kubelet owns; a hostPath it leaves alone', () => {
  const rig = makeRig({ node: { seLinux: true } });
  rig.machine.fs.mkdirSync('/data');
  rig.kubelet.start();
  const volumes = [
    { name: 'own', emptyDir: {} },
    { name: 'host', hostPath: { path: '/data' } },
  ];
  const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
  rig.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      nodeName: 'n1',
      securityContext: { seLinuxOptions: { level: 's0:c1,c2' } },
      containers: [{ name: 'c', image: 'busybox', volumeMounts }],
      volumes,
    },
    status: { phase: 'Pending' },
  });
  rig.settle();
  const { uid } = rig.pod('p').metadata;
  const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/own`;
  const { caller } = rig.machine.root;
  expect(textOf(getxattr(caller, path, 'security.selinux'))).toBe(`${LABEL}\0`);
  expect(() => getxattr(caller, '/data', 'security.selinux')).toThrow('ENODATA');
});

describe('6 what of labels fits is counted', () => {
  const NAME = 'volume_manager_selinux_';
  const gauges = (cluster: Cluster): string[] =>
    cluster.metrics.families
      .filter(({ name, type }) => name.startsWith(NAME) && type === 'gauge')
      .flatMap(({ samples }) => samples)
      .filter(({ value }) => value > 0)
      .map(({ name, labels, value }) =>
        [name.slice(NAME.length), ...Object.values(labels), value].join(' '),
      );

  test.each([
    [['ReadWriteOncePod'], '1.34', 'errors_total test.example/growing RWOP'],
    [['ReadWriteOnce', 'ReadWriteMany'], '1.34', 'warnings_total test.example/growing RWX'],
    [['ReadWriteOncePod'], '1.29', 'errors_total test.example/growing'],
    [['ReadWriteOncePod'], '1.28', 'errors_total'],
  ])('two Pods that differ: %j in %s', (modes, version, end) => {
    const { cluster } = labelled({ modes, version });
    cluster.apply(podOf('p', 's0:c1,c2'));
    cluster.settle();
    const admitted = `volumes_admitted_total${end.slice(end.indexOf('_total') + 6)} 1`;
    expect(gauges(cluster)).toEqual([admitted]);
    // The API server would not have two of them.
    cluster.restore({ ...podOf('q', 's0:c3,c4'), status: { phase: 'Pending' } });
    cluster.settle();
    const [mismatch] = gauges(cluster);
    expect(mismatch?.replace(/ \d+$/, '')).toBe(`volume_context_mismatch_${end}`);
  });

  test('a Pod with two; a node without SELinux, and a version without the gate, count nothing', () => {
    const { cluster } = labelled();
    const pod = podOf('p', 's0:c1,c2') as { spec: { containers: object[] } };
    const [first] = pod.spec.containers;
    const other = { seLinuxOptions: { level: 's0:c3,c4' } };
    pod.spec.containers.push({ ...first, name: 'd', securityContext: other });
    cluster.apply(pod);
    cluster.settle();
    expect(gauges(cluster)[0]).toMatch(/^pod_context_mismatch_errors_total RWOP \d+$/);
    const { cluster: old } = labelled({ version: '1.29' });
    old.apply(pod);
    old.settle();
    expect(gauges(old)[0]).toMatch(/^pod_context_mismatch_errors_total \d+$/);
    expect(gauges(labelled({ seLinux: false }).cluster)).toEqual([]);
    expect(
      labelled({ version: '1.24', modes: ['ReadWriteOnce'] }).cluster.metrics.text(),
    ).not.toContain(NAME);
  });

  test('a Pod without a label, nothing', () => {
    const { cluster } = labelled();
    cluster.apply(podOf('p', undefined));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(gauges(cluster)).toEqual([]);
  });

  test('those without labels of their own are there from the beginning', () => {
    const names = ['1.28', '1.29', '1.30'].map((version) =>
      labelled({ version })
        .cluster.metrics.text()
        .split('\n')
        .filter((line) => line.startsWith(NAME))
        .map((line) => line.slice(NAME.length)),
    );
    const pods = ['container', 'pod_context_mismatch'].flatMap((name) => [
      `${name}_errors_total 0`,
      `${name}_warnings_total 0`,
    ]);
    const volumes = [
      'volume_context_mismatch_errors_total 0',
      'volume_context_mismatch_warnings_total 0',
    ];
    expect(names).toEqual([[...pods, ...volumes, 'volumes_admitted_total 0'], pods, []]);
  });
});
