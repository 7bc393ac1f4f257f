import { describe, expect, test } from 'vitest';
import { allPlugins } from '../../../plugins/index.ts';
import type { Cluster } from '../../../src/index.ts';
import { checkInvariants } from '../../../src/testing/index.ts';
import { grow, growingCluster, podWithData, statusOfClaim } from './growing.ts';

const told = (cluster: Cluster, involved: string): string[] =>
  cluster
    .events({ involved })
    .filter(({ reason = '' }) => /Resize|Mount|Map/.test(reason))
    .map(({ type, reason, message, count }) => `${count} ${type} ${reason}: ${message}`);
const IN_USE = { class: 'final', code: 'FailedPrecondition', message: 'in use' } as const;
const DONE = { size: '2Gi', conditions: [], resize: undefined };
const SUCCESS =
  '1 Normal FileSystemResizeSuccessful: MountVolume.NodeExpandVolume succeeded for volume "pv-1" node-1';

describe('2.10: a volume that grew before it is mounted', () => {
  test('grows after SetUp, once, and the claim is told', () => {
    const { cluster, calls } = growingCluster();
    grow(cluster, '2Gi');
    expect(statusOfClaim(cluster)).toEqual({
      size: '1Gi',
      conditions: ['FileSystemResizePending'],
      resize: 'NodeResizePending',
    });
    cluster.apply(podWithData());
    cluster.settle();
    cluster.advance('5m');
    expect(cluster.pod('p').phase).toBe('Running');
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
    expect(told(cluster, 'Pod/p')).toEqual([SUCCESS]);
    expect(told(cluster, 'PersistentVolumeClaim/data')).toContain(SUCCESS);
    const of = cluster.trace.records.flatMap((one) => (one.type === 'volume' ? one.operation : []));
    expect(of).toEqual(['SetUp', 'NodeExpandVolume']);
  });

  test('a failure blocks the containers; the volume is uncertain, and tried again', () => {
    const { cluster, calls } = growingCluster();
    grow(cluster, '2Gi');
    cluster.faults.fail('NodeExpandVolume', { times: 2, error: 'resize2fs failed' });
    cluster.apply(podWithData());
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Pending');
    expect(cluster.pod('p').volume('v').state).toBe('uncertain');
    expect(told(cluster, 'Pod/p')).toEqual([
      '1 Warning FailedMount: MountVolume.Setup failed while expanding volume for volume "pv-1" : resize2fs failed',
    ]);
    expect(statusOfClaim(cluster)).toEqual({
      size: '1Gi',
      conditions: ['FileSystemResizePending', 'NodeResizeError'],
      resize: 'NodeResizeInProgress',
    });
    const claim = cluster.get('PersistentVolumeClaim', 'data');
    expect(claim?.status?.conditions?.[1]?.message).toBe(
      'failed to expand pvc with resize2fs failed',
    );
    cluster.advance('5s');
    expect(cluster.pod('p').phase).toBe('Running');
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
    expect(checkInvariants(cluster)).toEqual([]);
  });

  test('an uncertain failure tells the claim nothing, and a Pod that goes has it torn down', () => {
    const { cluster } = growingCluster();
    grow(cluster, '2Gi');
    const error = { class: 'uncertain', message: 'no answer' } as const;
    cluster.faults.fail('NodeExpandVolume', { error });
    cluster.apply(podWithData());
    cluster.settle();
    expect(statusOfClaim(cluster).conditions).toEqual(['FileSystemResizePending']);
    cluster.delete('Pod', 'p');
    cluster.advance('2m');
    expect(cluster.get('Pod', 'p')).toBe(undefined);
    expect(cluster.node().fs.readdirSync('/var/lib/kubelet/pods')).toEqual([]);
  });

  test('what cannot grow in use does not keep the Pod from starting', () => {
    const { cluster, calls } = growingCluster();
    grow(cluster, '2Gi');
    cluster.faults.fail('NodeExpandVolume', { error: IN_USE });
    cluster.apply(podWithData());
    cluster.settle();
    cluster.advance('10m');
    expect(cluster.pod('p').phase).toBe('Running');
    expect(calls).toEqual([]);
    expect(statusOfClaim(cluster).size).toBe('1Gi');
  });

  test('a claim that is only read is left as it is, and said so', () => {
    const { cluster, calls } = growingCluster();
    grow(cluster, '2Gi');
    cluster.apply(podWithData('p', { readOnly: true }));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(calls).toEqual([]);
    const text =
      '1 Warning FileSystemResizeFailed: MountVolume.NodeExpandVolume failed for volume "pv-1" requested read-only file system';
    expect(told(cluster, 'Pod/p')).toEqual([text]);
    expect(told(cluster, 'PersistentVolumeClaim/data')).toContain(text);
  });

  test('what the claim cannot be told fails the mount', () => {
    const { cluster } = growingCluster();
    grow(cluster, '2Gi');
    cluster.faults.fail('PatchPersistentVolumeClaimStatus', { times: 1, error: 'conflict' });
    cluster.apply(podWithData());
    cluster.settle();
    expect(told(cluster, 'Pod/p')).toEqual([
      '1 Warning FailedMount: MountVolume.Setup failed while expanding volume for volume "pv-1" : patchPVCStatus failed to patch PVC "data": conflict',
    ]);
    cluster.advance('1s');
    expect(statusOfClaim(cluster)).toEqual(DONE);
  });

  test('the kubelet dies while it grows: it is done again, and ends well', () => {
    const { cluster, calls } = growingCluster();
    grow(cluster, '2Gi');
    cluster.faults.crash('PatchPersistentVolumeClaimStatus', { times: 1, when: 'after' });
    cluster.apply(podWithData());
    cluster.settle();
    expect(statusOfClaim(cluster).resize).toBe('NodeResizeInProgress');
    cluster.node().kubelet.start();
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
  });
});

