import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';

interface VolumeOptions {
  path?: string;
  policy?: 'Retain' | 'Delete' | 'Recycle';
  annotations?: Record<string, string>;
  storage?: string;
  source?: object;
}

const volume = ({
  path = '/tmp/disk',
  policy = 'Delete',
  ...more
}: VolumeOptions = {}): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk', ...(more.annotations && { annotations: more.annotations }) },
  spec: {
    capacity: { storage: more.storage ?? '1Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: policy,
    storageClassName: '',
    ...(more.source ?? { hostPath: { path } }),
  },
});

const claim = (name = 'data', fields: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: '',
    ...fields,
  },
});

/** A cluster whose claim `data` is bound to the volume `disk`, with a file on it. */
function bound(options: VolumeOptions = {}, cluster = createCluster()): Cluster {
  const { fs } = cluster.node();
  const { path = '/tmp/disk' } = options;
  fs.mkdirSync(path, { recursive: true });
  fs.writeFileSync(`${path}/file`, 'old');
  fs.mkdirSync(`${path}/.hidden/deep`, { recursive: true });
  cluster.apply([volume(options), claim()]);
  cluster.settle();
  expect(cluster.get('PersistentVolume', 'disk')?.status?.phase).toBe('Bound');
  return cluster;
}

function release(cluster: Cluster): void {
  cluster.delete('PersistentVolumeClaim', 'data');
  cluster.settle();
}

const phase = (cluster: Cluster): string | undefined =>
  cluster.get('PersistentVolume', 'disk')?.status?.phase;

const told = (cluster: Cluster): string[] =>
  cluster
    .events({ involved: 'PersistentVolume/disk' })
    .map(({ type, reason, message, count }) => `${type} ${reason} ${count}: ${message}`);

describe('Retain', () => {
  test('the volume stays Released, its data too; a new claim of that name does not get it', () => {
    const cluster = bound({ policy: 'Retain' });
    release(cluster);
    cluster.apply(claim());
    cluster.advance('10m');
    expect(phase(cluster)).toBe('Released');
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Pending');
    expect(cluster.node().fs.readFileSync('/tmp/disk/file', 'utf8')).toBe('old');
  });

  test('one that is changed to Delete is deleted', () => {
    const cluster = bound({ policy: 'Retain' });
    release(cluster);
    cluster.patch('PersistentVolume', 'disk', {
      spec: { persistentVolumeReclaimPolicy: 'Delete' },
    });
    cluster.settle();
    expect(phase(cluster)).toBeUndefined();
    expect(cluster.node().fs.existsSync('/tmp/disk')).toBe(false);
  });
});

