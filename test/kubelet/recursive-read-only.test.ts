import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { podWith } from '../objects.ts';

const MODES = ['Enabled', 'IfPossible', 'Disabled', undefined] as const;

/** A node with something mounted below /srv, and a Pod that mounts that once for each mode, and writable. */
function started(modes: readonly (string | undefined)[], options: object = {}): Cluster {
  const { containerRuntime = {}, ...rest } = options as { containerRuntime?: object };
  const cluster = createCluster({
    nodes: [{ name: 'node-1', files: { '/srv/below/x': '' }, containerRuntime }],
    ...rest,
  });
  cluster.settle();
  cluster.node().mount({ type: 'tmpfs', source: 'below', target: '/srv/below' });
  const volumeMounts = [
    ...modes.map((mode) => ({
      name: 'v',
      mountPath: `/${mode ?? 'ro'}`,
      readOnly: true,
      ...(mode && { recursiveReadOnly: mode }),
    })),
    { name: 'v', mountPath: '/rw' },
  ];
  const hostPath = { path: '/srv' };
  cluster.apply(podWith([{ name: 'v', hostPath }], { container: { volumeMounts } }));
  cluster.settle();
  return cluster;
}

function writable(cluster: Cluster, paths: readonly string[]): boolean[] {
  const { fs } = cluster.pod('p').container();
  return paths.map((path) => {
    try {
      fs.writeFileSync(`${path}/below/new`, '');
      return true;
    } catch (error) {
      expect((error as { code: string }).code).toBe('EROFS');
      return false;
    }
  });
}

const status = (cluster: Cluster) =>
  cluster.pod('p').object.status?.containerStatuses?.[0]?.volumeMounts;

describe('recursive read-only mounts', () => {
  test('what is mounted below is read-only where that is asked for, and the status tells', () => {
    const cluster = started(MODES);
    const paths = ['/Enabled', '/IfPossible', '/Disabled', '/ro', '/rw'];
    expect(writable(cluster, paths)).toEqual([false, false, true, true, true]);
    const told = (mountPath: string, recursiveReadOnly: string) => {
      return { name: 'v', mountPath, readOnly: true, recursiveReadOnly };
    };
    expect(status(cluster)).toEqual([
      told('/Enabled', 'Enabled'),
      told('/IfPossible', 'Enabled'),
      told('/Disabled', 'Disabled'),
      told('/ro', 'Disabled'),
      { name: 'v', mountPath: '/rw' },
    ]);
    expect(cluster.node().object.status?.runtimeHandlers).toEqual([
      { name: '', features: { recursiveReadOnlyMounts: true } },
    ]);
  });

  test('of a runtime that cannot do it: IfPossible is Disabled, Enabled keeps the container from starting', () => {
    const containerRuntime = { recursiveReadOnlyMounts: false };
    const some = started(['IfPossible'], { containerRuntime });
    expect(writable(some, ['/IfPossible'])).toEqual([true]);
    expect(status(some)?.[0]?.recursiveReadOnly).toBe('Disabled');
    const none = started(['Enabled'], { containerRuntime });
    expect(none.pod('p').object.status?.containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message:
        'failed to resolve recursive read-only mode: volume "v" requested recursive read-only mode, but it is not supported by the runtime',
    });
  });

  test('a version without the gate tells nothing', () => {
    const cluster = started([undefined], { kubernetesVersion: '1.30' });
    expect([status(cluster), cluster.node().object.status?.runtimeHandlers]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
