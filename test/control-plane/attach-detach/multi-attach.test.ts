import { expect, test } from 'vitest';
import { createVersionRules, type Pod } from '../../../src/api/index.ts';
import { multiAttachMessage } from '../../../src/control-plane/attach-detach/multi-attach.ts';
import { cloudCluster, podOn } from './cloud.ts';

const MULTI = 'Multi-Attach error for volume "pv-1" ';

/** Pods on b and c wait for a disk that a cannot let go of, since its kubelet is not there. */
function three(gone: boolean) {
  const { cluster, cloud } = cloudCluster({ nodes: ['a', 'b', 'c'] });
  cluster.apply(podOn('a', 'holder'));
  cluster.settle();
  cluster.node('a').kubelet.stop();
  if (gone) cluster.delete('Pod', 'holder', { force: true });
  cluster.settle();
  cluster.apply([podOn('b', 'waits-on-b'), podOn('c', 'waits-on-c')]);
  cluster.settle();
  expect(cloud.on('vol-1')).toEqual(['a']);
  const told = cluster.events({ reason: 'FailedAttachVolume' });
  return Object.fromEntries(
    told.map(({ involvedObject, message }) => [involvedObject.name, message]),
  );
}

test('2.1 only Pods of nodes to which a disk is attached are said to use it', () => {
  const message = `${MULTI}Volume is already used by pod(s) holder`;
  expect(three(false)).toEqual({ 'waits-on-b': message, 'waits-on-c': message });
});

test('2.1 when no such Pod is left, the disk is only said to be attached', () => {
  const message = `${MULTI}Volume is already exclusively attached to one node and can't be attached to another`;
  expect(three(true)).toEqual({ 'waits-on-b': message, 'waits-on-c': message });
});

/* Models Test_ReportMultiAttachError of pkg/controller/volume/attachdetach/reconciler/reconciler_test.go. */
test.each([
  [[], "Volume is already exclusively attached to one node and can't be attached to another"],
  [['ns1/pod2'], 'Volume is already used by pod(s) pod2'],
  [['ns2/pod2'], 'Volume is already used by 1 pod(s) in different namespaces'],
  [
    ['ns2/pod2', 'ns1/pod3'],
    'Volume is already used by pod(s) pod3 and 1 pod(s) in different namespaces',
  ],
  [
    ['ns2/pod2', 'ns1/pod3', 'ns3/pod4', 'ns1/pod5'],
    'Volume is already used by pod(s) pod3, pod5 and 2 pod(s) in different namespaces',
  ],
])('2.1 to a Pod only those of its namespace are named: %j', (users, why) => {
  const podOf = (key: string): Pod => {
    const [namespace = '', name = ''] = key.split('/');
    return { metadata: { namespace, name } } as Pod;
  };
  const others = users.map(podOf);
  const said = multiAttachMessage('pv-1', podOf('ns1/pod1'), others, createVersionRules());
  expect(said).toBe(MULTI + why);
});

test('2.1 nothing is said while the disk is on its way off the other node', () => {
  const { cluster, cloud } = cloudCluster();
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  cluster.faults.delay('Detach', { by: '30s', times: 1 });
  cluster.delete('Pod', 'p');
  expect(cluster.runUntil(() => cluster.get('Pod', 'p') === undefined)).toBe(true);
  cluster.advance('10s');
  expect(cloud.on('vol-1')).toEqual(['a']);
  cluster.apply(podOn('b', 'q'));
  cluster.settle();
  expect(cluster.pod('q').phase).toBe('Running');
  expect(cloud.on('vol-1')).toEqual(['b']);
  expect(cluster.events({ reason: 'FailedAttachVolume' })).toEqual([]);
});
