import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import {
  checkInvariants,
  explore,
  matchers,
  type VolumeMatchers,
} from '../../src/testing/index.ts';

declare module 'vitest' {
  interface Matchers<T> extends VolumeMatchers<T> {}
}

expect.extend(matchers);

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    containers: [{ name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', emptyDir: {} }],
  },
};

describe('matchers', () => {
  const cluster = createCluster();
  cluster.apply(pod);

  test('before anything happened', () => {
    expect(cluster.pod('p')).not.toBeMounted();
    expect(() => expect(cluster.pod('p')).toBeInPhase('Running')).toThrow(
      /expected Pod p to be Running; it is Pending/,
    );
  });

  test('of a Pod that runs', () => {
    cluster.settle();
    cluster.pod('p').container().fs.writeFileSync('/v/x', 'hello');
    expect(cluster.pod('p')).toBeInPhase('Running');
    expect(cluster.pod('p')).toBeMounted();
    expect(cluster.pod('p').volume('v')).toBeMounted();
    expect(cluster.pod('p').container()).toHaveFile('/v/x');
    expect(cluster.pod('p').container()).toHaveFile('/v/x', 'hello');
    expect(cluster.pod('p').container()).not.toHaveFile('/v/x', 'hi');
    expect(() => expect(cluster.pod('p').container()).toHaveFile('/v/y')).toThrow(/ENOENT/);
    expect(cluster).toHaveEvent('Pod/p', 'Started', /container c/);
    expect(cluster).not.toHaveEvent('Pod/p', 'FailedMount');
    expect(cluster).toHoldInvariants();
    expect(checkInvariants(cluster)).toEqual([]);
  });

  test('of a cluster that somebody disturbed', () => {
    cluster.node().fs.rmSync(
      cluster
        .pod('p')
        .volume('v')
        .path?.replace(/\/volumes.*/, '/volumes/kubernetes.io~empty-dir') ?? '',
      { recursive: true },
    );
    expect(cluster).toHoldInvariants();
    cluster.node().unmount(cluster.pod('p').volumes[1]?.path ?? '');
    cluster.node().fs.rmSync('/var/lib/kubelet/pods', { recursive: true });
    expect(() => expect(cluster).toHoldInvariants()).toThrow(/K59/);
  });
});

describe('explore', () => {
  test('tries many schedules, and tells those in which the scenario fails', () => {
    const orders = new Set<string>();
    const found = explore(
      (cluster) => {
        cluster.apply([pod, { ...pod, metadata: { name: 'q' } }]);
        cluster.settle();
        const started = cluster.trace.records.flatMap((record) =>
          record.type === 'container' && record.state === 'started' ? [record.pod] : [],
        );
        orders.add(started.join(' '));
        if (started[0] === 'q') throw new Error('q came first');
      },
      { runs: 20 },
    );
    expect([...orders].sort()).toEqual(['p q', 'q p']);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(20);
    expect(found[0]).toMatchObject({ violations: [], error: { message: 'q came first' } });
  });
});