describe('Delete', () => {
  test('what it stands for is deleted, then the volume', () => {
    const cluster = bound();
    release(cluster);
    expect(phase(cluster)).toBeUndefined();
    expect(cluster.node().fs.existsSync('/tmp/disk')).toBe(false);
    expect(told(cluster)).toEqual([]);
  });

  test('what cannot be deleted is Failed, said once, and tried again after 0.5 s, 1 s and so on, at each resync', () => {
    const cluster = bound({ path: '/data/disk' });
    release(cluster);
    const why = 'host_path deleter only supports /tmp/.+ but received provided /data/disk';
    const failed = { phase: 'Failed', message: why };
    expect(cluster.get('PersistentVolume', 'disk')?.status).toMatchObject(failed);
    cluster.advance('10m');
    expect(cluster.get('PersistentVolume', 'disk')?.status).toMatchObject(failed);
    expect(told(cluster)).toEqual([`Warning VolumeFailedDelete 1: ${why}`]);
    const tries = cluster.trace.records.flatMap((record) =>
      record.type === 'log' && record.message.startsWith('Operation for "delete-disk')
        ? [/durationBeforeRetry (\S+)\)/.exec(record.message)?.[1]]
        : [],
    );
    // The resync comes every 15 s, so each wait ends at the first one after it.
    expect(tries).toEqual([
      '500ms',
      '1s',
      '2s',
      '4s',
      '8s',
      '16s',
      '32s',
      '1m4s',
      '2m2s',
      '2m2s',
      '2m2s',
    ]);
  });

  test('once the cause is gone it is deleted', () => {
    const cluster = createCluster();
    cluster.faults.fail('Delete', { times: 2, error: 'disk is busy' });
    bound({}, cluster);
    release(cluster);
    expect(phase(cluster)).toBe('Failed');
    cluster.advance('1m');
    expect(phase(cluster)).toBeUndefined();
  });

  test('one that is in use somewhere stays Released', () => {
    const cluster = createCluster();
    const error = { code: 'InUse', message: 'disk is attached to node-1' };
    cluster.faults.fail('Delete', { times: 1, error });
    bound({}, cluster);
    release(cluster);
    expect(phase(cluster)).toBe('Released');
    expect(told(cluster)).toEqual(['Normal VolumeDelete 1: disk is attached to node-1']);
    cluster.advance('1m');
    expect(phase(cluster)).toBeUndefined();
  });

  test('a type that has no deleter', () => {
    const cluster = createCluster();
    const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] };
    const affinity = { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } };
    const source = { local: { path: '/tmp/disk' }, nodeAffinity: affinity };
    bound({ source }, cluster);
    release(cluster);
    expect(told(cluster)).toEqual([
      'Warning VolumeFailedDelete 1: error getting deleter volume plugin for volume "disk": no deletable volume plugin matched',
    ]);
  });

  test.each([
    ['example.com/made', 'Released', []],
    [
      'kubernetes.io/made',
      'Failed',
      ['Warning VolumeFailedDelete 1: no volume plugin matched name: kubernetes.io/made'],
    ],
  ])('one that %s provisioned', (provisioner, end, events) => {
    const annotations = { 'pv.kubernetes.io/provisioned-by': provisioner };
    const cluster = bound({ annotations });
    release(cluster);
    expect(phase(cluster)).toBe(end);
    expect(told(cluster)).toEqual(events);
    expect(cluster.node().fs.existsSync('/tmp/disk')).toBe(true);
  });

  test.each([
    ['1.30', true],
    ['1.31', false],
  ])('deleted before its claim, in %s its data is left: %s', (kubernetesVersion, left) => {
    const cluster = bound({}, createCluster({ kubernetesVersion }));
    cluster.delete('PersistentVolume', 'disk');
    cluster.settle();
    expect(phase(cluster)).toBe('Bound');
    release(cluster);
    expect(phase(cluster)).toBeUndefined();
    expect(cluster.node().fs.existsSync('/tmp/disk')).toBe(left);
  });

  test('the controller may die at each of its steps', () => {
    for (const step of ['UpdatePersistentVolumeStatus', 'Delete', 'DeletePersistentVolume']) {
      const cluster = bound();
      cluster.faults.crash(step, { volume: 'disk', times: 1 });
      cluster.faults.crash(step, { volume: 'disk', times: 1, when: 'after' });
      release(cluster);
      cluster.advance('1m');
      expect([step, phase(cluster), cluster.node().fs.existsSync('/tmp/disk')]).toEqual([
        step,
        undefined,
        false,
      ]);
    }
  });
});

