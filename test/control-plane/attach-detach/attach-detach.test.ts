import { describe, expect, test } from 'vitest';
import { createVersionRules } from '../../../src/api/index.ts';
import { multiAttachMessage } from '../../../src/control-plane/attach-detach/multi-attach.ts';
import type { Cluster } from '../../../src/index.ts';
import { cloudCluster, podOn } from './cloud.ts';

const VOLUME = 'test.example/disk/vol-1';
const MULTI = 'Multi-Attach error for volume "pv-1" ';

const attachedTo = (cluster: Cluster, node: string): unknown =>
  cluster.get('Node', node)?.status?.volumesAttached;
const operations = (cluster: Cluster): string[] =>
  cluster.trace.records.flatMap((record) =>
    record.type === 'volume' ? [`${record.operation} ${record.node}`] : [],
  );
const messages = (cluster: Cluster, reason: string): (string | undefined)[] =>
  cluster.events({ reason }).map(({ message }) => message);

/** The power of a node goes, and the cluster has seen that it is gone. */
function lose(cluster: Cluster, node: string): void {
  cluster.node(node).fail();
  cluster.advance('1m');
  const { conditions } = cluster.node(node).object.status ?? {};
  expect(conditions?.find(({ type }) => type === 'Ready')?.status).toBe('Unknown');
}

