import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.ts';

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

const storageClass = (name: string, provisioner: string, fields: object = {}): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner,
  ...fields,
});

const volume = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
});

const claimSpec = (storageClassName?: string): object => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...(storageClassName !== undefined && { storageClassName }),
});

const claim = (name: string, storageClassName?: string): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: claimSpec(storageClassName),
});

const pod = (name: string, volumes: object[], spec: object = {}, command?: string[]): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'c',
        image: 'busybox',
        ...(command && { command }),
        volumeMounts: volumes.map((one) => {
          const { name: volumeName } = one as { name: string };
          return { name: volumeName, mountPath: `/mnt/${volumeName}` };
        }),
      },
    ],
    volumes,
    ...spec,
  },
});

const ofClaim = (claimName: string): object => ({
  name: claimName,
  persistentVolumeClaim: { claimName },
});

/** A directory of a node as a volume of class `local`. */
function local(cluster: Cluster, node: string, place: string): object {
  cluster.node(node).fs.mkdirSync(`/mnt/${place}`, { recursive: true });
  const requirement = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return volume(`${node}-${place}`, {
    storageClassName: 'local',
    persistentVolumeReclaimPolicy: 'Retain',
    local: { path: `/mnt/${place}` },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
  });
}

const LOCAL = storageClass('local', 'kubernetes.io/no-provisioner', {
  volumeBindingMode: 'WaitForFirstConsumer',
});

describe('many Pods with three local volumes each', () => {
  /** Removes Pods that are done, with their claims. Gives their names. */
  function collect(cluster: Cluster): string[] {
    const done = cluster.list('Pod').filter(({ status }) => status?.phase === 'Succeeded');
    for (const { metadata, spec } of done) {
      cluster.delete('Pod', metadata.name);
      for (const { name } of spec.volumes?.filter((one) => one.persistentVolumeClaim) ?? []) {
        cluster.delete('PersistentVolumeClaim', name);
      }
    }
    return done.map(({ metadata }) => metadata.name);
  }

  /** Volumes whose claims are gone are made anew, as somebody has to who keeps what is on them. */
  function renew(cluster: Cluster): void {
    const released = cluster
      .list('PersistentVolume')
      .filter(({ status }) => status?.phase === 'Released');
    for (const { metadata } of released) cluster.delete('PersistentVolume', metadata.name);
    cluster.advance('1s');
    for (const { metadata } of released) {
      const [node = '', place = ''] = metadata.name.split('-');
      cluster.apply(local(cluster, node, place));
    }
  }

  test('all come to their end, although ten volumes of a node are no multiple of three', () => {
    const nodes = ['a', 'b', 'c'];
    const cluster = createCluster({ nodes });
    cluster.apply(LOCAL);
    for (const node of nodes) {
      for (let i = 0; i < 10; i++) cluster.apply(local(cluster, node, `${i}`));
    }
    cluster.settle();
    const finished = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const claims = [0, 1, 2].map((n) => `p${i}-${n}`);
      cluster.apply(claims.map((name) => claim(name, 'local')));
      cluster.apply(pod(`p${i}`, claims.map(ofClaim), { restartPolicy: 'Never' }, ['sleep', '1']));
    }
    for (let round = 0; round < 30 && finished.size < 20; round++) {
      cluster.advance('5s');
      for (const name of collect(cluster)) finished.add(name);
      cluster.advance('1s');
      renew(cluster);
    }
    expect(finished.size).toBe(20);
    cluster.advance('1m');
    const phases = cluster.list('PersistentVolume').map(({ status }) => status?.phase);
    expect(phases).toEqual(Array(30).fill('Available'));
  });
});

