import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { podWith, volumeAndClaim } from '../objects.ts';

/** A Pod whose volumes `first` and `second` are the same claim. */
function twice(kubernetesVersion: string) {
  const cluster = createCluster({
    kubernetesVersion,
    nodes: [{ name: 'node-1', files: { '/disk/x': 'both' } }],
  });
  const persistentVolumeClaim = { claimName: 'claim' };
  const volumes = ['first', 'second'].map((name) => ({ name, persistentVolumeClaim }));
  cluster.apply([...volumeAndClaim({ hostPath: { path: '/disk' } }), podWith(volumes)]);
  cluster.advance('10m');
  return cluster;
}

test('1.2 a claim under two names of a Pod: since 1.35 both are there', () => {
  const cluster = twice('1.35');
  const { fs } = cluster.pod('p').container();
  expect(fs.readFileSync('/first/x', 'utf8')).toBe('both');
  expect(fs.readFileSync('/second/x', 'utf8')).toBe('both');
});

test.each([
  ['1.34', []],
  [
    '1.26',
    [
      'Unable to attach or mount volumes: unmounted volumes=[first], unattached volumes=[], failed to process volumes=[first]: timed out waiting for the condition',
    ],
  ],
  [
    '1.24',
    [
      'Unable to attach or mount volumes: unmounted volumes=[first], unattached volumes=[first second]: timed out waiting for the condition',
    ],
  ],
])('1.2 until 1.34 the Pod waits for ever, and from 1.27 on says nothing (%s)', (version, told) => {
  const cluster = twice(version);
  expect(cluster.pod('p').phase).toBe('Pending');
  expect(cluster.events({ reason: 'FailedMount' }).map(({ message }) => message)).toEqual(told);
  cluster.delete('Pod', 'p');
  cluster.settle();
  expect(cluster.get('Pod', 'p')).toBeUndefined();
});