describe('the handshake', () => {
  test('reported in use, attached, reported, mounted; and back again in reverse', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(cloud.on('vol-1')).toEqual(['a']);
    expect(attachedTo(cluster, 'a')).toEqual([{ name: VOLUME, devicePath: '/dev/disk/vol-1' }]);
    expect(cluster.get('Node', 'a')?.status?.volumesInUse).toEqual([VOLUME]);
    expect(messages(cluster, 'SuccessfulAttachVolume')).toEqual([
      'AttachVolume.Attach succeeded for volume "pv-1" ',
    ]);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual([]);
    expect(attachedTo(cluster, 'a')).toBe(undefined);
    expect(operations(cluster)).toEqual(
      [
        'Attach',
        'WaitForAttach',
        'MountDevice',
        'SetUp',
        'TearDown',
        'UnmountDevice',
        'Detach',
      ].map((operation) => `${operation} a`),
    );
  });

  test('a second Pod of the node shares it; it goes with the last', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply([podOn('a', 'p'), podOn('a', 'q')]);
    cluster.settle();
    cluster.pod('p').container().fs.writeFileSync('/data/x', 'shared');
    expect(cluster.pod('q').container().fs.readFileSync('/data/x', 'utf8')).toBe('shared');
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.delete('Pod', 'q');
    cluster.settle();
    expect(cloud.calls).toEqual(['attach vol-1 a', 'detach vol-1 a']);
  });

  test('a claim that is bound later', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.delete('PersistentVolume', 'pv-1');
    cluster.settle();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    expect(cloud.calls).toEqual([]);
  });

  test('an attach that fails is told to the Pod, and tried again', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.faults.fail('Attach', { times: 2, error: 'quota of disks exceeded' });
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    expect(messages(cluster, 'FailedAttachVolume')).toEqual([
      'AttachVolume.Attach failed for volume "pv-1" : quota of disks exceeded',
    ]);
    cluster.advance('5s');
    expect(cluster.events({ reason: 'FailedAttachVolume' })[0]?.count).toBe(2);
    expect(cluster.pod('p').phase).toBe('Running');
    expect(cloud.on('vol-1')).toEqual(['a']);
  });

  test('what could not be attached and is not wanted any more is detached, to be sure', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.faults.fail('Attach', { error: 'no answer', when: 'after' });
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.delete('Pod', 'p', { force: true });
    cluster.advance('10m');
    expect(cloud.on('vol-1')).toEqual([]);
  });

  test('a detach that fails is tried again, and nobody is told', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.faults.fail('Detach', { times: 1, error: 'busy' });
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.advance('2s');
    expect(cloud.on('vol-1')).toEqual([]);
    expect(cluster.events({ type: 'Warning' })).toEqual([]);
  });

  test('somebody else detached it: seen within a minute, and attached again', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    const told = cluster.trace.records.length;
    cluster.advance('10m');
    expect(cluster.trace.records.length).toBe(told);
    cloud.takeOff('vol-1', 'a');
    cluster.advance('1m');
    expect(cloud.on('vol-1')).toEqual(['a']);
    expect(cloud.calls).toEqual(['attach vol-1 a', 'attach vol-1 a']);
  });

  test('what failed to be attached and is not wanted any more does not wait for its back-off', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.faults.fail('Attach', { error: 'no answer', when: 'after' });
    cluster.apply(podOn('a', 'p'));
    cluster.advance('5m');
    const [node] = cluster.list('Node');
    expect(node?.status?.volumesInUse).toEqual([VOLUME]);
    const failures = cloud.calls.length;
    cluster.delete('Pod', 'p', { force: true });
    cluster.advance('12s');
    expect(cloud.calls.slice(failures)).toEqual(['detach vol-1 a']);
  });

  test('a node that begins to use a volume again keeps it: it is read once more', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    const fault = cluster.faults.hold('PatchVolumesAttached', { times: 1 });
    cluster.delete('Pod', 'p');
    cluster.settle();
    cluster.patch('Node', 'a', { status: { volumesInUse: [VOLUME] } }, { subresource: 'status' });
    cluster.node('a').kubelet.stop();
    fault.unsubscribe();
    cluster.advance('20s');
    expect(cloud.on('vol-1')).toEqual(['a']);
    expect(cluster.trace.text()).toContain(
      'volume is still in use by node, according to Node status',
    );
  });

  test('a Node without a machine fails, with back-off', () => {
    const { cluster } = cloudCluster();
    const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
    cluster.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'ghost', annotations } });
    cluster.apply(podOn('ghost', 'p'));
    cluster.settle();
    expect(messages(cluster, 'FailedAttachVolume')).toEqual([
      'AttachVolume.Attach failed for volume "pv-1" : node "ghost" not found',
    ]);
  });

  test('a Pod of a node that comes later is found when all Pods are listed again', () => {
    const { cluster, cloud } = cloudCluster({ nodes: ['a', 'b', 'late'] });
    cluster.node('late').kubelet.stop();
    cluster.delete('Node', 'late');
    cluster.settle();
    cluster.apply(podOn('late', 'p'));
    cluster.settle();
    expect(cloud.calls).toEqual([]);
    cluster.node('late').kubelet.start();
    cluster.advance('3m');
    expect(cloud.on('vol-1')).toEqual(['late']);
  });

  test.each([
    ['stays', 0, [VOLUME]],
    ['was deleted by force', 1, undefined],
  ])('2.8 a restarted kubelet knows a disk by its name again: its Pod %s', (_, gone, inUse) => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.node('a').kubelet.stop();
    if (gone) cluster.delete('Pod', 'p', { force: true });
    cluster.node('a').kubelet.start();
    cluster.advance('1m');
    expect(cluster.get('Node', 'a')?.status?.volumesInUse).toEqual(inUse);
    expect(cloud.on('vol-1')).toEqual(gone ? [] : ['a']);
    const undone = operations(cluster).filter((one) => one.startsWith('UnmountDevice'));
    expect(undone).toHaveLength(gone);
    const mounts = cluster.node('a').mounts();
    expect(mounts.filter(({ source }) => source === 'vol-1')).toHaveLength(gone ? 0 : 2);
  });

  test('a raw device: mapped, and no directory mounted', () => {
    const { cluster, cloud } = cloudCluster({ volumeMode: 'Block' });
    cluster.node('a').fs.mkdirSync('/dev/disk');
    cluster.node('a').mknod('/dev/disk/vol-1', { type: 'block', major: 8, minor: 16 });
    const pod = podOn('a', 'p') as { spec: { containers: object[] } };
    pod.spec.containers = [
      { name: 'c', image: 'busybox', volumeDevices: [{ name: 'v', devicePath: '/dev/xvda' }] },
    ];
    cluster.apply(pod);
    cluster.settle();
    expect(cluster.pod('p').container().fs.statSync('/dev/xvda').isBlockDevice()).toBe(true);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual([]);
    expect(operations(cluster).map((one) => one.split(' ')[0])).toEqual([
      'Attach',
      'WaitForAttach',
      'MapPodDevice',
      'UnmapPodDevice',
      'Detach',
    ]);
  });

  test.each([
    ['1.32', 'Pending'],
    ['1.33', 'Running'],
  ])(
    'a claim that is being deleted is attached all the same: only the kubelet may refuse it (%s)',
    (kubernetesVersion, phase) => {
      const { cluster, cloud } = cloudCluster({ accessModes: ['ReadOnlyMany'], kubernetesVersion });
      cluster.apply(podOn('a', 'p'));
      cluster.settle();
      cluster.delete('PersistentVolumeClaim', 'data');
      cluster.apply(podOn('b', 'q'));
      cluster.advance('1m');
      expect(cloud.on('vol-1')).toEqual(['a', 'b']);
      expect(cluster.pod('q').phase).toBe(phase);
    },
  );

  test('so is a filesystem that a container wants as a device', () => {
    const { cluster, cloud } = cloudCluster();
    const pod = podOn('a', 'p') as { spec: { containers: object[] } };
    pod.spec.containers = [
      { name: 'c', image: 'busybox', volumeDevices: [{ name: 'v', devicePath: '/dev/xvda' }] },
    ];
    cluster.apply(pod);
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual(['a']);
    expect(cluster.pod('p').phase).toBe('Pending');
  });

  test('where the kubelet is told to, it attaches by itself, and the controller looks away', () => {
    const kubeletConfiguration = { enableControllerAttachDetach: false };
    const { cluster, cloud } = cloudCluster({ nodes: [{ name: 'a', kubeletConfiguration }, 'b'] });
    expect(cluster.get('Node', 'a')?.metadata.annotations).toEqual({});
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(attachedTo(cluster, 'a')).toBe(undefined);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cloud.calls).toEqual(['attach vol-1 a', 'detach vol-1 a']);
    expect(cluster.events({ reason: 'SuccessfulAttachVolume' })[0]?.source?.component).toBe(
      'kubelet',
    );
  });
});

