import { expect, test } from 'vitest';
import { claim, device, podWith, Scene } from './harness.ts';

const GLOBAL = '/var/lib/kubelet/plugins/test/device/volumeDevices/pv-c';
const LINK = '/var/lib/kubelet/pods/uid-p/volumeDevices/test~device/pv-c';

const mapper = device({
  blockMapper: {
    *map() {
      return '/mnt/disk';
    },
    *unmap() {},
  },
});

function blockScene(plugin = mapper): Scene {
  const scene = new Scene([plugin]).start();
  scene.machine.root.mkdirAll('/mnt', 0o755);
  scene.machine.root.mknod('/mnt/disk', 0o060600, 0x700);
  return scene;
}

/** A Pod with a device, whose claim is of mode Block. */
function blockPod(scene: Scene) {
  const volume = claim(scene, 'c');
  const pv = scene.objects.get('PersistentVolume//pv-c') as { spec: Record<string, unknown> };
  pv.spec['volumeMode'] = 'Block';
  const pod = podWith('p', [volume]);
  const container = { name: 'c', image: 'i', volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] };
  return { ...pod, spec: { ...pod.spec, containers: [container] } };
}

test('a device is bound for the node, linked for the Pod, and taken away', () => {
  const scene = blockScene();
  const { root } = scene.machine;
  scene.add(blockPod(scene));
  scene.settle();
  expect(scene.manager.mountedVolumes('uid-p').get('v')).toMatchObject({
    path: LINK,
    devicePath: '/mnt/disk',
  });
  expect(root.readlink(LINK)).toBe('/mnt/disk');
  expect(root.isMountPoint(`${GLOBAL}/uid-p`)).toBe(true);
  expect(scene.events).toEqual([
    `p Normal SuccessfulMountVolume: MapVolume.MapPodDevice succeeded for volume "pv-c" globalMapPath "${GLOBAL}"`,
    'p Normal SuccessfulMountVolume: MapVolume.MapPodDevice succeeded for volume "pv-c" volumeMapPath "/var/lib/kubelet/pods/uid-p/volumeDevices/test~device"',
  ]);
  scene.end('uid-p');
  scene.settle();
  expect(root.lexists(LINK)).toBe(false);
  expect(root.exists(GLOBAL)).toBe(false);
  expect(scene.manager.actual).toEqual([]);
  expect(scene.calls()).toEqual(['MapPodDevice pv-c', 'UnmapPodDevice pv-c']);
});

test('2.3 a path that is a link is followed; one that leads nowhere fails', () => {
  const linked = (to: string): Scene => {
    const scene = blockScene(
      device({
        blockMapper: {
          *map() {
            return '/mnt/by-id';
          },
          *unmap() {},
        },
      }),
    );
    scene.machine.root.symlink(to, '/mnt/by-id');
    scene.add(blockPod(scene));
    scene.settle();
    return scene;
  };
  expect(linked('disk').machine.root.readlink(LINK)).toBe('/mnt/disk');
  const failed = 'p Warning FailedMapVolume: MapVolume.EvalHostSymlinks failed for volume "pv-c"';
  for (const [to, part] of [
    ['gone', '/mnt/gone'],
    ['/gone/disk', '/gone'],
    ['../mnt/gone', '/mnt/gone'],
  ] as const)
    expect(linked(to).events[0]).toBe(`${failed} : lstat ${part}: no such file or directory`);
});

test('a device that a restarted kubelet finds is taken away when nobody wants it', () => {
  const scene = blockScene();
  scene.add(blockPod(scene));
  scene.settle();
  scene.restart();
  scene.pods.clear();
  scene.start();
  expect(scene.machine.root.lexists(LINK)).toBe(false);
  expect(scene.machine.root.exists(GLOBAL)).toBe(false);
});

