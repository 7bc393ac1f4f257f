import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

const pod = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [
      {
        name: 'v',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { app: 'web' }, annotations: { note: 'mine' } },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
              storageClassName: 'gold',
            },
          },
        },
      },
    ],
    ...more,
  },
});

const gold = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'gold' },
  provisioner: 'kubernetes.io/host-path',
};

const cluster = (kubernetesVersion = '1.35') => {
  const made = createCluster({ enableHostPathProvisioner: true, kubernetesVersion });
  made.apply(gold);
  return made;
};

describe('generic ephemeral volumes', () => {
  test('a claim is made from the template, owned by the Pod, and goes with it, its data too', () => {
    const world = cluster();
    world.apply(pod('p'));
    world.settle();
    const { metadata, spec } = world.get('PersistentVolumeClaim', 'p-v') ?? {};
    const { uid } = world.pod('p');
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid };
    expect(metadata?.labels).toEqual({ app: 'web' });
    expect(metadata?.annotations).toMatchObject({ note: 'mine' });
    expect(metadata?.ownerReferences).toEqual([
      { ...owner, controller: true, blockOwnerDeletion: true },
    ]);
    expect(spec).toMatchObject({ storageClassName: 'gold', accessModes: ['ReadWriteOnce'] });
    world.pod('p').container().fs.writeFileSync('/v/x', 'mine');
    world.delete('Pod', 'p');
    world.settle();
    expect(world.get('PersistentVolumeClaim', 'p-v')).toBeUndefined();
    expect(world.list('PersistentVolume')).toEqual([]);
    expect(world.node().fs.readdirSync('/tmp/hostpath_pv')).toEqual([]);
  });

  test('the data outlives a container, and the next Pod of that name starts empty', () => {
    const world = cluster();
    world.apply(pod('p'));
    world.settle();
    world.pod('p').container().fs.writeFileSync('/v/x', 'mine');
    world.pod('p').container().crash();
    world.settle();
    expect(world.pod('p').container().fs.readFileSync('/v/x', 'utf8')).toBe('mine');
    world.delete('Pod', 'p');
    world.settle();
    world.apply(pod('p'));
    world.settle();
    expect(world.pod('p').container().fs.readdirSync('/v')).toEqual([]);
  });

  test('a claim of that name that is not the Pod’s keeps it waiting', () => {
    const world = cluster();
    world.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'p-v' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    world.apply(pod('p'));
    world.settle();
    expect(world.pod('p').phase).toBe('Pending');
    const [event] = world.events({ reason: 'FailedBinding', type: 'Warning', involved: 'Pod/p' });
    expect(event).toMatchObject({
      source: { component: 'ephemeral_volume' },
      message:
        'ephemeral volume v: PVC default/p-v was not created for pod default/p (pod is not owner)',
    });
    world.delete('PersistentVolumeClaim', 'p-v');
    world.advance('10m');
    expect(world.pod('p').phase).toBe('Running');
  });

  test('what the API server refuses is said', () => {
    const world = cluster();
    world.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none' },
      spec: { hard: { persistentvolumeclaims: '0' } },
    });
    world.settle();
    world.apply(pod('p'));
    world.settle();
    expect(world.events({ reason: 'FailedBinding', involved: 'Pod/p' })[0]?.message).toBe(
      'ephemeral volume v: create PVC p-v: persistentvolumeclaims "p-v" is forbidden: exceeded quota: none, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0',
    );
  });

  test('a claim that is deleted while the Pod waits is made again', () => {
    const world = cluster();
    world.apply(pod('p', { nodeSelector: { no: 'where' } }));
    world.settle();
    const first = world.get('PersistentVolumeClaim', 'p-v')?.metadata.uid;
    world.delete('PersistentVolumeClaim', 'p-v');
    world.settle();
    const second = world.get('PersistentVolumeClaim', 'p-v')?.metadata.uid;
    expect(second).not.toBe(first);
    expect(second).toBeDefined();
  });

  test('the controller may die before and after it made the claim', () => {
    const world = cluster();
    world.faults.crash('CreatePersistentVolumeClaim', { times: 1 });
    world.faults.crash('CreatePersistentVolumeClaim', { times: 1, when: 'after' });
    world.apply(pod('p'));
    world.advance('1m');
    expect(world.pod('p').phase).toBe('Running');
    expect(world.list('PersistentVolumeClaim')).toHaveLength(1);
  });
});