test('a local volume of another node keeps a Pod from running, whoever placed it', () => {
  const cluster = createCluster({ nodes: ['a', 'b'] });
  cluster.apply([storageClass('local', 'kubernetes.io/no-provisioner'), local(cluster, 'a', 'x')]);
  cluster.apply(claim('data', 'local'));
  cluster.settle();
  cluster.apply(pod('placed', [ofClaim('data')], { nodeName: 'b' }));
  cluster.apply(
    pod('asks', [ofClaim('data')], { nodeSelector: { 'kubernetes.io/hostname': 'b' } }),
  );
  cluster.settle();
  const why = (name: string): (string | undefined)[] =>
    cluster.events({ involved: `Pod/${name}` }).map(({ reason }) => reason);
  expect(why('placed')).toEqual(['FailedMount']);
  expect(why('asks')).toEqual(['FailedScheduling']);
  expect([cluster.pod('placed').phase, cluster.pod('asks').phase]).toEqual(['Pending', 'Pending']);
});

test('a claim that is deleted while its volume is made leaves nothing', () => {
  const cluster = createCluster({ enableHostPathProvisioner: true });
  cluster.apply(storageClass('gold', 'kubernetes.io/host-path'));
  cluster.settle();
  const hold = cluster.faults.hold('Provision');
  cluster.apply(claim('data', 'gold'));
  cluster.settle();
  cluster.delete('PersistentVolumeClaim', 'data');
  cluster.settle();
  expect(cluster.list('PersistentVolumeClaim')).toEqual([]);
  hold.unsubscribe();
  cluster.advance('1m');
  expect(cluster.list('PersistentVolume')).toEqual([]);
  expect(cluster.node().fs.readdirSync('/tmp/hostpath_pv')).toEqual([]);
});

test.each([['false'], [null]])(
  'a class that is the default no longer (%s) is given to nobody',
  (value) => {
    const cluster = createCluster({ enableHostPathProvisioner: true });
    const marked = (mark: string | null): object => ({
      metadata: { annotations: { [DEFAULT]: mark } },
    });
    cluster.apply(storageClass('gold', 'kubernetes.io/host-path'));
    cluster.patch('StorageClass', 'gold', marked('true'));
    cluster.patch('StorageClass', 'gold', marked(value));
    cluster.apply(claim('data'));
    cluster.settle();
    expect(cluster.get('PersistentVolumeClaim', 'data')?.spec.storageClassName).toBeUndefined();
    cluster.patch('StorageClass', 'gold', marked('true'));
    cluster.settle();
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Bound');
  },
);

test('two Pods of one description have ephemeral volumes of their own, each several', () => {
  const cluster = createCluster({ enableHostPathProvisioner: true });
  cluster.apply(storageClass('gold', 'kubernetes.io/host-path', { allowVolumeExpansion: true }));
  const volumeClaimTemplate = { metadata: { labels: { app: 'x' } }, spec: claimSpec('gold') };
  const volumes = ['a', 'b'].map((name) => ({ name, ephemeral: { volumeClaimTemplate } }));
  cluster.apply([pod('p', volumes), pod('q', volumes)]);
  cluster.settle();
  const claims = cluster.list('PersistentVolumeClaim', { labelSelector: 'app=x' });
  expect(claims.map(({ metadata }) => metadata.name)).toEqual(['p-a', 'p-b', 'q-a', 'q-b']);
  cluster.pod('p').container().fs.writeFileSync('/mnt/a/f', 'x');
  expect(cluster.pod('p').container().fs.readdirSync('/mnt/b')).toEqual([]);
  expect(cluster.pod('q').container().fs.readdirSync('/mnt/a')).toEqual([]);
  const larger = { spec: { resources: { requests: { storage: '2Gi' } } } };
  cluster.patch('PersistentVolumeClaim', 'p-a', larger);
  cluster.settle();
  const told = cluster.events({ involved: 'PersistentVolumeClaim/p-a' });
  expect(told.at(-1)?.reason).toBe('ExternalExpanding');
  cluster.delete('Pod', 'p');
  cluster.settle();
  expect(cluster.list('PersistentVolumeClaim').map(({ metadata }) => metadata.name)).toEqual([
    'q-a',
    'q-b',
  ]);
  expect(cluster.list('PersistentVolume').length).toBe(2);
});
