import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import { type PodParts, podWith } from '../objects.ts';

/* Variants of what Kubernetes' end-to-end tests say, where the cases have one of several. */

interface Fields {
  readonly [field: string]: unknown;
}

/** A Pod whose volume `v` is at /v. */
const podOf = (source: object, parts: PodParts = {}): object =>
  podWith([{ name: 'v', ...source }], parts);

function started(
  objects: readonly object[],
  prepare: (cluster: Cluster) => void = () => undefined,
  options: ClusterOptions = {},
): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  prepare(cluster);
  apply(cluster, objects);
  cluster.settle();
  return cluster;
}

function apply(cluster: Cluster, objects: readonly object[]): void {
  for (const object of objects) cluster.apply(object);
}

/** Mode, owner and group of a path in the container. */
function stat(cluster: Cluster, path: string): string {
  const { mode, uid, gid } = cluster.pod('p').container().fs.statSync(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

/** The type of the filesystem that a mount of the container shows. */
function typeAt(cluster: Cluster, path: string): string | undefined {
  const mounts = cluster.pod('p').container().mounts();
  return mounts.findLast(({ mountPoint }) => mountPoint === path)?.type;
}

function encoded(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
}

function read(cluster: Cluster, path: string): string {
  return String(cluster.pod('p').container().fs.readFileSync(path, 'utf8'));
}

function waiting(cluster: Cluster): string {
  const state = cluster.pod('p').object.status?.containerStatuses?.[0]?.state?.waiting;
  return `${state?.reason}: ${state?.message}`;
}

describe('test/e2e/common/storage/empty_dir.go', () => {
  const media = [
    ['', '777'],
    ['Memory', '1777'],
  ] as const;
  const cases = media.flatMap(([medium, mode]) =>
    [0, 1001].map((runAsUser) => [medium, runAsUser, mode] as const),
  );

  test.each(cases)(
    'medium "%s", user %i: what it is, and modes and owners of files',
    (medium, runAsUser, mode) => {
      const container = { securityContext: { runAsUser } };
      const cluster = started([podOf({ emptyDir: { medium } }, { container })]);
      expect(stat(cluster, '/v')).toBe(`${mode} 0:0`);
      expect(typeAt(cluster, '/v')).toBe(medium === 'Memory' ? 'tmpfs' : 'ext4');
      const { fs } = cluster.pod('p').container();
      for (const own of [0o644, 0o666, 0o777]) {
        fs.writeFileSync('/v/f', 'mount-tester new file\n');
        fs.chmodSync('/v/f', own);
        expect(stat(cluster, '/v/f')).toBe(`${own.toString(8)} ${runAsUser}:0`);
      }
    },
  );

  test.each(cases)(
    'medium "%s", user %i: what is new has the fsGroup, which the container is in',
    (medium, runAsUser, mode) => {
      const spec = { securityContext: { runAsUser, fsGroup: 123 } };
      const cluster = started([podOf({ emptyDir: { medium } }, { spec })]);
      const { fs } = cluster.pod('p').container();
      fs.mkdirSync('/v/d');
      fs.writeFileSync('/v/d/f', '');
      expect(['/v', '/v/d', '/v/d/f'].map((path) => stat(cluster, path))).toEqual([
        mode === '1777' ? '3777 0:123' : '2777 0:123',
        `2755 ${runAsUser}:123`,
        `644 ${runAsUser}:123`,
      ]);
      const ofTheGroup = `${cluster.pod('p').volume('v').path}/of-the-group`;
      cluster.node().fs.writeFileSync(ofTheGroup, 'x');
      cluster.node().fs.chmodSync(ofTheGroup, 0o640);
      expect(read(cluster, '/v/of-the-group')).toBe('x');
    },
  );

  test.each(media)('medium "%s": a subPath that was not there is as the volume', (medium, mode) => {
    const spec = { securityContext: { runAsUser: 1001, fsGroup: 123 } };
    const parts = { mount: { subPath: 'sub' }, spec };
    const cluster = started([podOf({ emptyDir: { medium } }, parts)]);
    expect(stat(cluster, '/v')).toBe(mode === '1777' ? '3777 0:123' : '2777 0:123');
  });
});

describe('test/e2e/common/storage/{secrets,configmap}_volume.go, projected_*.go', () => {
  const data = { 'data-1': 'value-1\n', 'data-2': 'value-2\n' };
  const metadata = { name: 's' };
  const objectsWith = (values: Record<string, string>): Fields[] => [
    { apiVersion: 'v1', kind: 'Secret', metadata, data: encoded(values) },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: values },
  ];
  const objects = objectsWith(data);
  type Source = (fields: Fields, more?: Fields) => Fields;
  const sources: [string, Source][] = [
    ['secret', (fields, more) => ({ secret: { secretName: 's', ...fields, ...more } })],
    ['configMap', (fields, more) => ({ configMap: { name: 's', ...fields, ...more } })],
    [
      'projected secret',
      (fields, more) => ({
        projected: { sources: [{ secret: { name: 's', ...fields } }], ...more },
      }),
    ],
    [
      'projected configMap',
      (fields, more) => ({
        projected: { sources: [{ configMap: { name: 's', ...fields } }], ...more },
      }),
    ],
  ];
  const asUser = { spec: { securityContext: { runAsUser: 1000, fsGroup: 1001 } } };

  test.each(sources)('%s: modes', (_, source) => {
    const at = (fields: Fields, more: Fields, pod: PodParts, path: string): string =>
      stat(started([...objects, podOf(source(fields, more), pod)]), path);
    const items = [{ key: 'data-2', path: 'path/to/data-2', mode: 0o400 }];
    expect([
      at({}, {}, {}, '/v/data-1'),
      at({}, { defaultMode: 0o400 }, {}, '/v/data-1'),
      at({}, { defaultMode: 0o400 }, asUser, '/v/data-1'),
      at({}, { defaultMode: 0o440 }, asUser, '/v/data-1'),
      at({ items }, {}, {}, '/v/path/to/data-2'),
      at({ items }, {}, asUser, '/v/path/to'),
    ]).toEqual(['644 0:0', '400 0:0', '440 0:1001', '440 0:1001', '400 0:0', '2755 0:1001']);
  });

  /** What a reader sees: the names, and what is behind them. */
  const shown = (cluster: Cluster): Fields => {
    const names = cluster.pod('p').container().fs.readdirSync('/v') as string[];
    const visible = names.filter((name) => !name.startsWith('..'));
    return Object.fromEntries(visible.map((name) => [name, read(cluster, `/v/${name}`)]));
  };
  const afterwards = (cluster: Cluster, change: () => void): Fields => {
    change();
    cluster.advance('3m');
    return shown(cluster);
  };

  test.each(sources)('%s: one that is optional comes, changes and goes', (_, source) => {
    const cluster = started([podOf(source({ optional: true }))]);
    expect(cluster.pod('p').phase).toBe('Running');
    expect(shown(cluster)).toEqual({});
    expect(afterwards(cluster, () => apply(cluster, objects))).toEqual(data);
    const other = { 'data-2': 'value-2\n', 'data-3': 'value-3\n' };
    expect(afterwards(cluster, () => apply(cluster, objectsWith(other)))).toEqual(other);
    const remove = (): void => {
      cluster.delete('Secret', 's');
      cluster.delete('ConfigMap', 's');
    };
    expect(afterwards(cluster, remove)).toEqual({});
    expect(cluster.events({ involved: 'Pod/p', reason: 'FailedMount' })).toEqual([]);
    expect(cluster.pod('p').container().restartCount).toBe(0);
  });

  test.each(sources)('%s: a key that is optional comes, and goes', (_, source) => {
    const items = ['data-1', 'data-3'].map((key) => ({ key, path: key }));
    const cluster = started([...objects, podOf(source({ items, optional: true }))]);
    expect(shown(cluster)).toEqual({ 'data-1': 'value-1\n' });
    const come = (): void => apply(cluster, objectsWith({ 'data-3': 'value-3\n' }));
    expect(afterwards(cluster, come)).toEqual({ 'data-3': 'value-3\n' });
  });

  test.each(sources)(
    '%s: one that is not optional keeps the Pod until it is there',
    (_, source) => {
      for (const fields of [{}, { optional: false }]) {
        const cluster = started([podOf(source(fields))]);
        cluster.advance('1m');
        expect(cluster.pod('p').phase).toBe('Pending');
        const [event] = cluster.events({ involved: 'Pod/p', reason: 'FailedMount' });
        expect(event?.message).toMatch(/: (?:secret|configmap) "s" not found$/);
        expect(afterwards(cluster, () => apply(cluster, objects))).toEqual(data);
      }
    },
  );

  test.each(sources)(
    '%s: nobody may write, and a key that is missing keeps the Pod',
    (_, source) => {
      const cluster = started([...objects, podOf(source({}))]);
      const { fs } = cluster.pod('p').container();
      expect(() => fs.writeFileSync('/v/data-1', '')).toThrow('EROFS');
      const items = [{ key: 'none', path: 'x' }];
      const other = started([...objects, podOf(source({ items }))]);
      expect(other.pod('p').phase).toBe('Pending');
      const [event] = other.events({ involved: 'Pod/p', reason: 'FailedMount' });
      expect(event?.message).toMatch(/references non-existent (?:secret|config) key: none$/);
    },
  );
});

describe('test/e2e/storage/testsuites/subpath.go', () => {
  const hostPath = { hostPath: { path: '/tmp/vol' } };
  const linkTo =
    (target: string) =>
    (cluster: Cluster): void => {
      const { fs } = cluster.node();
      fs.mkdirSync('/tmp/vol/in/deep', { recursive: true });
      fs.writeFileSync('/tmp/vol/in/f', 'x');
      fs.symlinkSync(target, '/tmp/vol/sub');
    };

  test.each(['/bin', '/bin/sh', '/bin/none', '../', '../..', '/', '/tmp/volume'])(
    'a link to %s leads out: the container never starts',
    (target) => {
      const cluster = started([podOf(hostPath, { mount: { subPath: 'sub' } })], linkTo(target));
      cluster.advance('1m');
      expect(waiting(cluster)).toMatch(
        /^CreateContainerConfigError: failed to (?:prepare subPath|create subPath directory) for volumeMount "v" of container "c"$/,
      );
    },
  );

  test.each(['in', '/tmp/vol/in', 'in/deep/..', '.'])('a link to %s stays in', (target) => {
    const cluster = started([podOf(hostPath, { mount: { subPath: 'sub' } })], linkTo(target));
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test('nothing is made behind a link that leads out', () => {
    const cluster = started([podOf(hostPath, { mount: { subPath: 'sub/x' } })], linkTo('/bin'));
    expect(waiting(cluster)).toMatch(/failed to create subPath directory/);
    expect(cluster.node().fs.existsSync('/bin/x')).toBe(false);
  });

  test('a directory that a container removed: the next run has another, and the Pod can go', () => {
    const volumeMounts = [
      { name: 'v', mountPath: '/sub', subPath: 'sub' },
      { name: 'v', mountPath: '/all' },
    ];
    const cluster = started([podOf({ emptyDir: {} }, { container: { volumeMounts } })]);
    const { uid } = cluster.pod('p');
    cluster.pod('p').container().fs.rmdirSync('/all/sub');
    cluster.pod('p').container().crash();
    cluster.settle();
    cluster.pod('p').container().fs.writeFileSync('/sub/x', 'again');
    expect(read(cluster, '/all/sub/x')).toBe('again');
    cluster.pod('p').container().fs.rmSync('/all/sub', { recursive: true });
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cluster.get('Pod', 'p')).toBe(undefined);
    expect(cluster.node().fs.existsSync(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
  });
});

describe('test/e2e/common/node/expansion.go', () => {
  test.each([
    ['..', "unable to provision SubPath `..`: must not contain '..'"],
    ['/tmp', 'error SubPath `/tmp` must not be an absolute path'],
    ['', 'missing value for X'],
  ])('a subPathExpr that becomes "%s"', (value, why) => {
    const container = { env: [{ name: 'X', value }] };
    const mount = { subPathExpr: '$(X)' };
    const cluster = started([podOf({ emptyDir: {} }, { container, mount })]);
    expect(waiting(cluster)).toBe(`CreateContainerConfigError: ${why}`);
  });

  test.each([
    ['$(X)/$(Y)', '`echo x`/deep'],
    ['$(Y)-$$(X)-$', 'deep-$(X)-$'],
  ])('a subPathExpr %s is the directory %s of the volume', (subPathExpr, path) => {
    const env = [
      { name: 'X', value: '`echo x`' },
      { name: 'Y', value: 'deep' },
    ];
    const parts = { container: { env }, mount: { subPathExpr } };
    const cluster = started([podOf({ emptyDir: {} }, parts)]);
    cluster.pod('p').container().fs.writeFileSync('/v/f', 'x');
    const volume = cluster.pod('p').volume('v').path ?? '';
    expect(cluster.node().fs.readFileSync(`${volume}/${path}/f`, 'utf8')).toBe('x');
    expect(cluster.node().fs.readdirSync(volume)).toEqual([path.split('/')[0]]);
  });
});