test('a device that another Pod still has stays; what is no device goes with it', () => {
  const scene = blockScene();
  const { root } = scene.machine;
  scene.add(blockPod(scene));
  scene.settle();
  root.mknod(`${GLOBAL}/uid-q`, 0o060600, 0x700);
  root.mknod(`${GLOBAL}/uid-r`, 0o100640, 0);
  scene.end('uid-p');
  scene.settle();
  expect(scene.records('log').map(({ message }) => message.replace(/.*Error: /, ''))[0]).toBe(
    `UnmapDevice failed for volume "pv-c" (UniqueName: "test/device/pv-c") on node "node-1" : the device "${GLOBAL}" is still referenced from other Pods [${GLOBAL}/uid-q]`,
  );
  expect(scene.manager.actual[0]?.deviceMountState).toBe('DeviceGloballyMounted');
  root.unlink(`${GLOBAL}/uid-q`);
  scene.simulation.advance(1000);
  expect(root.exists(GLOBAL)).toBe(false);
  expect(scene.manager.actual).toEqual([]);
});

test('4.1 what fails is told in the log with all names; unmapping in the log only', () => {
  const scene = blockScene();
  const { faults } = scene.simulation;
  const { root } = scene.machine;
  faults.fail('MapPodDevice', { error: 'no', times: 1 });
  faults.fail('UnmapPodDevice', { error: 'busy', times: 1 });
  scene.add(blockPod(scene));
  scene.settle();
  scene.simulation.advance(1000);
  const { length } = scene.events;
  root.unlink(LINK);
  root.mkdirAll(LINK, 0o755);
  scene.end('uid-p');
  scene.settle();
  root.rmdir(LINK);
  scene.simulation.advance(5000);
  const names = '(UniqueName: "test/device/pv-c") pod "p" (UID: "uid-p")';
  expect(scene.records('log').map(({ message }) => message.replace(/.*Error: /, ''))).toEqual([
    `MapVolume.MapPodDevice failed for volume "pv-c" ${names} : no`,
    `UnmapVolume.UnmapBlockVolume failed for volume "v" ${names} : remove ${LINK}: is a directory`,
    `UnmapVolume.UnmapPodDevice failed for volume "v" ${names} : busy`,
  ]);
  expect(scene.events).toHaveLength(length);
  expect(scene.manager.actual).toEqual([]);
});

test('a plugin without devices says so in the log', () => {
  const scene = blockScene(device());
  scene.add(blockPod(scene));
  scene.settle();
  expect(scene.events).toEqual([]);
  expect(scene.records('log')[0]?.message).toContain(
    'MapVolume.FindMapperPluginBySpec failed to find BlockVolumeMapper plugin. Volume plugin is nil.',
  );
});

test('2.3 a device of a plugin that stages it: once for the node, before the Pod, and back in reverse', () => {
  const scene = blockScene(
    device({
      blockMapper: { ...mapper.blockMapper!, *setUpDevice() {}, *tearDownDevice() {} },
    }),
  );
  scene.simulation.faults.fail('SetUpDevice', {
    error: { class: 'uncertain', message: 'hm' },
    times: 1,
  });
  scene.add(blockPod(scene));
  scene.settle();
  expect(scene.events).toEqual([
    'p Warning FailedMapVolume: MapVolume.SetUpDevice failed for volume "pv-c" : hm',
  ]);
  expect(scene.manager.actual[0]?.deviceMountState).toBe('DeviceMountUncertain');
  scene.simulation.advance(500);
  scene.end('uid-p');
  scene.settle();
  expect(scene.calls()).toEqual([
    'SetUpDevice pv-c failed',
    'SetUpDevice pv-c',
    'MapPodDevice pv-c',
    'UnmapPodDevice pv-c',
    'TearDownDevice pv-c',
  ]);
});

test('4.2 a device that the plugin cannot name', () => {
  const scene = blockScene(
    device({
      blockMapper: {
        *map() {
          return '';
        },
        *unmap() {},
      },
    }),
  );
  scene.add(blockPod(scene));
  scene.settle();
  expect(scene.events).toEqual([
    'p Warning FailedMapVolume: MapVolume failed for volume "pv-c" : device path of the volume is empty',
  ]);
});
