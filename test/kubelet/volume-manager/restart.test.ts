import { describe, expect, test } from 'vitest';
import { attachable, claim, device, plain, podWith, Scene } from './harness.ts';

const POD = podWith('p', [{ name: 'v', emptyDir: {} }]);

/** A kubelet that has set the Pod's volume up, and is followed by another one. */
function restarted(plugin = plain()): Scene {
  const scene = new Scene([plugin]).start();
  scene.add(POD);
  scene.settle();
  scene.restart();
  return scene;
}

describe('a volume that a restarted kubelet finds', () => {
  test('is uncertain, and not torn down before all pods are known', () => {
    const scene = restarted();
    scene.pods.clear();
    scene.manager.run();
    scene.settle();
    expect(scene.manager.actual).toMatchObject([{ pods: [{ uid: 'uid-p', state: 'uncertain' }] }]);
    expect(scene.calls()).toEqual(['SetUp v']);
    scene.manager.sourcesReady();
    scene.settle();
    expect(scene.calls()).toEqual(['SetUp v', 'TearDown v']);
    expect(scene.manager.actual).toEqual([]);
  });

  test('that a Pod wants is set up again', () => {
    const scene = restarted().start();
    expect(scene.calls()).toEqual(['SetUp v', 'SetUp v']);
    expect(scene.manager.actual[0]?.pods[0]?.state).toBe('mounted');
  });

  test('of a terminating Pod whose containers run is kept', () => {
    const scene = restarted();
    scene.terminating.add('uid-p');
    scene.start();
    expect(scene.calls()).toEqual(['SetUp v', 'SetUp v']);
    scene.end('uid-p');
    scene.settle();
    expect(scene.calls().slice(2)).toEqual(['TearDown v']);
  });

  test('stays uncertain when it cannot be set up', () => {
    const scene = restarted();
    scene.simulation.faults.fail('SetUp', { error: 'no' });
    scene.start();
    expect(scene.manager.actual[0]?.pods[0]?.state).toBe('uncertain');
    expect(scene.calls()).toEqual(['SetUp v', 'SetUp v failed']);
  });

  test('and that its plugin cannot make out is torn down once, if nobody wants it', () => {
    const scene = restarted(plain({ reconstruct: () => undefined }));
    scene.pods.clear();
    scene.start();
    expect(scene.manager.actual).toEqual([]);
    expect(scene.calls()).toEqual(['SetUp v', 'TearDown v']);
  });

  test('and that its plugin cannot make out is left to SetUp, if a Pod wants it', () => {
    const scene = restarted(plain({ reconstruct: () => undefined })).start();
    expect(scene.calls()).toEqual(['SetUp v', 'SetUp v']);
  });

  test('of no known plugin stays where it is', () => {
    const scene = new Scene([plain()]);
    scene.machine.root.mkdirAll('var/lib/kubelet/pods/uid-x/volumes/missing~plugin/v', 0o750);
    scene.start();
    expect(scene.calls()).toEqual([]);
    expect(scene.records('log').map(({ message }) => message)).toEqual([
      'UnmountVolume failed for volume "v" pod "uid-x": no volume plugin matched name: missing/plugin',
    ]);
  });

  test('has its device unmounted when nobody wants it', () => {
    const scene = new Scene([device()]).start();
    scene.add(podWith('p', [claim(scene, 'c')]));
    scene.settle();
    scene.restart();
    scene.pods.clear();
    scene.start();
    expect(scene.calls().slice(2)).toEqual(['TearDown pv-c', 'UnmountDevice pv-c']);
  });

  test('has its device unmounted in the end, though it could not be mounted again', () => {
    const scene = new Scene([device()]).start();
    scene.add(podWith('p', [claim(scene, 'c')]));
    scene.settle();
    scene.restart();
    scene.simulation.faults.fail('MountDevice', { error: 'no' });
    scene.start();
    expect(scene.manager.actual[0]?.deviceMountState).toBe('DeviceMountUncertain');
    scene.end('uid-p');
    scene.settle();
    expect(scene.calls().slice(-2)).toEqual(['TearDown pv-c', 'UnmountDevice pv-c']);
    expect(scene.manager.actual).toEqual([]);
  });

  test('waits for the Node, if it was attached', () => {
    const scene = new Scene([attachable()]);
    scene.machine.root.mkdirAll('var/lib/kubelet/pods/uid-x/volumes/test~device/pv-c', 0o750);
    scene.start();
    expect(scene.manager.statesSynced).toBe(false);
    expect(scene.calls()).toEqual([]);
    scene.objects.set('Node//node-1', { metadata: { name: 'node-1' }, status: {} });
    scene.manager.nodeChanged();
    scene.settle();
    expect(scene.calls()).toEqual(['TearDown pv-c', 'UnmountDevice pv-c']);
  });
});

describe('a crash', () => {
  test.each(['SetUp', 'TearDown'])('in %s leaves what was done on the disk', (operation) => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.crash(operation, { when: 'after', times: 1 });
    scene.add(POD);
    scene.settle();
    if (operation === 'TearDown') scene.end('uid-p');
    scene.settle();
    expect(scene.owner.alive).toBe(false);
    scene.restart();
    scene.start();
    const there = operation === 'SetUp';
    expect(scene.manager.mountedVolumes('uid-p').size).toBe(there ? 1 : 0);
    expect(scene.machine.root.exists('/var/lib/kubelet/pods/uid-p/volumes/test~plain/v')).toBe(
      there,
    );
  });
});
