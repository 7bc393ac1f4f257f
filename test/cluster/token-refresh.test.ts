import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

function pod(name: string): object {
  const serviceAccountToken = { path: 'token', expirationSeconds: 600 };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      serviceAccountName: 'builder',
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'busybox', volumeMounts: [{ name: 't', mountPath: '/t' }] }],
      volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken }] } }],
    },
  };
}

const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'builder' } };

function withPod(seed: number) {
  const cluster = createCluster({ seed });
  cluster.apply([account, pod('p')]);
  cluster.settle();
  const token = (): unknown => cluster.pod('p').container().fs.readFileSync('/t/token', 'utf8');
  return { cluster, token };
}

test('2.9 a token that cannot be replaced stays as long as it is good, and the log says so', () => {
  const { cluster, token } = withPod(1);
  const first = token();
  cluster.delete('ServiceAccount', 'builder');
  cluster.advance('9m58s');
  expect(token()).toBe(first);
  const told = cluster.trace.records.flatMap((record) =>
    record.type === 'log' && record.message.startsWith("Couldn't update token")
      ? [record.message]
      : [],
  );
  expect(told[0]).toContain(`UID:"${cluster.pod('p').uid}"`);
  expect(told[0]).toMatch(/: serviceaccounts "builder" not found$/);
  expect(cluster.events({ reason: 'FailedMount' })).toEqual([]);
  cluster.apply(account);
  cluster.advance('2m');
  expect(token()).not.toBe(first);
});

test('2.9 a token is replaced up to ten seconds early, by a whole number of them that the seed decides', () => {
  /** Seconds after which the token of a Pod that is synced all the time is another one. */
  const life = (seed: number): number => {
    const { cluster, token } = withPod(seed);
    const first = token();
    const issued = issuedAt(first);
    cluster.advance('7m40s');
    for (let looks = 0; token() === first; looks++) {
      cluster.patch('Pod', 'p', { metadata: { annotations: { looks: `${looks}` } } });
      cluster.advance('1s');
    }
    return issuedAt(token()) - issued;
  };
  const seeds = [1, 2, 3, 4, 5, 6];
  const lives = seeds.map(life);
  for (const seconds of lives) expect(seconds).toBeGreaterThan(470);
  for (const seconds of lives) expect(seconds).toBeLessThanOrEqual(482);
  expect(new Set(lives).size).toBeGreaterThan(3);
  expect(seeds.map(life)).toEqual(lives);
});

function issuedAt(token: unknown): number {
  const [, claims = ''] = String(token).split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).iat;
}
