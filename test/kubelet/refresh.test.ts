import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { checkInvariants } from '../../src/testing/index.ts';
import { podWith, volumeAndClaim } from '../objects.ts';

const config = (a: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config' },
  data: { a },
});

/** A Pod with a ConfigMap and a claim, which is deleted. */
function withClaimBeingDeleted(kubernetesVersion: string) {
  const cluster = createCluster({
    nodes: [{ name: 'node-1', files: { '/data/x': '' } }],
    kubernetesVersion,
  });
  const volumes = [
    { name: 'config', configMap: { name: 'config' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'claim' } },
  ];
  const disk = volumeAndClaim({ hostPath: { path: '/data' } });
  cluster.apply([config('1'), ...disk, podWith(volumes)]);
  cluster.settle();
  const shown = (): string =>
    String(cluster.pod('p').container().fs.readFileSync('/config/a', 'utf8'));
  cluster.apply(config('2'));
  cluster.advance('90s');
  expect(shown()).toBe('2');
  cluster.delete('PersistentVolumeClaim', 'claim');
  return { cluster, shown };
}

test.each([
  ['1.32', '2'],
  ['1.33', '3'],
])(
  '2.9 a Pod is refreshed while one of its claims is being deleted, since 1.33 (%s)',
  (version, value) => {
    const { cluster, shown } = withClaimBeingDeleted(version);
    cluster.apply(config('3'));
    cluster.advance('5m');
    expect(shown()).toBe(value);
    expect(cluster.pod('p').phase).toBe('Running');
    expect(cluster.events({ involved: 'Pod/p', reason: 'FailedMount' })).toEqual([]);
    expect(checkInvariants(cluster)).toEqual([]);
  },
);

test('2.8 a kubelet that starts again leaves the volumes of a Pod alone whose claim is being deleted', () => {
  const { cluster, shown } = withClaimBeingDeleted('all');
  cluster.node().kubelet.restart();
  cluster.advance('5m');
  expect(cluster.pod('p').container().restartCount).toBe(0);
  expect(cluster.pod('p').volumes.map(({ state }) => state)).toEqual(['mounted', 'mounted']);
  expect(shown()).toBe('2');
  expect(checkInvariants(cluster)).toEqual([]);
});

test('4.2 a Pod is told when the owner of its files takes long to change', () => {
  const cluster = createCluster();
  cluster.settle();
  cluster.faults.delay('chown', { by: '100s', times: 1 });
  const spec = { securityContext: { fsGroup: 2000 } };
  cluster.apply(podWith([{ name: 'v', emptyDir: {} }], { spec }));
  cluster.advance('3m');
  const place = `${cluster.pod('p').uid}/volumes/kubernetes.io~empty-dir/v`;
  const told = cluster.events({ reason: 'VolumePermissionChangeInProgress' });
  expect(told.map(({ message }) => message)).toEqual([
    `Setting volume ownership for ${place} is taking longer than expected, consider using OnRootMismatch - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods`,
    `Setting volume ownership for ${place}, processed 1 files.`,
  ]);
  expect(cluster.pod('p').phase).toBe('Running');
});