describe('Recycle', () => {
  test('a Pod scrubs it, and a new claim gets it empty', () => {
    const cluster = bound({ policy: 'Recycle', path: '/srv/disk' });
    release(cluster);
    expect(phase(cluster)).toBe('Available');
    expect(cluster.get('PersistentVolume', 'disk')?.spec.claimRef).toBeUndefined();
    expect(cluster.node().fs.readdirSync('/srv/disk')).toEqual([]);
    expect(cluster.get('Pod', 'recycler-for-disk')).toBeUndefined();
    const events = told(cluster);
    expect(events.at(-1)).toBe('Normal VolumeRecycled 1: Volume recycled');
    expect(events).toContain('Normal RecyclerPod 1: Recycler pod: Started container pv-recycler');
    cluster.apply(claim('other'));
    cluster.settle();
    expect(cluster.get('PersistentVolumeClaim', 'other')?.status?.phase).toBe('Bound');
  });

  test('one that a user had reserved stays reserved, for a claim of that name', () => {
    const cluster = createCluster();
    const { spec, ...others } = volume({ policy: 'Recycle' }) as { spec: object };
    cluster.node().fs.mkdirSync('/tmp/disk');
    const claimRef = { namespace: 'default', name: 'data' };
    cluster.apply([{ ...others, spec: { ...spec, claimRef } }, claim()]);
    cluster.settle();
    release(cluster);
    expect(phase(cluster)).toBe('Available');
    const reference = cluster.get('PersistentVolume', 'disk')?.spec.claimRef;
    expect(reference).toMatchObject({ name: 'data', namespace: 'default' });
    expect(reference).not.toHaveProperty('uid');
  });

  test.each([
    ['1Gi', 60],
    ['10Gi', 300],
  ])('of %s the Pod may run for %i s', (storage, seconds) => {
    const cluster = bound({ policy: 'Recycle', storage });
    const image = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6';
    cluster.images.add(image, function* (program) {
      yield* program.sleep('1h');
      return 0;
    });
    release(cluster);
    expect(cluster.get('Pod', 'recycler-for-disk')?.spec).toMatchObject({
      activeDeadlineSeconds: seconds,
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', hostPath: { path: '/tmp/disk' } }, {}],
    });
    expect(phase(cluster)).toBe('Released');
    cluster.advance(`${seconds + 40}s`);
    expect(told(cluster)).toContain(
      'Warning VolumeFailedRecycle 1: Recycle failed: failed to recycle volume: Pod was active on the node longer than the specified deadline',
    );
  });

  test('while Pods still use it they are named, and it is tried again', () => {
    const cluster = bound({ policy: 'Recycle' });
    // Nothing keeps the claim: its finalizer is taken away by hand.
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'user' },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'main', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    };
    cluster.apply(pod);
    cluster.settle();
    cluster.delete('PersistentVolumeClaim', 'data');
    cluster.edit('PersistentVolumeClaim', 'data', (draft) => {
      draft.metadata.finalizers = [];
    });
    cluster.settle();
    expect(told(cluster)).toEqual([
      'Normal VolumeFailedRecycle 2: Volume is used by pods: default/user',
    ]);
    cluster.delete('Pod', 'user');
    cluster.advance('1m');
    expect(phase(cluster)).toBe('Available');
  });

  test('a Pod of that name that is there already goes first', () => {
    const cluster = bound({ policy: 'Recycle' });
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'recycler-for-disk' },
      spec: { containers: [{ name: 'main', image: 'x' }], terminationGracePeriodSeconds: 1 },
    });
    cluster.settle();
    release(cluster);
    expect(told(cluster)).toEqual([
      'Warning VolumeFailedRecycle 1: Recycle failed: old recycler pod found, will retry later',
    ]);
    cluster.advance('1m');
    expect(phase(cluster)).toBe('Available');
  });

  test('a Pod that somebody deletes', () => {
    const cluster = bound({ policy: 'Recycle' });
    cluster.faults.hold('CreateContainer', { pod: 'recycler-for-disk' });
    release(cluster);
    cluster.delete('Pod', 'recycler-for-disk', { force: true, gracePeriodSeconds: 0 });
    cluster.settle();
    expect(told(cluster).at(-1)).toBe(
      'Warning VolumeFailedRecycle 1: Recycle failed: failed to recycle volume: recycler pod was deleted',
    );
  });

  test('a type that nobody recycles', () => {
    const cluster = createCluster();
    const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] };
    const affinity = { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } };
    const source = { local: { path: '/tmp/disk' }, nodeAffinity: affinity };
    bound({ source, policy: 'Recycle' }, cluster);
    release(cluster);
    expect(told(cluster)).toEqual([
      'Warning VolumeFailedRecycle 1: No recycler plugin found for the volume!',
    ]);
  });
});

const gold = (fields: object = {}): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'gold' },
  provisioner: 'kubernetes.io/host-path',
  ...fields,
});

