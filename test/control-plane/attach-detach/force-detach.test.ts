import { expect, test } from 'vitest';
import { createCluster } from '../../../src/index.ts';
import { cloudCluster, podOn } from './cloud.ts';

/** Where the disk is, some time after the kubelet of its node went and its Pod was deleted by force. */
function diskAfter(time: string, taint: boolean, options: object): string[] {
  const { cluster, cloud } = cloudCluster(options);
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  cluster.node('a').kubelet.stop();
  cluster.edit('Node', 'a', ({ spec }) => {
    const taints = [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' as const }];
    if (taint && spec) spec.taints = taints;
  });
  cluster.edit(
    'Node',
    'a',
    ({ status }) => {
      for (const one of status?.conditions ?? []) if (one.type === 'Ready') one.status = 'Unknown';
    },
    { subresource: 'status' },
  );
  cluster.delete('Pod', 'p', { force: true, gracePeriodSeconds: 0 });
  cluster.advance(time);
  return cloud.on('vol-1');
}

test.each([
  ['1.23', {}, ['a']],
  ['1.24', {}, ['a']],
  ['1.24', { NodeOutOfServiceVolumeDetach: true }, []],
  ['1.26', {}, []],
  ['1.34', {}, []],
])('5.7 the taint out-of-service: %s %j', (kubernetesVersion, featureGates, disk) => {
  expect(diskAfter('1m', true, { kubernetesVersion, featureGates })).toEqual(disk);
});

test.each([
  ['1.34', false, []],
  ['1.34', true, ['a']],
  ['1.29', true, []],
])('5.7 by time, unless that is turned off: %s %j', (kubernetesVersion, off, disk) => {
  const options = { kubernetesVersion, disableForceDetachOnTimeout: off };
  expect(diskAfter('5m50s', false, options)).toEqual(['a']);
  expect(diskAfter('6m10s', false, options)).toEqual(disk);
});

test('a flag is true or false', () => {
  const options = { disableForceDetachOnTimeout: 'yes' } as never;
  expect(() => createCluster(options)).toThrow(
    'createCluster: disableForceDetachOnTimeout: yes is neither true nor false',
  );
});
