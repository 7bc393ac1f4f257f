import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

const STORAGE = '1Gi';

/** A PersistentVolume for a directory of the node that belongs to a group, and its claim. */
function shared(name: string, gid?: string): object[] {
  const claim = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
  const annotations = gid === undefined ? {} : { 'pv.beta.kubernetes.io/gid': gid };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, annotations },
      spec: {
        ...claim,
        capacity: { storage: STORAGE },
        hostPath: { path: `/${name}` },
        claimRef: { namespace: 'default', name },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name },
      spec: { ...claim, volumeName: name, resources: { requests: { storage: STORAGE } } },
    },
  ];
}

/** A Pod of user 1000 with both claims, which only its first container has. */
function podWithBoth(): object {
  const named = (name: string): object => ({
    name,
    persistentVolumeClaim: { claimName: name },
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 1000, supplementalGroups: [500] },
      containers: [
        {
          name: 'user',
          image: 'busybox',
          volumeMounts: ['a', 'b'].map((name) => ({ name, mountPath: `/${name}` })),
        },
        { name: 'other', image: 'id' },
      ],
      volumes: [named('a'), named('b')],
    },
  };
}

/** Directories of group 777 behind both claims, and a container that tells its groups. */
function run(gid: string | undefined) {
  const cluster = createCluster();
  cluster.settle();
  const groups: number[][] = [];
  cluster.images.add('id', function* (process) {
    groups.push([...process.groups]);
    yield* process.sleep('1h');
  });
  const { fs } = cluster.node();
  for (const directory of ['/a', '/b']) {
    fs.mkdirSync(directory);
    fs.chownSync(directory, 0, 777);
    fs.chmodSync(directory, 0o770);
  }
  cluster.apply([...shared('a', gid), ...shared('b'), podWithBoth()]);
  cluster.settle();
  return { user: cluster.pod('p').container('user').fs, node: fs, groups };
}

test('1.2 the group that a PersistentVolume names is one of every container', () => {
  const { user, node, groups } = run('777');
  user.writeFileSync('/a/file', 'mine');
  user.writeFileSync('/b/file', 'mine');
  expect(node.statSync('/a/file')).toMatchObject({ uid: 1000, gid: 0 });
  expect(groups).toEqual([[777, 500]]);
});

test.each([undefined, '', 'staff', '500'])('1.2 and no other: %j', (gid) => {
  const { user, groups } = run(gid);
  expect(() => user.writeFileSync('/a/file', 'mine')).toThrow(/EACCES/);
  expect(groups).toEqual([[500]]);
});
