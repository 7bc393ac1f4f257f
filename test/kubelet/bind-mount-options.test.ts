import { expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';

/** A Pod whose containers `c` and `d` have the same volume, `c` with options, and at /sub a directory of it. */
function podWith(bindMountOptions: string[]): object {
  const at = (mountPath: string, more: object = {}): object => ({ name: 'v', mountPath, ...more });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'busybox',
          volumeMounts: [
            at('/v', { bindMountOptions }),
            at('/sub', { subPath: 'sub', readOnly: true, bindMountOptions: ['nodev'] }),
          ],
        },
        { name: 'd', image: 'busybox', volumeMounts: [at('/v')] },
      ],
      volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }],
    },
  };
}

function started(options: string[], featureGates: Record<string, boolean>): Cluster {
  const cluster = createCluster({ featureGates });
  cluster.settle();
  cluster.apply(podWith(options));
  cluster.settle();
  return cluster;
}

/** The flags of a mount that `bindMountOptions` can set, and `ro`. */
function flags(cluster: Cluster, container: string, path: string): string[] {
  const mounts = cluster.pod('p').container(container).mounts();
  const found = mounts.find(({ mountPoint }) => mountPoint === path);
  const all = [...(found?.options ?? []), ...(found?.readOnly ? ['ro'] : [])];
  return all.filter((name) => /^(?:no(?:dev|exec|suid)|ro)$/.test(name)).sort();
}

const ON = { VolumeBindMountOptions: true };

test('bindMountOptions are flags of one mount, and of no other of the volume', () => {
  const cluster = started(['noexec', 'nosuid'], ON);
  expect(flags(cluster, 'c', '/v')).toEqual(['noexec', 'nosuid']);
  expect(flags(cluster, 'c', '/sub')).toEqual(['nodev', 'ro']);
  expect(flags(cluster, 'd', '/v')).toEqual([]);
});

test('nothing there can be executed', () => {
  const cluster = started(['noexec'], ON);
  const { fs } = cluster.pod('p').container('c');
  fs.writeFileSync('/v/run', '', { mode: 0o755 });
  expect(() => fs.accessSync('/v/run', fs.constants.X_OK)).toThrow('EACCES');
  cluster.pod('p').container('d').fs.accessSync('/v/run', fs.constants.X_OK);
});

test('they are dropped where the gate is off, and others are refused', () => {
  expect(flags(started(['noexec'], {}), 'c', '/v')).toEqual([]);
  expect(() => started(['noexec', 'ro'], ON)).toThrow(
    'spec.containers[0].volumeMounts[0].bindMountOptions[1]: Unsupported value: "ro": supported values: "nodev", "noexec", "nosuid"',
  );
});