describe('provisioning', () => {
  function asked(options: ClusterOptions, fields: object = {}, claimFields: object = {}): Cluster {
    const cluster = createCluster(options);
    cluster.apply([gold(fields), claim('data', { storageClassName: 'gold', ...claimFields })]);
    cluster.settle();
    return cluster;
  }

  const said = (cluster: Cluster): string[] =>
    cluster
      .events({ involved: 'PersistentVolumeClaim/data' })
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

  test('a volume is made for the claim, and deleted with it', () => {
    const cluster = asked({ enableHostPathProvisioner: true });
    const data = cluster.get('PersistentVolumeClaim', 'data');
    expect(data?.status?.phase).toBe('Bound');
    const name = `pvc-${data?.metadata.uid}`;
    expect(data?.spec.volumeName).toBe(name);
    const made = cluster.get('PersistentVolume', name);
    expect(made).toMatchObject({
      metadata: {
        annotations: {
          'kubernetes.io/createdby': 'hostpath-dynamic-provisioner',
          'pv.kubernetes.io/bound-by-controller': 'yes',
          'pv.kubernetes.io/provisioned-by': 'kubernetes.io/host-path',
        },
      },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'gold',
        claimRef: { name: 'data', uid: data?.metadata.uid },
      },
      status: { phase: 'Bound' },
    });
    expect(made?.metadata.finalizers).toContain('kubernetes.io/pv-controller');
    expect(said(cluster)).toEqual([
      `Normal ProvisioningSucceeded: Successfully provisioned volume ${name} using kubernetes.io/host-path`,
    ]);
    const path = made?.spec.hostPath?.path ?? '';
    expect(path).toMatch(/^\/tmp\/hostpath_pv\/[0-9a-f-]{36}$/);
    expect(cluster.node().fs.statSync(path).mode & 0o777).toBe(0o750);
    release(cluster);
    expect(cluster.list('PersistentVolume')).toEqual([]);
    expect(cluster.node().fs.existsSync(path)).toBe(false);
  });

  test('with Retain it has no finalizer of the controller, and stays', () => {
    const cluster = asked({ enableHostPathProvisioner: true }, { reclaimPolicy: 'Retain' });
    release(cluster);
    const [left] = cluster.list('PersistentVolume');
    expect(left?.status?.phase).toBe('Released');
    expect(left?.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  });

  test.each([
    [
      {},
      {},
      {},
      'Failed to create provisioner: provisioning in volume plugin "kubernetes.io/host-path" is disabled',
    ],
    [
      { enableHostPathProvisioner: true },
      { mountOptions: ['ro', 'soft'] },
      {},
      'Mount options are not supported by the provisioner but StorageClass "gold" has mount options [ro soft]',
    ],
    [
      { enableHostPathProvisioner: true },
      {},
      { dataSource: { kind: 'PersistentVolumeClaim', name: 'x' } },
      'plugin "kubernetes.io/host-path" is not a CSI plugin. Only CSI plugin can provision a claim with a datasource',
    ],
    [
      { enableHostPathProvisioner: true },
      {},
      { volumeMode: 'Block' },
      'Failed to provision volume with StorageClass "gold": kubernetes.io/host-path does not support block volume provisioning',
    ],
    [
      {},
      { provisioner: 'kubernetes.io/local-volume' },
      {},
      'no provisionable volume plugin matched',
    ],
    [
      {},
      { provisioner: 'kubernetes.io/no-provisioner' },
      {},
      'no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
  ])('says why not: %j %j %j', (options, fields, claimFields, message) => {
    const cluster = asked(options, fields, claimFields);
    expect(said(cluster)).toEqual([`Warning ProvisioningFailed: ${message}`]);
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Pending');
    expect(cluster.list('PersistentVolume')).toEqual([]);
  });

  test('what fails is tried again', () => {
    const cluster = createCluster({ enableHostPathProvisioner: true });
    cluster.faults.fail('Provision', { times: 1, error: 'no space' });
    cluster.apply([gold(), claim('data', { storageClassName: 'gold' })]);
    cluster.settle();
    expect(said(cluster)).toEqual([
      'Warning ProvisioningFailed: Failed to provision volume with StorageClass "gold": no space',
    ]);
    cluster.advance('1m');
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Bound');
  });

  test('a volume that cannot be stored is deleted again', () => {
    const cluster = createCluster({ enableHostPathProvisioner: true });
    cluster.faults.fail('CreatePersistentVolume', { times: 5, error: 'etcd is full' });
    cluster.apply([gold(), claim('data', { storageClassName: 'gold' })]);
    cluster.advance('41s');
    expect(said(cluster)).toEqual([
      'Warning ProvisioningFailed: Error creating provisioned PV object for claim default/data: etcd is full. Deleting the volume.',
    ]);
    expect(cluster.node().fs.readdirSync('/tmp/hostpath_pv')).toEqual([]);
    cluster.advance('1m');
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Bound');
  });

  test('a controller that dies before it stored the volume leaves what it made', () => {
    const cluster = createCluster({ enableHostPathProvisioner: true });
    cluster.faults.crash('CreatePersistentVolume', { times: 1 });
    cluster.apply([gold(), claim('data', { storageClassName: 'gold' })]);
    cluster.advance('1m');
    expect(cluster.get('PersistentVolumeClaim', 'data')?.status?.phase).toBe('Bound');
    expect(cluster.list('PersistentVolume')).toHaveLength(1);
    expect(cluster.node().fs.readdirSync('/tmp/hostpath_pv')).toHaveLength(2);
  });
});
