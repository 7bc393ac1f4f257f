import { describe, expect, test } from 'vitest';
import type { Deployment, Pod } from '../../../src/api/index.ts';
import { pod, type Rules, server } from '../validation/refusals.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object as it is stored. */
function made(apiVersion: string, kind: string, fields: Fields, rules?: Rules): Fields {
  const { metadata = {}, ...rest } = fields;
  const named = { name: 'x', ...(metadata as object) };
  const [object] = server(rules).create({ apiVersion, kind, metadata: named, ...rest });
  return object as unknown as Fields;
}

const specOf = (...args: Parameters<typeof made>): Fields => made(...args)['spec'] as Fields;

const template = (spec: Fields = {}) => ({
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec },
});
const selector = { matchLabels: { app: 'a' } };

describe('volumes, claims, classes', () => {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

  test('PersistentVolumeClaim', () => {
    const { spec, status } = made('v1', 'PersistentVolumeClaim', { spec: claim });
    expect(spec).toEqual({ ...claim, volumeMode: 'Filesystem' });
    expect(status).toEqual({ phase: 'Pending' });
  });

  test('PersistentVolume', () => {
    const { spec, status } = made('v1', 'PersistentVolume', {
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1000000001n' },
        hostPath: { path: '/data' },
      },
    });
    expect(spec).toMatchObject({
      capacity: { storage: '1001m' },
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
      hostPath: { path: '/data', type: '' },
    });
    expect(status).toEqual({ phase: 'Pending' });
  });

  test('StorageClass', () => {
    const storageClass = (version?: string) => {
      const rules = version === undefined ? {} : { version };
      const { reclaimPolicy, volumeBindingMode } = made(
        'storage.k8s.io/v1',
        'StorageClass',
        { provisioner: 'p' },
        rules,
      );
      return [reclaimPolicy, volumeBindingMode];
    };
    expect(storageClass()).toEqual(['Delete', 'Immediate']);
    expect(storageClass('1.9')).toEqual(['Delete', undefined]);
    expect(storageClass('1.7')).toEqual([undefined, undefined]);
  });

  test('CSIDriver', () => {
    expect(specOf('storage.k8s.io/v1', 'CSIDriver', { spec: {} })).toEqual({
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
    });
  });

  test('Secret', () => {
    const secret = made('v1', 'Secret', { stringData: { a: 'b' }, data: { a: 'YQ==', c: '' } });
    expect([secret['type'], secret['data'], secret['stringData']]).toEqual([
      'Opaque',
      { a: 'Yg==', c: '' },
      undefined,
    ]);
  });
});

