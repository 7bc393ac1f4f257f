import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1.d.ts';
import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from 'kubernetes-types/core/v1.d.ts';
import type { StorageClass } from 'kubernetes-types/storage/v1.d.ts';
import { expect, test } from 'vitest';
import { createCluster, type Manifest } from '../../src/index.ts';

/* Manifests that are typed by the package kubernetes-types are manifests here: the compiler says so, and the cluster. */

const configMap: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { colour: 'green' },
};

const secret: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  type: 'Opaque',
  stringData: { password: 's3cret' },
};

const storageClass: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'manual' },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const volume: PersistentVolume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk' },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'manual',
    hostPath: { path: '/srv/disk', type: 'DirectoryOrCreate' },
  },
};

const claim: PersistentVolumeClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'manual',
    resources: { requests: { storage: '1Gi' } },
  },
};

const spec: Pod['spec'] = {
  containers: [
    {
      name: 'main',
      image: 'busybox',
      volumeMounts: [
        { name: 'config', mountPath: '/config', readOnly: true },
        { name: 'login', mountPath: '/login' },
        { name: 'data', mountPath: '/data' },
      ],
    },
  ],
  volumes: [
    { name: 'config', configMap: { name: 'settings' } },
    { name: 'login', projected: { sources: [{ secret: { name: 'login' } }] } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  ],
};

const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };

const labels = { app: 'web' };

const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
};

const statefulSet: StatefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, ...(claim.spec && { spec: claim.spec }) }],
  },
};

test('manifests typed by kubernetes-types are taken as they are', () => {
  const cluster = createCluster();
  const manifests: Manifest[] = [configMap, secret, storageClass, volume, claim, pod];
  for (const manifest of manifests) cluster.apply(manifest);
  cluster.apply([deployment, statefulSet]);
  cluster.settle();
  const { fs } = cluster.pod('web').container();
  expect(fs.readFileSync('/config/colour', 'utf8')).toBe('green');
  expect(fs.readFileSync('/login/password', 'utf8')).toBe('s3cret');
  expect(cluster.list('Deployment')).toHaveLength(1);
  expect(
    cluster.get('StatefulSet', 'web')?.spec.volumeClaimTemplates?.[0]?.spec.accessModes,
  ).toEqual(['ReadWriteOnce']);
});
