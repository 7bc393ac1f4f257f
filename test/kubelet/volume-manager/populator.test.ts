import { describe, expect, test } from 'vitest';
import { DesiredStateOfWorld } from '../../../src/kubelet/volume-manager/desired-state-of-world.ts';
import { attachable, claim, device, plain, podWith, Scene } from './harness.ts';

const NAME = 'test/device/pv-c';

describe('1.2 errors of a Pod', () => {
  test('are kept once, ten at most, until they are taken', () => {
    const desired = new DesiredStateOfWorld(() => {});
    for (let i = 0; i < 12; i++) {
      desired.addError('p', `error ${i}`);
      desired.addError('p', `error ${i}`);
    }
    expect(desired.popErrors('p')).toEqual(Array.from({ length: 10 }, (_, i) => `error ${i}`));
    expect(desired.popErrors('p')).toEqual([]);
    expect(desired.hasErrors('p')).toBe(false);
  });

  test('are forgotten with it', () => {
    const scene = new Scene([plain(), device()]).start();
    const pod = podWith('p', [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }]);
    scene.add(pod);
    scene.settle();
    scene.end('uid-p');
    scene.settle();
    // A Pod of that uid would hear of them at once.
    scene.terminating.clear();
    scene.stopped.clear();
    claim(scene, 'c');
    let failed: unknown;
    scene.add(pod);
    scene.simulation.spawn('wait', scene.owner, scene.manager.waitForAttachAndMount(pod), {
      onEnd: (error) => {
        failed = error;
      },
    });
    scene.settle();
    expect(failed).toBeUndefined();
    expect(scene.manager.mountedVolumes('uid-p').size).toBe(1);
  });

  test('a PersistentVolume that there is not, and a volume of no known type', () => {
    const scene = new Scene([plain(), device()]).start();
    const volume = claim(scene, 'c');
    scene.objects.delete('PersistentVolume//pv-c');
    scene.add(podWith('p', [volume]));
    scene.add(podWith('q', [{ name: 'share', nfs: { server: 's', path: '/' } }]));
    scene.settle();
    expect(scene.records('log').map(({ message }) => message)).toEqual([
      'Error processing volume "v": error processing PVC default/c: failed to fetch PV pv-c from API server: persistentvolumes "pv-c" not found',
      'Error processing volume "share": failed to get Plugin from volumeSpec for volume "share" err=no volume plugin matched',
    ]);
  });
});

test('1.2 a Pod some of whose volumes are not there has the others', () => {
  const scene = new Scene([plain(), device()]).start();
  scene.add(
    podWith('p', [
      { name: 'v', persistentVolumeClaim: { claimName: 'c' } },
      { name: 'cache', emptyDir: {} },
    ]),
  );
  scene.settle();
  expect([...scene.manager.mountedVolumes('uid-p').keys()]).toEqual(['cache']);
  claim(scene, 'c');
  scene.manager.reprocessPod('uid-p');
  scene.settle();
  expect([...scene.manager.mountedVolumes('uid-p').keys()].sort()).toEqual(['cache', 'v']);
});

test('1.2 exactly the names in the last status are reported in use', () => {
  const scene = new Scene([attachable()]).start();
  const volumesAttached = [{ name: NAME, devicePath: '/dev/x' }];
  scene.objects.set('Node//node-1', { metadata: { name: 'node-1' }, status: { volumesAttached } });
  const pod = podWith('p', [claim(scene, 'c')]);
  const held = scene.simulation.faults.hold('VerifyControllerAttachedVolume');
  scene.add(pod);
  scene.settle();
  const reason = (): unknown => scene.manager.states(pod)[0]?.reason;
  scene.manager.markVolumesAsReportedInUse([NAME, 'test/device/other']);
  expect(reason()).toBe('Volume not attached according to node status');
  scene.manager.markVolumesAsReportedInUse(['test/device/other']);
  expect(reason()).toContain('has not been added to the list of VolumesInUse');
  held.unsubscribe();
});

test('1.4 what a Pod leaves goes before what another brings', () => {
  const scene = new Scene([plain()]).start();
  scene.add(podWith('a', [{ name: 'v', emptyDir: {} }]));
  scene.settle();
  scene.add(podWith('b', [{ name: 'v', emptyDir: {} }]));
  scene.end('uid-a');
  scene.settle();
  const order = scene
    .records('operation')
    .flatMap(({ operation, uid, state }) => (state === 'started' ? [`${operation} ${uid}`] : []));
  expect(order.slice(1)).toEqual(['volume_unmount uid-a', 'volume_mount uid-b']);
});