describe('two nodes', () => {
  test('a disk for one node waits for the other to let go', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.apply(podOn('b', 'q'));
    cluster.settle();
    expect(cluster.pod('q').phase).toBe('Pending');
    expect(messages(cluster, 'FailedAttachVolume')).toEqual([
      `${MULTI}Volume is already used by pod(s) p`,
    ]);
    cluster.delete('Pod', 'p');
    cluster.advance('1m');
    expect(cluster.pod('q').phase).toBe('Running');
    expect(cloud.calls).toEqual(['attach vol-1 a', 'detach vol-1 a', 'attach vol-1 b']);
  });

  test('K18 said once, and Pods of other namespaces are not named', () => {
    const { cluster } = cloudCluster();
    cluster.apply([podOn('a', 'p')]);
    cluster.settle();
    cluster.apply([podOn('b', 'q')]);
    cluster.advance('5m');
    const [event] = cluster.events({ reason: 'FailedAttachVolume' });
    expect(event?.count).toBe(1);
  });

  test('several readers are no trouble', () => {
    const { cluster, cloud } = cloudCluster({ accessModes: ['ReadOnlyMany'] });
    cluster.apply([podOn('a', 'p'), podOn('b', 'q')]);
    cluster.settle();
    expect(cloud.on('vol-1').sort()).toEqual(['a', 'b']);
    expect([cluster.pod('p').phase, cluster.pod('q').phase]).toEqual(['Running', 'Running']);
  });

  test.each([
    ['1.8', "Volume is already exclusively attached to one node and can't be attached to another"],
    ['1.9', 'Volume is already used by pod(s) p'],
  ])('in %s the message is: %s', (kubernetesVersion, reason) => {
    const { cluster } = cloudCluster({ kubernetesVersion });
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.apply(podOn('b', 'q'));
    cluster.settle();
    expect(messages(cluster, 'FailedAttachVolume')).toContain(MULTI + reason);
  });
});

describe('a node that is lost', () => {
  function lost(options: Parameters<typeof cloudCluster>[0] = {}) {
    const both = cloudCluster(options);
    both.cluster.apply(podOn('a', 'p'));
    both.cluster.settle();
    lose(both.cluster, 'a');
    both.cluster.apply(podOn('b', 'q'));
    both.cluster.settle();
    return both;
  }

  test('its Pod is only Terminating: the disk never moves by itself', () => {
    const { cluster, cloud } = lost();
    cluster.delete('Pod', 'p');
    cluster.advance('30m');
    expect(cloud.on('vol-1')).toEqual(['a']);
    expect(cluster.pod('q').phase).toBe('Pending');
  });

  test('its Pod is deleted by force: the disk moves after six minutes', () => {
    const { cluster, cloud } = lost();
    cluster.delete('Pod', 'p', { force: true });
    cluster.advance('5m');
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.advance('2m');
    expect(cloud.on('vol-1')).toEqual(['b']);
  });

  test('out of service: it moves at once', () => {
    const { cluster, cloud } = lost();
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };
    cluster.patch('Node', 'a', { spec: { taints: [taint] } });
    cluster.delete('Pod', 'p', { force: true });
    cluster.settle();
    expect(cloud.on('vol-1')).toEqual(['b']);
  });

  test('the recipe for a node that stays away: a taint, and all else follows', () => {
    const { cluster, cloud } = lost();
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };
    const taints = [...(cluster.node('a').object.spec?.taints ?? []), taint];
    cluster.patch('Node', 'a', { spec: { taints } });
    cluster.advance('1m');
    expect(cluster.get('Pod', 'p')).toBeUndefined();
    expect(cloud.on('vol-1')).toEqual(['b']);
    expect(cluster.pod('q').phase).toBe('Running');
  });

  test('a node that is deleted: its Pods go, and the disk six minutes after them', () => {
    const { cluster, cloud } = lost();
    cluster.delete('Node', 'a');
    cluster.advance('90s');
    expect(cluster.get('Pod', 'p')).toBeUndefined();
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.advance('6m');
    expect(cloud.on('vol-1')).toEqual(['b']);
  });

  test('a node that is ready but never unmounts keeps it, since 1.25', () => {
    const stuck = (kubernetesVersion: string): string[] => {
      const { cluster, cloud } = cloudCluster({ kubernetesVersion });
      cluster.apply(podOn('a', 'p'));
      cluster.settle();
      cluster.faults.hold('UnmountDevice');
      cluster.delete('Pod', 'p', { force: true });
      cluster.advance('10m');
      return cloud.on('vol-1');
    };
    expect(stuck('1.24')).toEqual([]);
    expect(stuck('1.25')).toEqual(['a']);
  });
});

