import { expect, test } from 'vitest';
import { hasReferences } from '../../../src/kubelet/volume-manager/device-references.ts';
import { cloudCluster, podOn } from '../../control-plane/attach-detach/cloud.ts';
import { podWith } from '../../objects.ts';

const DEVICE = '/var/lib/kubelet/plugins/test.example/disk/mounts/vol-1';

/** A Pod whose subPath is where the device is mounted: it is bound there for as long as the Pod has it. */
const OTHER = podWith(
  [{ name: 'mounts', hostPath: { path: DEVICE.slice(0, DEVICE.lastIndexOf('/')) } }],
  { name: 'q', mount: { subPath: 'vol-1' }, spec: { nodeName: 'a' } },
);

test('2.4 a device that another Pod has got hold of stays, and so does its disk, until it has let go', () => {
  const { cluster, cloud } = cloudCluster();
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  const node = cluster.node('a');
  cluster.apply(OTHER);
  cluster.settle();
  cluster.delete('Pod', 'p');
  cluster.advance('1m');
  const said = cluster.trace.records.flatMap((record) =>
    record.type === 'log' && record.message.includes('other references') ? [record.message] : [],
  );
  expect(said[0]).toContain(
    `GetDeviceMountRefs check failed for volume "pv-1" (UniqueName: "test.example/disk/vol-1") on node "a" : the device mount path "${DEVICE}" is still mounted by other references [/var/lib/kubelet/pods/${cluster.pod('q').uid}/volume-subpaths/mounts/c/0]`,
  );
  expect(said.length).toBeGreaterThan(1);
  expect(node.kubelet.volumeManager.actual[0]).toMatchObject({
    volume: 'test.example/disk/vol-1',
    deviceMountState: 'DeviceGloballyMounted',
  });
  expect(cloud.on('vol-1')).toEqual(['a']);
  cluster.delete('Pod', 'q');
  cluster.advance('3m');
  expect(node.mounts().filter(({ source }) => source === 'vol-1')).toEqual([]);
  expect(cloud.on('vol-1')).toEqual([]);
});

const MOUNTS = '/var/lib/kubelet/plugins/kubernetes.io/x/mounts/v';

test.each([
  [MOUNTS, [], false],
  [MOUNTS, ['/home/user/srv'], true],
  [MOUNTS, [`/rootfs${MOUNTS}`], false],
  [MOUNTS, ['/mnt/other/kubelet/plugins/kubernetes.io/x/mounts/v'], false],
  [MOUNTS, [`/rootfs${MOUNTS}`, '/srv'], true],
  ['/mnt/disk', ['/srv/mnt/disk'], false],
  ['/mnt/disk', ['/srv/disk'], true],
])('%s and mounts at %j', (path, references, expected) => {
  expect(hasReferences(path, references)).toBe(expected);
});
