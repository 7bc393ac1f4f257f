import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import { config, secret, threeVolumes } from './scenario.ts';

function settled(options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  cluster.apply([config, secret, threeVolumes('web')]);
  cluster.settle();
  return cluster;
}

describe('snapshotState', () => {
  test('two runs that differ in when they were are equal; a file, an object or a mount makes a difference', () => {
    const one = settled().snapshotState();
    const other = settled({ startTime: '2031-05-06T07:08:09Z' });
    expect(other.snapshotState()).toEqual(one);
    const { fs } = other.pod('web').container();
    fs.writeFileSync('/cache/x', 'mine');
    expect(other.snapshotState()).not.toEqual(one);
    fs.rmSync('/cache/x');
    expect(other.snapshotState()).toEqual(one);
    other.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' } });
    expect(other.snapshotState()).not.toEqual(one);
    other.delete('ConfigMap', 'more');
    expect(other.snapshotState()).toEqual(one);
    other.node().mount({ type: 'tmpfs', source: 't', target: '/mnt' });
    expect(other.snapshotState()).not.toEqual(one);
  });

  test('a Pod that came and went leaves nothing', () => {
    const cluster = settled();
    const before = cluster.snapshotState();
    cluster.apply(threeVolumes('guest'));
    cluster.settle();
    expect(cluster.snapshotState()).not.toEqual(before);
    cluster.delete('Pod', 'guest');
    cluster.settle();
    cluster.advance('1h');
    cluster.settle();
    expect(cluster.snapshotState()).toEqual(before);
  });

  test('it shows objects, disks, mounts, both worlds, containers and what will go on', () => {
    const cluster = settled();
    cluster.pod('web').container().crash();
    cluster.settle();
    cluster.pod('web').container().crash();
    cluster.settle();
    const state = cluster.snapshotState();
    expect(Object.keys(state.objects)).toContain('Pod default/web');
    expect(state.objects['Pod default/web']).toMatchObject({
      metadata: { uid: '<uid of Pod default/web>', creationTimestamp: '<time>' },
    });
    const { kubelet, mounts, files, desired } = state.nodes['node-1'] ?? {};
    expect(kubelet).toBe('running');
    const pod = '/var/lib/kubelet/pods/<uid of Pod default/web>';
    expect(mounts?.some((line) => line.startsWith(`${pod}/volumes/kubernetes.io~secret/`))).toBe(
      true,
    );
    expect(files?.[`${pod}/volumes/kubernetes.io~empty-dir/cache`]).toBe('2777 0:2000 directory');
    expect(JSON.stringify(desired)).toContain('<uid of Pod default/web>');
    expect(state.containers['default/web/main']).toMatchObject({
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      restartCount: 1,
    });
    expect(state.pending).toMatchObject([{ for: 'next sync of the Pod' }]);
    expect(state.pending[0]?.in).toBeGreaterThan(10_000);
    const text = JSON.stringify(state);
    expect(text).not.toContain(cluster.pod('web').uid);
    expect(text).not.toContain('2024-01-01');
    expect(Object.isFrozen(state.nodes['node-1']?.files)).toBe(true);
  });
});
