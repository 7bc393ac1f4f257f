import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster, type Explanation } from '../../src/index.ts';
import { type NamedVolume, podWith } from '../objects.ts';

interface Mounted {
  volumes: NamedVolume[];
  mounts: object[];
  container?: object;
  spec?: object;
}

function started({ volumes, mounts, container = {}, spec = {} }: Mounted): Cluster {
  const cluster = createCluster({
    nodes: [{ name: 'node-1', files: { '/srv/private/key': 'k', '/srv/readable': 'r' } }],
  });
  cluster.apply(podWith(volumes, { container: { volumeMounts: mounts, ...container }, spec }));
  cluster.settle();
  return cluster;
}

function explain(cluster: Cluster, path: string): Explanation {
  return cluster.pod('p').container().explain(path);
}

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'x' } };

describe('explain', () => {
  test('names the volume, its mount, and what the mode gives', () => {
    const cluster = started({
      volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Gi' } }],
      mounts: [{ name: 'cache', mountPath: '/cache' }],
      spec: { securityContext: { runAsUser: 1000 } },
    });
    cluster.pod('p').container().fsAs({ uid: 0 }).writeFileSync('/cache/x', '', { mode: 0o600 });
    const { steps, read, write, notes, text } = explain(cluster, '/cache/x');
    expect(steps.map(({ path, type, volume }) => [path, type, volume])).toEqual([
      ['/', 'directory', undefined],
      ['/cache', 'directory', 'cache'],
      ['/cache/x', 'file', undefined],
    ]);
    expect(steps[1]?.mount).toMatchObject({ type: 'ext4', source: '/dev/sda1', readOnly: false });
    const because = 'mode 0600 of 0:0 gives its group ---';
    expect(read).toEqual({ allowed: false, error: 'EACCES', because });
    expect(write).toEqual({ allowed: false, error: 'EACCES', because });
    expect(notes).toEqual(['volume cache may hold 1Gi: the Pod is evicted beyond']);
    expect(text).toContain('\nwrite: no, EACCES: mode 0600 of 0:0 gives its group ---\n');
  });

  test('what it says is what the file calls give', () => {
    const cluster = started({
      volumes: [
        { name: 'all', hostPath: { path: '/srv' } },
        { name: 'dir', emptyDir: {} },
      ],
      mounts: [
        { name: 'all', mountPath: '/ro', readOnly: true },
        { name: 'dir', mountPath: '/dir' },
      ],
      spec: { securityContext: { runAsUser: 1000 } },
    });
    cluster.node().fs.chmodSync('/srv/private', 0o700);
    const { fs } = cluster.pod('p').container();
    fs.symlinkSync('/ro/readable', '/dir/link');
    fs.symlinkSync('loop', '/dir/loop');
    const paths = [
      '/ro/readable',
      '/ro/private/key',
      '/dir',
      '/dir/link',
      '/dir/loop',
      '/dir/no',
      '/',
    ];
    for (const path of paths) {
      const { read, write } = explain(cluster, path);
      const codes = [4, 2].map((mode) => {
        try {
          fs.accessSync(path, mode);
          return undefined;
        } catch (error) {
          return (error as { code: string }).code;
        }
      });
      expect([path, read?.error, write?.error]).toEqual([path, ...codes]);
    }
  });

  test('links are followed, out of the volume too', () => {
    const cluster = started({
      volumes: [{ name: 'config', configMap: { name: 'm', optional: true } }],
      mounts: [{ name: 'config', mountPath: '/etc/config' }],
    });
    cluster.apply(CONFIG);
    cluster.advance('3m');
    const { steps, write, notes } = explain(cluster, '/etc/config/a');
    expect(steps.map(({ target }) => target).filter(Boolean)).toEqual([
      '..data/a',
      expect.stringMatching(/^\.\.2024_01_01_/),
    ]);
    expect(steps.at(-1)).toMatchObject({ type: 'file', mode: '0644' });
    expect(write).toEqual({ allowed: false, error: 'EROFS', because: 'it is mounted read-only' });
    expect(notes).toContain('volume config can only be read: containers get it read-only');
  });

  test('a directory that cannot be searched, and one that is missing', () => {
    const cluster = started({
      volumes: [{ name: 'all', hostPath: { path: '/srv' } }],
      mounts: [{ name: 'all', mountPath: '/all' }],
      spec: { securityContext: { runAsUser: 1000 } },
    });
    cluster.node().fs.chmodSync('/srv/private', 0o700);
    expect(explain(cluster, '/all/private/key').read).toEqual({
      allowed: false,
      error: 'EACCES',
      because: '/all/private cannot be searched: mode 0700 of 0:0 gives its group ---',
    });
    expect(explain(cluster, '/all/nothing').read).toEqual({
      allowed: false,
      error: 'ENOENT',
      because: 'there is no /all/nothing',
    });
  });

  test("the container's own root: image or writable layer; root need not heed modes; noexec", () => {
    const cluster = started({ volumes: [], mounts: [] });
    const { fs } = cluster.pod('p').container();
    fs.writeFileSync('/tmp/new', '', { mode: 0o000 });
    const made = explain(cluster, '/tmp/new');
    expect(made.steps.at(-1)).toMatchObject({ layer: 'writable layer', mode: '0000' });
    expect(made.read?.because).toBe(
      'mode 0000 of 0:0 gives its owner ---, which root need not heed',
    );
    expect(explain(cluster, '/etc').steps.at(-1)?.layer).toBe('image');
    expect(explain(cluster, '/proc/self/mountinfo').steps[1]?.mount?.options).toContain('noexec');
  });

  test('a subPath, a full tmpfs, and how mounts propagate', () => {
    const cluster = started({
      volumes: [{ name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '8Ki' } }],
      mounts: [
        { name: 'memory', mountPath: '/m', subPath: 'part', mountPropagation: 'HostToContainer' },
      ],
    });
    const { fs } = cluster.pod('p').container();
    expect(() => fs.writeFileSync('/m/big', Buffer.alloc(20_000))).toThrow('ENOSPC');
    const { free, notes, text } = explain(cluster, '/m/big');
    expect(free).toBe(0);
    expect(notes).toEqual([
      '/m is part of volume memory alone (subPath)',
      'no space is left: what needs more gets ENOSPC',
    ]);
    expect(text).toContain("mounts of the node's show up, those made here do not go back");
  });

  test('a quota of a directory, and what is left of it', () => {
    const cluster = started({
      volumes: [{ name: 'all', hostPath: { path: '/srv' } }],
      mounts: [{ name: 'all', mountPath: '/all' }],
    });
    cluster.node().setQuota('/srv', { bytes: 100 * 4096, inodes: 5 });
    const { fs } = cluster.pod('p').container();
    const left = explain(cluster, '/all');
    expect([left.free, left.freeInodes]).toEqual([96 * 4096, 1]);
    expect(left.notes).toEqual(['its directory has a quota: 409600 bytes and 5 inodes']);
    expect(left.text).toContain('\nfree: 393216 bytes, 1 inodes\n');
    expect(() => fs.writeFileSync('/all/x', Buffer.alloc(1 << 20))).toThrow('EDQUOT');
    expect(() => fs.writeFileSync('/all/y', '')).toThrow('EDQUOT');
    expect(explain(cluster, '/all/x').notes.slice(1)).toEqual([
      'no space is left: what needs more gets EDQUOT',
      'no inodes are left: new files get EDQUOT',
    ]);
    expect(() => cluster.node().setQuota('/srv/readable', {})).toThrow('ENOTDIR');
  });

  test('before it has run: what its Pod waits for, since when, what is tried next', () => {
    const cluster = started({
      volumes: [{ name: 'config', configMap: { name: 'm' } }],
      mounts: [{ name: 'config', mountPath: '/c' }],
    });
    const { steps, read, waiting, text } = explain(cluster, '/c/a');
    expect([steps, read]).toEqual([[], undefined]);
    expect(waiting.find(({ what }) => what === 'volume config')?.why).toContain(
      'configmap "m" not found',
    );
    expect(waiting.find(({ what }) => what === 'Ready')).toMatchObject({
      why: 'ContainersNotReady: containers with unready status: [c]',
      since: new Date('2024-01-01T00:00:01Z'),
    });
    expect(waiting.some(({ nextTry }) => nextTry && nextTry > cluster.now)).toBe(true);
    expect(text).toMatch(/, next at 2024-01-01T00:00:01\.5\d*Z$/m);
  });

  test('a path that is not absolute is refused', () => {
    const cluster = started({ volumes: [], mounts: [] });
    expect(() => explain(cluster, 'etc')).toThrow('explain: "etc" is not absolute');
  });
});
