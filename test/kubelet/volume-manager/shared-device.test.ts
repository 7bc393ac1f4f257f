import { describe, expect, test } from 'vitest';
import { cloudCluster, podOn } from '../../control-plane/attach-detach/cloud.ts';
import { claim, device, podWith, Scene } from './harness.ts';

/** Operations that began, as `name pod`. */
function started(scene: Scene): string[] {
  return scene
    .records('operation')
    .flatMap(({ operation, uid, state }) => (state === 'started' ? [`${operation} ${uid}`] : []));
}

describe('1.5 a device that two Pods of a node share', () => {
  function twoPods() {
    const scene = new Scene([device()]).start();
    const volume = claim(scene, 'c');
    return { scene, add: (name: string) => scene.add(podWith(name, [volume])) };
  }

  test('is set up for one after the other', () => {
    const { scene, add } = twoPods();
    const held = scene.simulation.faults.hold('SetUp', { pod: 'a' });
    add('a');
    add('b');
    scene.simulation.advance(5000);
    expect(started(scene)).toEqual(['volume_mount ']);
    held.unsubscribe();
    scene.settle();
    expect(started(scene)).toEqual(['volume_mount ', 'volume_mount ']);
    expect(scene.manager.mountedVolumes('uid-b').size).toBe(1);
  });

  test('is not torn down for one while it is set up for the other', () => {
    const { scene, add } = twoPods();
    add('a');
    scene.settle();
    const held = scene.simulation.faults.hold('SetUp', { pod: 'b' });
    add('b');
    scene.simulation.advance(1000);
    scene.end('uid-a');
    scene.simulation.advance(5000);
    expect(scene.manager.hasPossiblyMountedVolumes('uid-a')).toBe(true);
    held.unsubscribe();
    scene.settle();
    expect(scene.manager.hasPossiblyMountedVolumes('uid-a')).toBe(false);
    expect(scene.manager.mountedVolumes('uid-b').size).toBe(1);
  });

  test('is torn down for both at the same time', () => {
    const { scene, add } = twoPods();
    add('a');
    add('b');
    scene.settle();
    const held = scene.simulation.faults.hold('TearDown');
    scene.end('uid-a');
    scene.end('uid-b');
    scene.simulation.advance(1000);
    expect(started(scene).slice(2)).toEqual(['volume_unmount uid-a', 'volume_unmount uid-b']);
    held.unsubscribe();
    scene.settle();
    expect(scene.manager.actual).toEqual([]);
  });

  test('that cannot be set up for one keeps the other waiting as long', () => {
    const { scene, add } = twoPods();
    scene.simulation.faults.fail('SetUp', { pod: 'a', error: 'no', times: 1 });
    add('a');
    scene.simulation.advance(200);
    add('b');
    scene.simulation.advance(200);
    expect(scene.manager.mountedVolumes('uid-b').size).toBe(0);
    scene.simulation.advance(1000);
    expect(scene.manager.mountedVolumes('uid-a').size).toBe(1);
    expect(scene.manager.mountedVolumes('uid-b').size).toBe(1);
  });
});

test('2.4 a Pod is gone once its volumes are: its device, and the disk, go later', () => {
  const { cluster, cloud } = cloudCluster();
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  const held = cluster.faults.hold('UnmountDevice');
  cluster.delete('Pod', 'p');
  cluster.advance('1m');
  expect(cluster.get('Pod', 'p')).toBeUndefined();
  expect(cluster.get('Node', 'a')?.status?.volumesInUse).toHaveLength(1);
  expect(cloud.on('vol-1')).toEqual(['a']);
  held.unsubscribe();
  cluster.advance('1m');
  expect(cluster.get('Node', 'a')?.status?.volumesInUse).toBeUndefined();
  expect(cloud.on('vol-1')).toEqual([]);
});

test('2.7 another Pod of the node has the disk while one that was deleted by force still ends', () => {
  const { cluster, cloud } = cloudCluster();
  cluster.images.add('stubborn', function* (process) {
    process.on('SIGTERM', () => undefined);
    yield* process.sleep('1h');
  });
  const old = podOn('a', 'old') as { spec: { containers: object[] } };
  old.spec.containers = [{ ...old.spec.containers[0], image: 'stubborn' }];
  cluster.apply(old);
  cluster.settle();
  const { fs } = cluster.pod('old').container();
  cluster.delete('Pod', 'old', { force: true });
  cluster.apply(podOn('a', 'new'));
  cluster.advance('10s');
  cluster.pod('new').container().fs.writeFileSync('/data/x', 'both');
  expect(fs.readFileSync('/data/x', 'utf8')).toBe('both');
  const mounts = (): unknown[] =>
    cluster
      .node('a')
      .mounts()
      .filter(({ source }) => source === 'vol-1');
  expect(mounts()).toHaveLength(3);
  cluster.advance('2m');
  expect(mounts()).toHaveLength(2);
  expect(cluster.pod('new').phase).toBe('Running');
  expect(cloud.calls).toEqual(['attach vol-1 a']);
});