describe('2.10: a volume that grows in use', () => {
  const running = (options: Parameters<typeof growingCluster>[0] = {}) => {
    const made = growingCluster(options);
    made.cluster.apply(podWithData());
    made.cluster.settle();
    made.cluster.pod('p').container().fs.writeFileSync('/data/x', 'kept');
    return made;
  };

  test('grows at the next sync of the Pod, while its container runs', () => {
    const { cluster, calls } = running();
    const records = cluster.trace.records.length;
    cluster.advance('10m');
    expect(cluster.trace.records.length).toBe(records);
    grow(cluster, '2Gi');
    cluster.advance('90s');
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
    expect(told(cluster, 'Pod/p')).toEqual([SUCCESS]);
    expect(cluster.pod('p').container().restartCount).toBe(0);
    const resizes = cluster.trace.records.filter(
      (one) => one.type === 'operation' && one.operation === 'volume_fs_resize',
    );
    expect(resizes.map((one) => 'state' in one && one.state)).toEqual(['started', 'done']);
    const { metrics } = cluster;
    expect(metrics.text()).toMatch(
      /storage_operation_duration_seconds_count\{[^}]*operation_name="volume_fs_resize"[^}]*\} 1/,
    );
  });

  test('a failure is told to Pod and claim, the container goes on, and it is tried again', () => {
    const { cluster, calls } = running();
    cluster.faults.fail('NodeExpandVolume', { times: 2, error: 'resize2fs failed' });
    grow(cluster, '2Gi');
    cluster.settle();
    const said = cluster.trace.records.find(({ type }) => type === 'log');
    expect(said).toMatchObject({
      message: expect.stringMatching(
        /Error: NodeExpandVolume.NodeExpandVolume failed for volume "pv-1" \(UniqueName: ".*"\) pod "p" \(UID: ".*"\) : resize2fs failed$/,
      ),
    });
    expect(told(cluster, 'Pod/p')).toEqual([
      '1 Warning VolumeResizeFailed: NodeExpandVolume.NodeExpandVolume failed for volume "pv-1" : resize2fs failed',
    ]);
    expect(cluster.pod('p').volume('v').state).toBe('mounted');
    expect(cluster.pod('p').container().fs.readFileSync('/data/x', 'utf8')).toBe('kept');
    expect(statusOfClaim(cluster).conditions).toEqual([
      'FileSystemResizePending',
      'NodeResizeError',
    ]);
    cluster.advance('2s');
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
    expect(checkInvariants(cluster)).toEqual([]);
  });

  test('"in use" is not tried again on this node, until the volume was away', () => {
    const { cluster, calls } = running();
    const fault = cluster.faults.fail('NodeExpandVolume', { error: IN_USE });
    grow(cluster, '2Gi');
    cluster.advance('10m');
    expect(told(cluster, 'Pod/p')).toEqual([
      '1 Warning VolumeResizeFailed: NodeExpandVolume.NodeExpandVolume failed to resize volume for volume "pv-1" : volume resizing failed for unknown reason',
    ]);
    fault.unsubscribe();
    cluster.advance('10m');
    expect(calls).toEqual([]);
    cluster.delete('Pod', 'p');
    cluster.settle();
    cluster.apply(podWithData('q'));
    cluster.settle();
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
  });

  test('what will never work is the controller’s again', () => {
    const { cluster, calls } = running();
    const error = { code: 'Infeasible', message: 'too large' };
    cluster.faults.fail('NodeExpandVolume', { times: 1, error });
    grow(cluster, '2Gi');
    cluster.advance('10m');
    expect(statusOfClaim(cluster)).toEqual({
      size: '1Gi',
      conditions: ['FileSystemResizePending', 'NodeResizeError'],
      resize: 'NodeResizeInfeasible',
    });
    expect(calls).toEqual([]);
  });

  test('a final error, and the user wants another size: infeasible at the next try', () => {
    const { cluster } = running();
    cluster.faults.fail('NodeExpandVolume', { error: 'no' });
    grow(cluster, '3Gi');
    cluster.settle();
    expect(statusOfClaim(cluster).resize).toBe('NodeResizeInProgress');
    const claim = cluster.get('PersistentVolumeClaim', 'data');
    const resources = { requests: { storage: '2Gi' } };
    cluster.restore({ ...claim, spec: { ...claim?.spec, resources } } as object);
    cluster.advance('2s');
    expect(statusOfClaim(cluster).resize).toBe('NodeResizeInfeasible');
  });

  test('a volume of many nodes grows on each of them', () => {
    const { cluster, calls } = growingCluster({ nodes: ['a', 'b'] });
    for (const nodeName of ['a', 'b']) {
      const pod = podWithData(`p-${nodeName}`) as { spec: { nodeName?: string } };
      pod.spec.nodeName = nodeName;
      cluster.apply(pod);
    }
    cluster.settle();
    grow(cluster, '2Gi');
    cluster.advance('2m');
    expect(calls).toEqual(['1 to 2', '1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
  });

  test('a restarted kubelet takes the size from the claim', () => {
    const { cluster, calls } = running();
    cluster.node().kubelet.stop();
    grow(cluster, '2Gi');
    cluster.node().kubelet.start();
    cluster.settle();
    expect(calls).toEqual(['1 to 2']);
    grow(cluster, '4Gi');
    cluster.advance('2m');
    expect(calls).toEqual(['1 to 2', '2 to 4']);
  });

  test('a claim that is only read does not grow', () => {
    const { cluster, calls } = growingCluster();
    cluster.apply(podWithData('p', { readOnly: true }));
    cluster.settle();
    grow(cluster, '2Gi');
    cluster.advance('10m');
    expect(calls).toEqual([]);
  });

  test('a plugin without a node part is never asked', () => {
    const { cluster } = running({ plugin: { expander: {} } });
    grow(cluster, '2Gi');
    cluster.advance('10m');
    expect(statusOfClaim(cluster).size).toBe('1Gi');
    expect(told(cluster, 'Pod/p')).toEqual([]);
  });
});