describe('workloads', () => {
  test('Deployment', () => {
    expect(
      specOf('apps/v1', 'Deployment', { spec: { selector, template: template() } }),
    ).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
      },
    });
  });

  test.each([
    ['1.11', 'extensions/v1beta1', undefined, undefined, 1],
    ['1.12', 'extensions/v1beta1', 2 ** 31 - 1, 2 ** 31 - 1, 1],
    ['1.12', 'apps/v1beta1', 2, 600, '25%'],
    ['1.12', 'apps/v1beta2', 10, 600, '25%'],
  ])('a Deployment of Kubernetes %s and %s', (version, group, limit, deadline, share) => {
    const spec = { selector, template: template() };
    const { metadata, spec: got } = made(group, 'Deployment', { spec }, { version });
    const { revisionHistoryLimit, progressDeadlineSeconds, strategy } = got as Fields;
    expect([revisionHistoryLimit, progressDeadlineSeconds]).toEqual([limit, deadline]);
    expect(strategy).toMatchObject({ rollingUpdate: { maxUnavailable: share, maxSurge: share } });
    const labels = group === 'apps/v1beta2' ? undefined : { app: 'a' };
    expect((metadata as Fields)['labels']).toEqual(labels);
  });

  test('old DaemonSets and StatefulSets are updated by hand', () => {
    const spec = { template: template() };
    const strategy = (group: string, kind: string, more: Fields = {}) =>
      specOf(group, kind, { spec: { ...spec, ...more } }, { version: '1.12' })['updateStrategy'];
    expect(strategy('extensions/v1beta1', 'DaemonSet')).toEqual({ type: 'OnDelete' });
    expect(strategy('apps/v1beta1', 'StatefulSet')).toEqual({ type: 'OnDelete' });
    const rolling = { selector, updateStrategy: { type: 'RollingUpdate' } };
    expect(strategy('apps/v1', 'StatefulSet', rolling)).toEqual({ type: 'RollingUpdate' });
  });

  test.each([
    ['1.27', 80],
    ['1.28', undefined],
  ])('ports of the node in a template of %s', (version, hostPort) => {
    const containers = [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }];
    const spec = { selector, template: template({ hostNetwork: true, containers }) };
    const got = specOf(
      'apps/v1',
      'Deployment',
      { spec },
      { version },
    ) as unknown as Deployment['spec'];
    expect(got.template.spec.containers[0]?.ports?.[0]?.hostPort).toBe(hostPort);
    const [made] = server({ version }).create(pod({ hostNetwork: true, containers }));
    expect((made as unknown as Pod).spec.containers[0]?.ports?.[0]?.hostPort).toBe(80);
  });

  test('StatefulSet, and its templates of claims', () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: claim }];
    const spec = { selector, template: template(), volumeClaimTemplates };
    expect(specOf('apps/v1', 'StatefulSet', { spec })).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      volumeClaimTemplates: [
        { spec: { ...claim, volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
      ],
    });
  });

  test.each([
    ['1.21', { maxUnavailable: 1 }],
    ['1.22', { maxUnavailable: 1, maxSurge: 0 }],
  ])('DaemonSet in %s', (version, rollingUpdate) => {
    const spec = { selector, template: template() };
    expect(specOf('apps/v1', 'DaemonSet', { spec }, { version })).toMatchObject({
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    });
  });

  test('Job: it has the labels of its Pods', () => {
    const spec = { template: template({ restartPolicy: 'Never' }) };
    const job = made('batch/v1', 'Job', { spec });
    expect(job['metadata']).toMatchObject({ labels: { app: 'a' } });
    expect(job['spec']).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      manualSelector: false,
    });
    const indexed = { completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1 };
    const { backoffLimit } = specOf('batch/v1', 'Job', { spec: { ...spec, ...indexed } });
    expect(backoffLimit).toBe(2_147_483_647);
    const { completions } = specOf('batch/v1', 'Job', { spec: { ...spec, parallelism: 2 } });
    expect(completions).toBe(undefined);
  });

  test('CronJob', () => {
    const jobTemplate = { spec: { template: template({ restartPolicy: 'Never' }) } };
    const spec = { schedule: '@daily', jobTemplate };
    expect(specOf('batch/v1', 'CronJob', { spec })).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  });

  test('ReplicationController: it selects, and has, the labels of its Pods', () => {
    const controller = made('v1', 'ReplicationController', { spec: { template: template() } });
    expect(controller).toMatchObject({
      metadata: { labels: { app: 'a' } },
      spec: { replicas: 1, selector: { app: 'a' } },
    });
  });
});

describe('others', () => {
  test('LimitRange: containers', () => {
    const item = { type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } };
    expect(specOf('v1', 'LimitRange', { spec: { limits: [item] } })).toEqual({
      limits: [{ ...item, default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' } }],
    });
  });

  test('Endpoints and Service', () => {
    const subsets = [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }];
    expect(made('v1', 'Endpoints', { subsets })['subsets']).toMatchObject([
      { ports: [{ port: 80, protocol: 'TCP' }] },
    ]);
    expect(specOf('v1', 'Service', { spec: { ports: [{ port: 80 }] } })).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
  });

  test('Namespace: its name is a label, from 1.21', () => {
    const label = { 'kubernetes.io/metadata.name': 'x' };
    expect(made('v1', 'Namespace', {})).toMatchObject({
      metadata: { labels: label },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
    const { metadata } = made('v1', 'Namespace', {}, { version: '1.20' });
    expect(metadata).not.toHaveProperty('labels');
  });
});
