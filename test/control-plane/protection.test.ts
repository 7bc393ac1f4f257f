import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { volumeAndClaim } from '../objects.ts';

/** Claim `data`, bound to `disk`. */
function bound(): Cluster {
  const cluster = createCluster();
  cluster.settle();
  const hostPath = { path: '/tmp/disk', type: 'DirectoryOrCreate' };
  cluster.apply(volumeAndClaim({ hostPath }, { volume: 'disk', claim: 'data' }));
  cluster.settle();
  return cluster;
}

const pod = (spec: object = {}, claimName: string | undefined = 'data'): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    containers: [{ name: 'c', image: 'busybox' }],
    volumes: [
      claimName === 'data'
        ? { name: 'v', persistentVolumeClaim: { claimName } }
        : { name: 'v', emptyDir: {} },
    ],
    ...spec,
  },
});

const there = (cluster: Cluster): boolean =>
  cluster.get('PersistentVolumeClaim', 'data') !== undefined;

describe('a claim that is deleted', () => {
  test('stays for a Pod that has ended, until its object is gone', () => {
    const cluster = bound();
    const containers = [{ name: 'c', image: 'busybox', command: ['true'] }];
    cluster.apply(pod({ containers, restartPolicy: 'Never' }));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Succeeded');
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.advance('5m');
    expect(there(cluster)).toBe(true);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(there(cluster)).toBe(false);
  });

  test('does not stay for a Pod that has no node', () => {
    const cluster = bound();
    cluster.apply(pod({ schedulingGates: [{ name: 'example.com/wait' }] }));
    cluster.settle();
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.settle();
    expect(there(cluster)).toBe(false);
  });

  test('goes when the next Pod of that name has other volumes', () => {
    const cluster = bound();
    cluster.apply(pod());
    cluster.settle();
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.settle();
    expect(there(cluster)).toBe(true);
    cluster.delete('Pod', 'p', { force: true, gracePeriodSeconds: 0 });
    cluster.apply(pod({}, ''));
    cluster.settle();
    expect(there(cluster)).toBe(false);
  });

  test('goes although it cannot be written at first', () => {
    const cluster = bound();
    cluster.faults.fail('UpdatePersistentVolumeClaim', { times: 2, error: 'too busy' });
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.advance('1m');
    expect(there(cluster)).toBe(false);
  });
});

test('a volume that is deleted stays as long as it is bound, and goes although it cannot be written at first', () => {
  const cluster = bound();
  cluster.delete('PersistentVolume', 'disk');
  cluster.settle();
  expect(cluster.get('PersistentVolume', 'disk')?.status?.phase).toBe('Bound');
  expect(cluster.get('PersistentVolume', 'disk')?.metadata.deletionTimestamp).toBeDefined();
  cluster.faults.fail('UpdatePersistentVolume', { times: 2, error: 'too busy' });
  cluster.delete('PersistentVolumeClaim', 'data');
  cluster.advance('1m');
  expect(cluster.get('PersistentVolume', 'disk')).toBeUndefined();
});
