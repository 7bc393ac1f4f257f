import { describe, expect, test } from 'vitest';
import { OperationError } from '../../../src/base/index.ts';
import { cloudCluster, podOn } from '../../control-plane/attach-detach/cloud.ts';
import { claim, device, plain, podWith, Scene } from './harness.ts';

const POD = podWith('p', [{ name: 'v', emptyDir: {} }]);
const PATH = '/var/lib/kubelet/pods/uid-p/volumes/test~plain/v';

describe('a volume of a Pod', () => {
  test('is set up, and is there', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    scene.settle();
    expect(scene.calls()).toEqual(['SetUp v']);
    expect(scene.manager.mountedVolumes('uid-p').get('v')?.path).toBe(PATH);
    expect(scene.machine.root.exists(PATH)).toBe(true);
    expect(scene.manager.states(POD)).toMatchObject([{ outerName: 'v', state: 'mounted' }]);
  });

  test('that no container uses is left alone', () => {
    const scene = new Scene([plain()]).start();
    scene.add({ ...POD, spec: { ...POD.spec, containers: [{ name: 'c', image: 'i' }] } });
    scene.settle();
    expect(scene.calls()).toEqual([]);
    expect(scene.manager.desired).toEqual([]);
  });

  test('stays while containers may run, and goes when they have stopped', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    scene.settle();
    scene.end('uid-p', { gone: true });
    scene.settle();
    expect(scene.calls()).toEqual(['SetUp v']);
    scene.end('uid-p');
    scene.settle();
    expect(scene.calls()).toEqual(['SetUp v', 'TearDown v']);
    expect(scene.subPathsCleaned).toEqual(['uid-p/v']);
    expect(scene.manager.actual).toEqual([]);
    expect(scene.manager.desired).toEqual([]);
    expect(scene.machine.root.exists(PATH)).toBe(false);
  });

  test('is not even looked at when nothing happens', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    scene.settle();
    const { steps } = scene.simulation;
    scene.simulation.advance(3_600_000);
    expect(scene.simulation.steps).toBe(steps);
  });

  test('of a Pod that ends before it was mounted stays wanted until its object is gone', () => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.fail('SetUp', { error: 'no' });
    scene.add(POD);
    scene.settle();
    scene.end('uid-p', { stopped: true });
    scene.settle();
    expect(scene.manager.desired).toHaveLength(1);
    scene.end('uid-p');
    scene.settle();
    expect(scene.manager.desired).toEqual([]);
  });
});

