import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

/** A manifest of the handbook's page on volumes, as it stands there. */
function handbook(name: string): string {
  return readFileSync(new URL(`../fixtures/handbook/${name}.yaml`, import.meta.url), 'utf8');
}

function started(manifests: (string | object)[], options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  for (const manifest of manifests) cluster.apply(manifest);
  const report = cluster.settle();
  expect(report.idle).toBe(true);
  return cluster;
}

/** Error code of what an action throws. */
function codeOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;

const claimOnHostPath = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: site }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /srv/site, type: DirectoryOrCreate }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: my-lamp-site-data }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
`;

describe('lifecycle', () => {
  test('H1 H2 what a container wrote is lost when it dies; what it wrote to a volume is not', () => {
    const cluster = started([handbook('01-empty-dir')]);
    const container = cluster.pod('test-pd').container();
    container.fs.writeFileSync('/cache/x', 'kept');
    container.fs.writeFileSync('/tmp/y', 'lost');
    container.crash();
    cluster.settle();
    const again = cluster.pod('test-pd').container();
    expect(again.fs.readFileSync('/cache/x', 'utf8')).toBe('kept');
    expect(codeOf(() => again.fs.readFileSync('/tmp/y'))).toBe('ENOENT');
    expect(again.restartCount).toBe(1);
  });

  test('H3 H5 a deleted Pod takes its emptyDir with it', () => {
    const cluster = started([handbook('01-empty-dir')]);
    const pod = cluster.pod('test-pd');
    pod.container().fs.writeFileSync('/cache/x', 'gone');
    const { fs } = cluster.node();
    expect(fs.existsSync(podDirectory(pod.uid))).toBe(true);
    cluster.delete('Pod', 'test-pd');
    cluster.settle();
    expect(cluster.get('Pod', 'test-pd')).toBe(undefined);
    expect(fs.existsSync(podDirectory(pod.uid))).toBe(false);
    expect(
      cluster
        .node()
        .mounts()
        .filter(({ mountPoint }) => mountPoint.includes(pod.uid)),
    ).toEqual([]);
  });

  test("H3 H19 a claim's data outlives the Pod", () => {
    const cluster = started([claimOnHostPath, handbook('07-sub-path')]);
    cluster.pod('my-lamp-site').container('mysql').fs.writeFileSync('/var/lib/mysql/table', 'rows');
    cluster.delete('Pod', 'my-lamp-site');
    cluster.settle();
    expect(cluster.node().fs.readFileSync('/srv/site/mysql/table', 'utf8')).toBe('rows');
    cluster.apply(handbook('07-sub-path'));
    cluster.settle();
    const { fs } = cluster.pod('my-lamp-site').container('mysql');
    expect(fs.readFileSync('/var/lib/mysql/table', 'utf8')).toBe('rows');
  });

  test('H4 two containers of a Pod share a volume', () => {
    const container = (name: string, mountPath: string): object => ({
      name,
      image: 'busybox',
      volumeMounts: [{ name: 'shared', mountPath }],
    });
    const cluster = started([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'two' },
        spec: {
          containers: [container('a', '/a'), container('b', '/b')],
          volumes: [{ name: 'shared', emptyDir: {} }],
        },
      },
    ]);
    cluster.pod('two').container('a').fs.writeFileSync('/a/x', 'from a');
    expect(cluster.pod('two').container('b').fs.readFileSync('/b/x', 'utf8')).toBe('from a');
  });

  test.each(['1.5', '1.11', '1.20', '1.30'])(
    'H6 volumes are in core/v1 of Kubernetes %s',
    (kubernetesVersion) => {
      const cluster = started([handbook('01-empty-dir')], { kubernetesVersion });
      expect(cluster.pod('test-pd').phase).toBe('Running');
      expect(cluster.pod('test-pd').volume('cache-volume')).toMatchObject({
        type: 'emptyDir',
        state: 'mounted',
      });
    },
  );
});

describe('types', () => {
  test('H10 an emptyDir starts empty, is writable by all, and another Pod has another', () => {
    const cluster = started([
      handbook('01-empty-dir'),
      handbook('01-empty-dir').replace('test-pd', 'other'),
    ]);
    const { fs } = cluster.pod('test-pd').container();
    expect(fs.readdirSync('/cache')).toEqual([]);
    expect(fs.statSync('/cache').mode & 0o7777).toBe(0o777);
    fs.writeFileSync('/cache/x', 'mine');
    expect(cluster.pod('other').container().fs.readdirSync('/cache')).toEqual([]);
    expect(cluster.pod('test-pd').volume('cache-volume').path).toBe(
      `${podDirectory(cluster.pod('test-pd').uid)}/volumes/kubernetes.io~empty-dir/cache-volume`,
    );
  });

  test('H11 a hostPath is the path of the node', () => {
    const cluster = started([handbook('02-host-path')], {
      nodes: [{ name: 'node-1', files: { '/data/greeting': 'hello' } }],
    });
    const { fs } = cluster.pod('test-pd').container();
    expect(fs.readFileSync('/test-pd/greeting', 'utf8')).toBe('hello');
    fs.writeFileSync('/test-pd/answer', 'hi');
    expect(cluster.node().fs.readFileSync('/data/answer', 'utf8')).toBe('hi');
    cluster.delete('Pod', 'test-pd');
    cluster.settle();
    expect(cluster.node().fs.readdirSync('/data')).toEqual(
      expect.arrayContaining(['answer', 'greeting']),
    );
  });

  test('H15 a gitRepo has the files of the repository at the revision', () => {
    const cluster = createCluster();
    cluster.outside.gitRemotes.add('git@somewhere:me/my-git-repository.git', {
      HEAD: { README: 'newest' },
      '22f1d8406d464b0c0874075539c1f2e96c253775': { README: 'that one' },
    });
    cluster.settle();
    cluster.apply(handbook('06-git-repo'));
    cluster.settle();
    const { fs } = cluster.pod('git-volume-pod').container();
    expect(fs.readFileSync('/mnt/my-git-repository/README', 'utf8')).toBe('that one');
  });

  test('H17 a projected volume puts several sources into one directory', () => {
    const cluster = createCluster();
    cluster.settle();
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mysecret' },
      stringData: { username: 'admin' },
    });
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'myconfigmap' },
      data: { config: 'on' },
    });
    const pod = handbook('09-projected').replace(
      'name: volume-test',
      'name: volume-test\n  labels: { app: web, tier: front }',
    );
    cluster.apply(
      pod.replace('image: busybox', 'image: busybox\n    resources: { limits: { cpu: 1500m } }'),
    );
    cluster.settle();
    const { fs } = cluster.pod('volume-test').container();
    const read = (path: string): unknown => fs.readFileSync(`/projected-volume/${path}`, 'utf8');
    expect(read('my-group/my-username')).toBe('admin');
    expect(read('my-group/my-config')).toBe('on');
    expect(read('labels')).toBe('app="web"\ntier="front"');
    expect(read('cpu_limit')).toBe('2');
    expect(codeOf(() => fs.writeFileSync('/projected-volume/labels', 'x'))).toBe('EROFS');
  });

  test('H18 secret, configMap and downwardAPI as volumes of their own', () => {
    const cluster = createCluster();
    cluster.settle();
    cluster.apply([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        data: { password: 'aHVudGVyMg==' },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c' },
        data: { 'app.conf': 'debug=1\n' },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'busybox',
              volumeMounts: ['s', 'c', 'd'].map((name) => ({ name, mountPath: `/${name}` })),
            },
          ],
          volumes: [
            { name: 's', secret: { secretName: 's' } },
            { name: 'c', configMap: { name: 'c' } },
            {
              name: 'd',
              downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] },
            },
          ],
        },
      },
    ]);
    cluster.settle();
    const container = cluster.pod('p').container();
    expect(container.fs.readFileSync('/s/password', 'utf8')).toBe('hunter2');
    expect(container.fs.readFileSync('/c/app.conf', 'utf8')).toBe('debug=1\n');
    expect(container.fs.readFileSync('/d/name', 'utf8')).toBe('p');
    const type = (path: string): unknown =>
      container.mounts().find(({ mountPoint }) => mountPoint === path)?.type;
    expect([type('/s'), type('/c'), type('/d')]).toEqual(['tmpfs', 'ext4', 'tmpfs']);
    expect(container.fs.readlinkSync('/s/password')).toBe('..data/password');
  });

  test('H21 containers use directories of their own of one claim', () => {
    const cluster = started([claimOnHostPath, handbook('07-sub-path')]);
    const pod = cluster.pod('my-lamp-site');
    pod.container('mysql').fs.writeFileSync('/var/lib/mysql/db', 'm');
    pod.container('php').fs.writeFileSync('/var/www/html/index.php', 'p');
    const { fs } = cluster.node();
    expect([fs.readdirSync('/srv/site/mysql'), fs.readdirSync('/srv/site/html')]).toEqual([
      ['db'],
      ['index.php'],
    ]);
    expect(cluster.get('PersistentVolumeClaim', 'my-lamp-site-data')?.status?.phase).toBe('Bound');
  });

  test('the size limit of an emptyDir is accepted, and df says its piece', () => {
    const cluster = started([handbook('11-empty-dir-size-limit')]);
    expect(cluster.pod('ls1').phase).toBe('Succeeded');
    expect(cluster.pod('ls1').container().logs()).toContain('/data');
  });
});