describe('2.10 and 8.2: by version', () => {
  test('before recovery, the claim’s capacity is all that is written', () => {
    const { cluster, calls } = growingCluster({ kubernetesVersion: '1.25' });
    grow(cluster, '2Gi', false);
    cluster.apply(podWithData());
    cluster.settle();
    expect(calls).toEqual(['1 to 2']);
    expect(statusOfClaim(cluster)).toEqual(DONE);
  });

  test('before recovery, "not supported" and "in use" count as done', () => {
    for (const code of ['NotSupported', 'FailedPrecondition']) {
      const { cluster } = growingCluster({ kubernetesVersion: '1.25' });
      cluster.apply(podWithData());
      cluster.settle();
      cluster.faults.fail('NodeExpandVolume', { times: 1, error: { code, message: 'no' } });
      grow(cluster, '2Gi', false);
      cluster.advance('10m');
      expect(told(cluster, 'Pod/p')).toEqual([]);
      expect(statusOfClaim(cluster).size).toBe('1Gi');
    }
  });

  test('before 1.15 nothing grows in use, and before 1.11 nothing grows', () => {
    const seen = ['1.10', '1.11', '1.14', '1.15'].map((kubernetesVersion) => {
      const { cluster, calls } = growingCluster({ kubernetesVersion });
      cluster.apply(podWithData());
      cluster.settle();
      grow(cluster, '2Gi', false, kubernetesVersion !== '1.10');
      cluster.advance('5m');
      const inUse = calls.length;
      cluster.delete('Pod', 'p');
      cluster.settle();
      cluster.apply(podWithData('q'));
      cluster.settle();
      return `${kubernetesVersion} ${inUse} ${calls.length}`;
    });
    expect(seen).toEqual(['1.10 0 0', '1.11 0 1', '1.14 0 1', '1.15 1 1']);
  });
});

test('2.10: a raw device grows after it was mapped; a failure blocks the container', () => {
  const { cluster, calls } = growingCluster({
    volumeMode: 'Block',
    plugin: {
      supports: { block: true },
      expander: {
        *nodeExpand(_, { from, to }) {
          calls.push(`${from / 2 ** 30} to ${to / 2 ** 30}`);
        },
      },
      blockMapper: {
        *map() {
          return '/dev/disk-1';
        },
        *unmap() {},
      },
    },
  });
  cluster.node().mknod('/dev/disk-1', { type: 'block', major: 8, minor: 16 });
  grow(cluster, '2Gi');
  cluster.faults.fail('NodeExpandVolume', { times: 1, error: 'busy' });
  const volumeDevices = [{ name: 'v', devicePath: '/dev/xvda' }];
  cluster.apply(podWithData('p', {}, { volumeMounts: [], volumeDevices }));
  cluster.settle();
  expect(cluster.pod('p').phase).toBe('Pending');
  expect(told(cluster, 'Pod/p').at(-1)).toBe(
    '1 Warning FailedMapVolume: MapVolume.MarkVolumeAsMounted failed while expanding volume for volume "pv-1" : busy',
  );
  cluster.advance('5s');
  expect(cluster.pod('p').phase).toBe('Running');
  grow(cluster, '3Gi');
  cluster.advance('90s');
  expect(calls).toEqual(['1 to 2', '2 to 3']);
  expect(allPlugins.some(({ expander }) => expander?.nodeExpand)).toBe(false);
});