describe('errors', () => {
  test('are events, at the pace of the back-off', () => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.fail('SetUp', { error: 'secret "y" not found', times: 3 });
    const began = scene.simulation.now;
    scene.add(POD);
    scene.settle();
    const event =
      'p Warning FailedMount: MountVolume.SetUp failed for volume "v" : secret "y" not found';
    expect(scene.events).toEqual([event]);
    expect(scene.manager.states(POD)[0]).toMatchObject({ state: 'waiting' });
    expect(scene.manager.states(POD)[0]?.reason).toContain('secret "y" not found');
    scene.simulation.advance(10_000);
    expect(scene.events).toHaveLength(3);
    const at = scene.records('volume').map((record) => record.at.getTime() - began);
    expect(at).toEqual([0, 500, 1500, 3500].map((ms) => ms + (at[0] ?? 0)));
    expect(scene.manager.mountedVolumes('uid-p').size).toBe(1);
  });

  test.each(['final', 'transient', 'uncertain'] as const)('%s: what SetUp leaves', (kind) => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.fail('SetUp', { error: { class: kind, message: 'no' } });
    scene.add(POD);
    scene.settle();
    expect(scene.manager.hasPossiblyMountedVolumes('uid-p')).toBe(kind === 'uncertain');
    expect(scene.manager.mountedVolumes('uid-p').size).toBe(0);
  });

  test('of a remount leave the volume mounted', () => {
    const scene = new Scene([plain({ refreshes: true })]).start();
    scene.add(POD);
    scene.settle();
    scene.simulation.faults.fail('SetUp', {
      error: { class: 'uncertain', message: 'no' },
      times: 1,
    });
    scene.manager.reprocessPod('uid-p');
    scene.settle();
    expect(scene.manager.actual[0]?.pods).toEqual([
      { uid: 'uid-p', state: 'mounted', remountRequired: true },
    ]);
    scene.simulation.advance(1000);
    expect(scene.manager.actual[0]?.pods[0]?.remountRequired).toBe(false);
  });

  test('of a tear-down leave no event, and the volume uncertain', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    scene.settle();
    scene.simulation.faults.fail('TearDown', { error: 'busy', times: 1 });
    scene.end('uid-p');
    scene.settle();
    expect(scene.events).toEqual([]);
    expect(scene.manager.actual[0]?.pods[0]?.state).toBe('uncertain');
    expect(scene.records('log').map(({ message }) => message)).toEqual([
      'Operation for "{volumeName:test/plain/uid-p-v podName:uid-p nodeName:}" failed. No retries permitted until 1970-01-01 00:00:00.7 +0000 UTC (durationBeforeRetry 500ms). Error: UnmountVolume.TearDown failed for volume "v" (UniqueName: "test/plain/uid-p-v") pod "p" (UID: "uid-p") : busy',
    ]);
    scene.simulation.advance(1000);
    expect(scene.manager.actual).toEqual([]);
  });

  test('that are bugs of a plugin are told as such, and tried again', () => {
    let broken = true;
    const buggy = plain({
      *setUp() {
        if (broken) throw new TypeError('x is undefined');
      },
    });
    const scene = new Scene([buggy]).start();
    scene.add(POD);
    scene.settle();
    expect(scene.records('panic')).toMatchObject([{ error: 'x is undefined' }]);
    expect(scene.events).toEqual([]);
    broken = false;
    scene.simulation.advance(1000);
    expect(scene.manager.mountedVolumes('uid-p').size).toBe(1);
  });

  test('of the plugin lookup and of mount options have their words', () => {
    const scene = new Scene([plain(), device()]).start();
    const volume = claim(scene, 'c');
    const pv = scene.objects.get('PersistentVolume//pv-c') as { spec: Record<string, unknown> };
    pv.spec['mountOptions'] = ['ro'];
    scene.add(podWith('p', [volume]));
    scene.add(podWith('q', [{ name: 'v', nfs: { server: 's', path: '/' } }]));
    scene.settle();
    expect(scene.events).toEqual([
      'p Warning FailedMount: MountVolume.MountOptionSupport check failed for volume "pv-c" : mount options are not supported for this volume type',
    ]);
    expect(scene.manager.desired).toHaveLength(1);
  });

  test('of checks before the mount name the check', () => {
    const refusing = plain({
      newMounter() {
        throw new OperationError('no such thing');
      },
    });
    const scene = new Scene([refusing]).start();
    scene.add(POD);
    scene.settle();
    expect(scene.events).toEqual([
      'p Warning FailedMount: MountVolume.NewMounter initialization failed for volume "v" : no such thing',
    ]);
  });
});

describe('a device that pods share', () => {
  test('is mounted once, and unmounted after the last of them', () => {
    const scene = new Scene([device()]).start();
    const volume = claim(scene, 'c');
    scene.add(podWith('a', [volume]));
    scene.add(podWith('b', [volume]));
    scene.settle();
    expect(scene.calls()).toEqual(['MountDevice pv-c', 'SetUp pv-c', 'SetUp pv-c']);
    expect(scene.manager.actual).toMatchObject([
      { volume: 'test/device/pv-c', deviceMountState: 'DeviceGloballyMounted' },
    ]);
    scene.end('uid-a');
    scene.settle();
    expect(scene.calls().slice(3)).toEqual(['TearDown pv-c']);
    scene.end('uid-b');
    scene.settle();
    expect(scene.calls().slice(4)).toEqual(['TearDown pv-c', 'UnmountDevice pv-c']);
    expect(scene.manager.actual).toEqual([]);
  });

  test('with ReadWriteOncePod is for one Pod only', () => {
    const scene = new Scene([device()]).start();
    const volume = claim(scene, 'c', ['ReadWriteOncePod']);
    scene.add(podWith('a', [volume]));
    scene.settle();
    scene.add(podWith('b', [volume]));
    scene.settle();
    expect(scene.events).toEqual([
      'b Warning FailedMount: MountVolume.SetUp failed for volume "pv-c" : volume uses the ReadWriteOncePod access mode and is already in use by another pod',
    ]);
  });
});

test.each(['MountDevice', 'SetUp'])(
  '4.2 %s finds another filesystem: the PersistentVolume is told',
  (operation) => {
    const { cluster } = cloudCluster();
    const error = { message: 'it is xfs, not ext4', code: 'FilesystemMismatch' };
    cluster.faults.fail(operation, { times: 1, error });
    cluster.apply(podOn('a', 'p'));
    cluster.settle();
    const reason = 'FailedMountOnFilesystemMismatch';
    expect(cluster.events({ reason })).toMatchObject([
      {
        type: 'Warning',
        involvedObject: { kind: 'PersistentVolume', name: 'pv-1' },
        message: 'MountVolume failed for volume "pv-1" it is xfs, not ext4',
      },
    ]);
    expect(cluster.events({ reason: 'FailedMount' })[0]?.message).toBe(
      `MountVolume.${operation} failed for volume "pv-1" : it is xfs, not ext4`,
    );
  },
);
