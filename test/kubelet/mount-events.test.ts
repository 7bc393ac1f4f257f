import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

/** What events say of the mounts of a Pod whose Secret is changed, of a version. */
function told(kubernetesVersion: string): string[] {
  const cluster = createCluster({ kubernetesVersion });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };
  cluster.apply([
    { ...secret, stringData: { a: '1' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        automountServiceAccountToken: false,
        containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
        volumes: [{ name: 'v', secret: { secretName: 's' } }],
      },
    },
  ]);
  cluster.settle();
  cluster.apply({ ...secret, stringData: { a: '2' } });
  cluster.advance('3m');
  expect(cluster.pod('p').container().fs.readFileSync('/v/a', 'utf8')).toBe('2');
  return cluster
    .events({ involved: 'Pod/p' })
    .filter(({ message = '' }) => message.includes('SetUp'))
    .map(({ type, reason, message, count }) => `${type} ${reason} ${message}x${count}`);
}

test('4.2 a mount is told of from 1.7 to 1.10, and bringing it up to date is not', () => {
  const text = 'Normal SuccessfulMountVolume MountVolume.SetUp succeeded for volume "v" x1';
  expect(['1.6', '1.7', '1.10', '1.11', 'all'].map(told)).toEqual([[], [text], [text], [], []]);
});
