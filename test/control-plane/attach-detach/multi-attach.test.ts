import { expect, test } from 'vitest';
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
