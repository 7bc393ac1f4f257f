import { describe, expect, test } from 'vitest';
import { ApiError, type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

interface Fields {
  [field: string]: unknown;
}

const ON: ClusterOptions = { featureGates: { AtomicWriteVolumeUserFields: true } };

/** A cluster with a Secret and a ConfigMap `s`, and a Pod whose volume is at /v. */
function started(source: Fields, securityContext: Fields = {}, options = ON): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  const metadata = { name: 's' };
  cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { a: '1', b: '2' } });
  cluster.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { a: '1' },
    binaryData: { b: 'Mg==' },
  });
  const volumeMounts = [{ name: 'v', mountPath: '/v' }];
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      securityContext,
      containers: [{ name: 'c', image: 'busybox', volumeMounts }],
      volumes: [{ name: 'v', ...source }],
    },
  });
  cluster.settle();
  return cluster;
}

/** Mode, owner and group of files of the volume. */
function owners(cluster: Cluster, ...names: string[]): string[] {
  const path = cluster.pod('p').volume('v').path ?? '';
  return names.map((name) => {
    const { mode, uid, gid } = cluster.node().fs.statSync(`${path}/${name}`);
    return `${(mode & 0o777).toString(8)} ${uid}:${gid}`;
  });
}

const items = [
  { key: 'a', path: 'a', user: 7 },
  { key: 'b', path: 'd/b', mode: 0o400 },
];
const name = { fieldRef: { fieldPath: 'metadata.name' } };
const fields = [
  { path: 'a', ...name, user: 7 },
  { path: 'd/b', ...name, mode: 0o400 },
];

describe('user and defaultUser: who owns files from the API', () => {
  test.each<[string, Fields]>([
    ['secret', { secret: { secretName: 's', defaultUser: 5, items } }],
    ['configMap', { configMap: { name: 's', defaultUser: 5, items } }],
    ['downwardAPI', { downwardAPI: { defaultUser: 5, items: fields } }],
    ['secret', { projected: { defaultUser: 5, sources: [{ secret: { name: 's', items } }] } }],
    [
      'configMap',
      { projected: { defaultUser: 5, sources: [{ configMap: { name: 's', items } }] } },
    ],
    [
      'downwardAPI',
      { projected: { defaultUser: 5, sources: [{ downwardAPI: { items: fields } }] } },
    ],
  ])('of %s: what the item says, else what the volume says', (_, source) => {
    const cluster = started(source);
    expect(owners(cluster, 'a', 'd/b', '..data/d')).toEqual(['644 7:0', '400 5:0', '755 0:0']);
  });

  test('of all keys', () => {
    const source = { configMap: { name: 's', defaultUser: 5 } };
    expect(owners(started(source), 'a', 'b')).toEqual(['644 5:0', '644 5:0']);
  });

  test('the group is that of the Pod all the same', () => {
    const source = { secret: { secretName: 's', defaultUser: 5, defaultMode: 0o400 } };
    expect(owners(started(source, { fsGroup: 9 }), 'a')).toEqual(['440 5:9']);
  });

  test('new content has the same owner', () => {
    const cluster = started({ configMap: { name: 's', defaultUser: 5 } });
    cluster.patch('ConfigMap', 's', { data: { a: 'new' } });
    cluster.advance('3m');
    expect(owners(cluster, 'a')).toEqual(['644 5:0']);
  });

  const token = (volume: Fields, projection: Fields): Fields => ({
    projected: { ...volume, sources: [{ serviceAccountToken: { path: 't', ...projection } }] },
  });

  test.each<[string, Fields, Fields, Fields, string]>([
    ['nothing', {}, {}, { runAsUser: 3 }, '600 3:0'],
    ['the volume', { defaultUser: 5 }, {}, { runAsUser: 3 }, '644 5:0'],
    ['the token', { defaultUser: 5 }, { user: 7 }, { runAsUser: 3 }, '644 7:0'],
    ['the token, with a group', {}, { user: 7 }, { runAsUser: 3, fsGroup: 9 }, '640 7:9'],
  ])('of a token: %s says it', (_, volume, projection, securityContext, expected) => {
    const cluster = started(token(volume, projection), securityContext);
    expect(owners(cluster, 't')).toEqual([expected]);
  });
});

describe('where they may be said', () => {
  const all: Fields = {
    projected: {
      defaultUser: 5,
      sources: [
        { secret: { name: 's', items } },
        { downwardAPI: { items: [{ path: 'f', ...name, user: 7 }] } },
        { serviceAccountToken: { path: 't', user: 7 } },
      ],
    },
  };

  test('they are dropped where the gate is off', () => {
    const cluster = started(all, {}, {});
    expect(JSON.stringify(cluster.pod('p').object.spec.volumes)).not.toMatch(/user/i);
    expect(owners(cluster, 'a', 'f', 't')).toEqual(['644 0:0', '644 0:0', '644 0:0']);
  });

  test('1.36 does not know them', () => {
    expect(() => started(all, {}, { kubernetesVersion: '1.36' })).toThrow(/unknown field/);
  });

  test('a user is a number from 0 to 2147483647', () => {
    const bad = (key: string): Fields => ({ key, path: key, user: 2 ** 31 });
    const wrong: [Fields, string[]][] = [
      [{ secret: { secretName: 's', defaultUser: -1 } }, ['secret.defaultUser']],
      [{ configMap: { name: 's', items: [bad('a')] } }, ['configMap.items[0].user']],
      [{ downwardAPI: { items: [{ path: 'f', ...name, user: -1 }] } }, ['downwardAPI.user']],
      [
        {
          projected: {
            defaultUser: -1,
            sources: [{ serviceAccountToken: { path: 't', user: -1 } }],
          },
        },
        ['projected.defaultUser', 'projected.sources[0].serviceAccountToken.user'],
      ],
    ];
    for (const [source, expected] of wrong) {
      const causes = refused(source).filter(({ field }) => field?.startsWith('spec.volumes'));
      expect(causes.map(({ field }) => field)).toEqual(
        expected.map((field) => `spec.volumes[0].${field}`),
      );
      for (const { message } of causes) {
        expect(message).toMatch(/must be between 0 and 2147483647, inclusive$/);
      }
    }
  });

  function refused(source: Fields): { field?: string; message?: string }[] {
    try {
      started(source);
    } catch (error) {
      if (error instanceof ApiError) return [...(error.causes ?? [])];
      throw error;
    }
    return [];
  }
});
