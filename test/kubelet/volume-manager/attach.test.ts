import { describe, expect, test } from 'vitest';
import { attachable, claim, podWith, Scene } from './harness.ts';

const NAME = 'test/device/pv-c';

/** The Node, with what the controller says is attached. */
function setNode(scene: Scene, ...attached: string[]): void {
  const volumesAttached = attached.map((name) => ({ name, devicePath: '/dev/x' }));
  scene.objects.set('Node//node-1', { metadata: { name: 'node-1' }, status: { volumesAttached } });
  scene.manager.nodeChanged();
}

describe('a volume that a controller attaches', () => {
  test('is mounted only after it was reported in use, and is attached', () => {
    const scene = new Scene([attachable()]).start();
    const pod = podWith('p', [claim(scene, 'c')]);
    setNode(scene);
    scene.add(pod);
    scene.settle();
    expect(scene.manager.volumesInUse()).toEqual([NAME]);
    expect(scene.manager.states(pod)[0]?.reason).toContain('VolumesInUse');
    scene.manager.markVolumesAsReportedInUse([NAME]);
    scene.settle();
    expect(scene.calls()).toEqual([]);
    setNode(scene, NAME);
    scene.settle();
    expect(scene.calls()).toEqual(['WaitForAttach pv-c', 'MountDevice pv-c', 'SetUp pv-c']);
    expect(scene.events).toEqual([]);
  });

  test('may be attached before it is reported', () => {
    const scene = new Scene([attachable()]).start();
    setNode(scene, NAME);
    scene.add(podWith('p', [claim(scene, 'c')]));
    scene.settle();
    expect(scene.calls()).toEqual([]);
    scene.manager.markVolumesAsReportedInUse([NAME]);
    scene.settle();
    expect(scene.calls()).toHaveLength(3);
  });

  test('is in use until its device is unmounted', () => {
    let told = 0;
    const scene = new Scene([attachable()], { onVolumesInUseChanged: () => told++ }).start();
    setNode(scene, NAME);
    scene.add(podWith('p', [claim(scene, 'c')]));
    scene.settle();
    expect(told).toBeGreaterThan(0);
    scene.manager.markVolumesAsReportedInUse([NAME]);
    scene.settle();
    scene.simulation.faults.fail('UnmountDevice', { error: 'busy', times: 1 });
    scene.end('uid-p');
    scene.settle();
    expect(scene.manager.actual[0]?.deviceMountState).toBe('DeviceMountUncertain');
    expect(scene.manager.volumesInUse()).toEqual([NAME]);
    told = 0;
    scene.simulation.advance(1000);
    expect(scene.manager.volumesInUse()).toEqual([]);
    expect(told).toBeGreaterThan(0);
    expect(scene.calls().slice(3)).toEqual([
      'TearDown pv-c',
      'UnmountDevice pv-c failed',
      'UnmountDevice pv-c',
    ]);
    expect(scene.events).toEqual([]);
  });
});

test('where no controller does it, the kubelet attaches and detaches', () => {
  const scene = new Scene([attachable()], { enableControllerAttachDetach: false }).start();
  scene.add(podWith('p', [claim(scene, 'c')]));
  scene.settle();
  scene.end('uid-p');
  scene.settle();
  expect(scene.calls().map((call) => call.split(' ')[0])).toEqual([
    'Attach',
    'WaitForAttach',
    'MountDevice',
    'SetUp',
    'TearDown',
    'UnmountDevice',
    'Detach',
  ]);
  expect(scene.manager.actual).toEqual([]);
});

test('4.1 the log tells more of a failure to attach or detach than the event', () => {
  const scene = new Scene([attachable()], { enableControllerAttachDetach: false }).start();
  const { faults } = scene.simulation;
  faults.fail('Attach', { error: 'no', times: 1 });
  faults.fail('Detach', { error: 'busy', times: 1 });
  scene.add(podWith('p', [claim(scene, 'c')]));
  scene.settle();
  scene.simulation.advance(1000);
  scene.end('uid-p');
  scene.settle();
  const said = scene.records('log').map(({ message }) => message.replace(/.*Error: /, ''));
  expect(said).toEqual([
    `AttachVolume.Attach failed for volume "pv-c" (UniqueName: "${NAME}") from node "node-1" : no`,
    `DetachVolume.Detach failed for volume "pv-c" (UniqueName: "${NAME}") on node "node-1" : busy`,
  ]);
  expect(scene.events[0]).toBe(
    'p Warning FailedAttachVolume: AttachVolume.Attach failed for volume "pv-c" : no',
  );
});
