import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { podWith } from '../objects.ts';

/** A Pod whose container has the volume `v` of a hostPath at /a, /b, … by the given fields. */
function podOf(mounts: readonly object[], env: readonly object[] = []): object {
  const volumeMounts = mounts.map((mount, i) => ({
    name: 'v',
    mountPath: `/${'abc'.charAt(i)}`,
    ...mount,
  }));
  const container = { env, volumeMounts };
  return podWith([{ name: 'v', hostPath: { path: '/disk' } }], { container });
}

function run(pod: object): Cluster {
  const cluster = createCluster({
    nodes: [{ name: 'node-1', files: { '/disk/dir/x': 'dir', '/disk/file': 'file' } }],
  });
  cluster.apply(pod);
  cluster.settle();
  return cluster;
}

describe('2.3 a subPathExpr', () => {
  test('whose variables are empty or not there keeps the container from starting', () => {
    const env = [
      { name: 'EMPTY', value: '' },
      { name: 'DIR', value: 'dir' },
    ];
    const cluster = run(podOf([{ subPathExpr: '$(ZERO)$(DIR)$(EMPTY)' }], env));
    const { state } = cluster.pod('p').object.status?.containerStatuses?.[0] ?? {};
    expect(state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'missing value for EMPTY, ZERO',
    });
  });

  test('has the values of the container’s variables', () => {
    const env = [
      { name: 'WHERE', value: 'di' },
      { name: 'DIR', value: '$(WHERE)r' },
    ];
    const cluster = run(podOf([{ subPathExpr: '$(DIR)' }], env));
    expect(cluster.pod('p').container().fs.readdirSync('/a')).toEqual(['x']);
  });
});

describe('2.3 what subPaths are bound onto', () => {
  const BOUND = '/volume-subpaths/v/c';

  test('one place for each volumeMount that has one, by its number; below it is a directory or a file', () => {
    const cluster = run(podOf([{}, { subPath: 'dir' }, { subPath: 'file' }]));
    const node = cluster.node();
    const base = `/var/lib/kubelet/pods/${cluster.pod('p').uid}`;
    const mode = (path: string): number => node.fs.statSync(path).mode;
    expect(node.fs.readdirSync(base + BOUND)).toEqual(['1', '2']);
    expect(node.fs.readFileSync(`${base}${BOUND}/1/x`, 'utf8')).toBe('dir');
    expect(node.fs.readFileSync(`${base}${BOUND}/2`, 'utf8')).toBe('file');
    for (const index of ['1', '2']) node.unmount(`${base}${BOUND}/${index}`);
    expect(node.fs.readdirSync(`${base}${BOUND}/1`)).toEqual([]);
    expect(mode(`${base}${BOUND}/1`)).toBe(0o40750);
    expect(node.fs.readFileSync(`${base}${BOUND}/2`, 'utf8')).toBe('');
    expect(mode(`${base}${BOUND}/2`)).toBe(0o100640);
    for (const parent of ['/volume-subpaths', '/volume-subpaths/v', BOUND])
      expect(mode(base + parent)).toBe(0o40750);
  });

  test('stays when the container ends; the next run has the same bind, or another where the file is another', () => {
    const cluster = run(podOf([{ subPath: 'dir' }, { subPath: 'file' }]));
    const node = cluster.node();
    const ids = (): string[] =>
      node
        .mounts()
        .filter(({ mountPoint }) => mountPoint.includes(BOUND))
        .map(({ id }) => `${id}`);
    const before = ids();
    cluster.pod('p').container().exit(0);
    expect(ids()).toEqual(before);
    node.fs.renameSync('/disk/file', '/disk/old');
    node.fs.writeFileSync('/disk/file', 'new');
    cluster.settle();
    const { fs } = cluster.pod('p').container();
    expect(cluster.pod('p').container().restartCount).toBe(1);
    expect(fs.readFileSync('/b', 'utf8')).toBe('new');
    const after = ids();
    expect(after).toHaveLength(2);
    expect(after).toContain(before[0]);
    expect(after).not.toContain(before[1]);
  });
});
