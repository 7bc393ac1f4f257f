import { expect, test } from 'vitest';
import { watchInvariants } from '../../../src/testing/index.ts';
import { cloudCluster, podOn } from './cloud.ts';

test('a controller that starts again wants what Pods want: what it forgot is attached once more', () => {
  const { cluster, cloud } = cloudCluster();
  cloud.exclusive = true;
  const watch = watchInvariants(cluster);
  // It dies after the disk has come to the node, and before it told anybody.
  cluster.faults.crash('Attach', { when: 'after', times: 1 });
  cluster.apply(podOn('a', 'p'));
  cluster.settle();
  expect(cluster.pod('p').phase).toBe('Running');
  expect(cloud.calls).toEqual(['attach vol-1 a', 'attach vol-1 a']);
  expect(watch.check()).toEqual([]);
});

test('a disk that hangs on another node is taken off that one, once it is known not to be used there', () => {
  const { cluster, cloud } = cloudCluster();
  cloud.exclusive = true;
  // Somebody attached it by hand.
  cloud.attach('vol-1', 'a');
  const watch = watchInvariants(cluster);
  cluster.apply(podOn('b', 'q'));
  cluster.settle();
  expect(cluster.events({ reason: 'FailedAttachVolume' }).map(({ message }) => message)).toEqual([
    'AttachVolume.Attach failed for volume "pv-1" : vol-1 hangs on a',
  ]);
  // Until node a says so it is taken to have the disk in use.
  cluster.advance('4m');
  expect(cloud.on('vol-1')).toEqual(['a']);
  cluster.advance('4m');
  expect(cloud.on('vol-1')).toEqual(['b']);
  expect(cloud.calls.slice(-2)).toEqual(['detach vol-1 a', 'attach vol-1 b']);
  expect(cluster.pod('q').phase).toBe('Running');
  expect(watch.check()).toEqual([]);
});