describe('multiAttachMessage', () => {
  const rules = createVersionRules();
  const pod = (name: string, namespace: string) =>
    ({ metadata: { name, namespace } }) as Parameters<typeof multiAttachMessage>[1];
  const reason = (...others: ReturnType<typeof pod>[]): string =>
    multiAttachMessage('pv-1', pod('q', 'default'), others, rules);

  test.each([
    ["Volume is already exclusively attached to one node and can't be attached to another", []],
    ['Volume is already used by pod(s) a, b', ['default/a', 'default/b']],
    [
      'Volume is already used by pod(s) a and 2 pod(s) in different namespaces',
      ['default/a', 'x/b', 'y/c'],
    ],
    ['Volume is already used by 1 pod(s) in different namespaces', ['x/b']],
  ])('%s', (text, names) => {
    const others = names.map((name) => pod(name.split('/')[1] ?? '', name.split('/')[0] ?? ''));
    expect(reason(...others)).toBe(MULTI + text);
  });
});

describe('the Node is deleted', () => {
  test('its Pods too: what it last said to use is kept six minutes, the rest goes at once', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.node('a').kubelet.stop();
    cluster.delete('Node', 'a');
    cluster.delete('Pod', 'p', { force: true });
    cluster.advance('5m50s');
    expect(cloud.on('vol-1')).toEqual(['a']);
    cluster.advance('20s');
    expect(cloud.on('vol-1')).toEqual([]);
  });
});

describe('the controller dies', () => {
  test('what only nodes know of is detached by its name', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.faults.crash('PatchVolumesAttached', { when: 'before', times: 1 });
    cluster.delete('Pod', 'p');
    cluster.advance('30s');
    expect(cloud.calls).toEqual(['attach vol-1 a', 'detach vol-1 a']);
    expect(attachedTo(cluster, 'a')).toBe(undefined);
  });

  test('and the rule of one node holds for what it finds', () => {
    const { cluster, cloud } = cloudCluster();
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    cluster.faults.crash('Attach', { times: 1, node: 'b' });
    cluster.faults.crash('UpdatePersistentVolumeStatus', { times: 1 });
    cluster.apply(podOn('b', 'q'));
    cluster.advance('1m');
    expect(cloud.on('vol-1')).toEqual(['a']);
  });

  test('in the middle of anything, and goes on from what the nodes say', () => {
    for (const step of ['Attach', 'PatchVolumesAttached', 'Detach']) {
      for (const when of ['before', 'after'] as const) {
        const { cluster, cloud } = cloudCluster();
        cluster.faults.crash(step, { when, times: 1 });
        cluster.apply(podOn('a', 'p'));
        cluster.advance('1m');
        expect([step, when, cluster.pod('p').phase]).toEqual([step, when, 'Running']);
        cluster.delete('Pod', 'p');
        cluster.advance('20m');
        // The node was told first: upstream too forgets a disk of which no node says that it has it.
        const left = step === 'Detach' && when === 'before' ? ['a'] : [];
        expect([step, when, cloud.on('vol-1')]).toEqual([step, when, left]);
      }
    }
  });
});

test('Pods without such volumes are none of its business', () => {
  const { cluster } = cloudCluster();
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'plain' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  cluster.settle();
  expect(cluster.get('Node', 'a')?.status?.volumesInUse).toBe(undefined);
  expect(operations(cluster).filter((one) => one.startsWith('Attach'))).toEqual([]);
});
