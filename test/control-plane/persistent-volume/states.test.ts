import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';

/** Claims and volumes as somebody left them, and what the controller makes of them. `*`: it chose; `!`: binding is done. */
const BOUND_BY = 'pv.kubernetes.io/bound-by-controller';
const DONE = 'pv.kubernetes.io/bind-completed';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const SELECTED = 'volume.kubernetes.io/selected-node';

interface Fields {
  metadata?: object;
  spec?: object;
}

/** `vol('pv', '1Gi', 'c[uid]', 'Bound')`: reserved for claim c; `''` for none. */
function vol(name: string, storage: string, owner: string, phase: string, more: Fields = {}) {
  const [, claim, uid] = /^(\w*)(?:\[(\w*)\])?$/.exec(owner) ?? [];
  const reference = { namespace: 'default', name: claim, ...(uid && { uid }) };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...more.metadata },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/tmp/${name}` },
      ...(claim && { claimRef: { kind: 'PersistentVolumeClaim', ...reference } }),
      ...more.spec,
    },
    status: { phase },
  };
}

/** Its uid is u, or x for claim d. */
function pvc(name: string, storage: string, volumeName: string, phase: string, more: Fields = {}) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: name === 'd' ? 'x' : 'u', ...more.metadata },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
      storageClassName: '',
      ...(volumeName && { volumeName }),
      ...more.spec,
    },
    status: { phase },
  };
}

const marks = (...names: string[]): Fields => ({
  metadata: { annotations: Object.fromEntries(names.map((name) => [name, 'yes'])) },
});
const annotated = (annotations: Record<string, string>): Fields => ({ metadata: { annotations } });
const going: Fields = {
  metadata: { deletionTimestamp: '2024-01-01T00:00:00Z', finalizers: ['example.com/hold'] },
};
const classed = (storageClassName: string): Fields => ({ spec: { storageClassName } });

function marksOf({ metadata }: { metadata: { annotations?: Readonly<Record<string, string>> } }) {
  const { annotations = {} } = metadata;
  return `${BOUND_BY in annotations ? '*' : ''}${DONE in annotations ? '!' : ''}`;
}

function seen(cluster: Cluster): string[] {
  const volumes = cluster.list('PersistentVolume').map((volume) => {
    const { name = '', uid = '' } = volume.spec.claimRef ?? {};
    const owner = volume.spec.claimRef ? `${name}[${uid}]` : '-';
    return `${volume.metadata.name} ${volume.status?.phase} ${owner}${marksOf(volume)}`;
  });
  const claims = cluster.list('PersistentVolumeClaim').map((claim) => {
    const { phase, capacity } = claim.status ?? {};
    const words = [claim.metadata.name, phase, `${claim.spec.volumeName ?? '-'}${marksOf(claim)}`];
    return [...words, ...(capacity ? [capacity['storage']] : [])].join(' ');
  });
  return [...volumes, ...claims];
}

function told(cluster: Cluster): string[] {
  const events = cluster
    .events()
    .filter(({ involvedObject }) => involvedObject.kind?.startsWith('PersistentVolume'));
  return [...new Set(events.map(({ type, reason }) => `${type} ${reason}`))];
}

function run(
  objects: readonly object[],
  options: ClusterOptions = {},
  fault?: (cluster: Cluster) => void,
): Cluster {
  const cluster = createCluster({ controllers: ['persistentvolume-binder'], ...options });
  cluster.settle();
  fault?.(cluster);
  for (const object of objects) cluster.restore(object as never);
  cluster.settle();
  return cluster;
}

const LABELS = { foo: 'true', bar: 'false' };
const FAILED = ['Normal FailedBinding'];
const MISMATCH = ['Warning VolumeMismatch'];

describe('a claim without a volume', () => {
  test.each<[string, object[], string[], string[]?]>([
    [
      'the smallest',
      [
        vol('a', '10Gi', '', 'Available'),
        vol('b', '1Gi', '', 'Available'),
        pvc('c', '1Gi', '', 'Pending'),
      ],
      ['a Available -', 'b Bound c[u]*', 'c Bound b*! 1Gi'],
    ],
    [
      'not one of an earlier claim of that name',
      [vol('a', '10Gi', 'c[y]', 'Pending'), pvc('c', '1Gi', '', 'Pending')],
      ['a Released c[y]', 'c Pending -'],
      FAILED,
    ],
    [
      'labels are selected',
      [
        vol('a', '1Gi', '', 'Available', { metadata: { labels: LABELS } }),
        pvc('c', '1Gi', '', 'Pending', { spec: { selector: { matchLabels: LABELS } } }),
      ],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
    ],
    [
      'by expressions',
      [
        vol('a', '1Gi', '', 'Available'),
        vol('b', '9Gi', '', 'Available', { metadata: { labels: LABELS } }),
        pvc('c', '1Gi', '', 'Pending', {
          spec: { selector: { matchExpressions: [{ key: 'foo', operator: 'Exists' }] } },
        }),
      ],
      ['a Available -', 'b Bound c[u]*', 'c Bound b*! 9Gi'],
    ],
    [
      'not one that is being deleted',
      [vol('a', '1Gi', '', 'Available', going), pvc('c', '1Gi', '', 'Pending')],
      ['a Available -', 'c Pending -'],
      FAILED,
    ],
    [
      'the class, not the size',
      [
        vol('a', '1Gi', '', 'Available', classed('silver')),
        vol('b', '10Gi', '', 'Available', classed('gold')),
        pvc('c', '1Gi', '', 'Pending', classed('gold')),
      ],
      ['a Available -', 'b Bound c[u]*', 'c Bound b*! 10Gi'],
    ],
    [
      'the old annotation is a class too',
      [
        vol(
          'a',
          '1Gi',
          '',
          'Available',
          annotated({ 'volume.beta.kubernetes.io/storage-class': 'gold' }),
        ),
        pvc('c', '1Gi', '', 'Pending', classed('gold')),
      ],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
    ],
    [
      'no class and the empty class are the same',
      [vol('a', '1Gi', '', 'Available'), pvc('c', '1Gi', '', 'Pending')],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
    ],
    [
      'another class of attributes',
      [
        vol('a', '1Gi', '', 'Available', { spec: { volumeAttributesClassName: 'v' } }),
        pvc('c', '1Gi', '', 'Pending'),
      ],
      ['a Available -', 'c Pending -'],
      FAILED,
    ],
    [
      'not one of a claim of that name elsewhere',
      [
        vol('a', '1Gi', '', 'Bound', {
          spec: { claimRef: { namespace: 'other', name: 'c', uid: 'y' } },
        }),
        pvc('c', '1Gi', '', 'Pending'),
      ],
      ['a Released c[y]', 'c Pending -'],
      FAILED,
    ],
  ])('%s', (_, objects, expected, events = []) => {
    const cluster = run(objects);
    expect(seen(cluster)).toEqual(expected);
    expect(told(cluster)).toEqual(events);
  });
});

describe('a claim that names its volume', () => {
  const taken = [vol('a', '1Gi', 'd[x]', 'Bound'), pvc('d', '1Gi', 'a', 'Bound', marks(DONE))];
  test.each<[string, object[], string[], string[]?]>([
    [
      'which names it',
      [vol('a', '1Gi', 'c', 'Pending'), pvc('c', '1Gi', 'a', 'Pending')],
      ['a Bound c[u]', 'c Bound a! 1Gi'],
    ],
    [
      'with its uid',
      [vol('a', '1Gi', 'c[u]', 'Pending'), pvc('c', '1Gi', 'a', 'Pending')],
      ['a Bound c[u]', 'c Bound a! 1Gi'],
    ],
    [
      'then nothing else is looked at',
      [
        vol('a', '1Gi', 'c', 'Pending', { spec: { accessModes: ['ReadOnlyMany'] } }),
        pvc('c', '5Gi', 'a', 'Pending'),
      ],
      ['a Bound c[u]', 'c Bound a! 1Gi'],
    ],
    [
      'which is too small',
      [vol('a', '1Gi', '', 'Available'), pvc('c', '2Gi', 'a', 'Pending')],
      ['a Available -', 'c Pending a'],
      MISMATCH,
    ],
    [
      'of another class',
      [vol('a', '1Gi', '', 'Available', classed('gold')), pvc('c', '1Gi', 'a', 'Pending')],
      ['a Available -', 'c Pending a'],
      MISMATCH,
    ],
    [
      'of another mode',
      [
        vol('a', '1Gi', '', 'Available', { spec: { volumeMode: 'Block' } }),
        pvc('c', '1Gi', 'a', 'Pending'),
      ],
      ['a Available -', 'c Pending a'],
      MISMATCH,
    ],
    [
      'which is being deleted',
      [vol('a', '1Gi', '', 'Available', going), pvc('c', '1Gi', 'a', 'Pending')],
      ['a Available -', 'c Pending a'],
      MISMATCH,
    ],
    [
      'which another has: Pending again',
      [...taken, pvc('c', '1Gi', 'a', 'Bound')],
      ['a Bound d[x]', 'c Pending a', 'd Bound a!'],
      ['Warning FailedBinding'],
    ],
    [
      'which the controller chose, and another has: nothing is touched',
      [...taken, pvc('c', '1Gi', 'a', 'Bound', marks(BOUND_BY))],
      ['a Bound d[x]', 'c Bound a*', 'd Bound a!'],
      ['Warning FailedBinding'],
    ],
    [
      'binding was done, and the volume knows nothing',
      [vol('a', '10Gi', '', 'Pending'), pvc('c', '10Gi', 'a', 'Pending', marks(BOUND_BY, DONE))],
      ['a Bound c[u]*', 'c Bound a*! 10Gi'],
    ],
    [
      'binding was done by the user, and only phases lag',
      [vol('a', '10Gi', 'c[u]', 'Pending'), pvc('c', '10Gi', 'a', 'Pending', marks(DONE))],
      ['a Bound c[u]', 'c Bound a! 10Gi'],
    ],
  ])('%s', (_, objects, expected, events = []) => {
    const cluster = run(objects);
    expect(seen(cluster)).toEqual(expected);
    expect(told(cluster)).toEqual(events);
  });
});

describe('a volume', () => {
  const deletes = { persistentVolumeReclaimPolicy: 'Delete' };
  test.each<[string, object[], string[], string[]?, ((cluster: Cluster) => void)?]>([
    ['Pending', [vol('a', '1Gi', '', 'Pending')], ['a Available -']],
    ['Pending, and reserved', [vol('a', '1Gi', 'c', 'Pending')], ['a Available c[]']],
    [
      'Bound to a claim that does not know it yet',
      [vol('a', '1Gi', 'c[u]', 'Bound', marks(BOUND_BY)), pvc('c', '1Gi', '', 'Pending')],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
    ],
    [
      'Available although all is bound',
      [vol('a', '1Gi', 'c[u]', 'Available'), pvc('c', '1Gi', 'a', 'Bound', marks(DONE))],
      ['a Bound c[u]', 'c Bound a!'],
    ],
    [
      'the second one that was given to a claim',
      [
        vol('a', '1Gi', 'c[u]', 'Bound', marks(BOUND_BY)),
        vol('b', '1Gi', 'c[u]', 'Bound', marks(BOUND_BY)),
        pvc('c', '1Gi', 'a', 'Bound', marks(BOUND_BY, DONE)),
      ],
      ['a Bound c[u]*', 'b Available -', 'c Bound a*!'],
    ],
    ['reserved by the user, Delete', [vol('a', '1Gi', 'c[u]', 'Bound', { spec: deletes })], []],
    ['Failed is tried again', [vol('a', '1Gi', 'c[u]', 'Failed', { spec: deletes })], []],
    [
      'whose deletion fails',
      [vol('a', '1Gi', 'c[u]', 'Bound', { spec: deletes })],
      ['a Failed c[u]'],
      ['Warning VolumeFailedDelete'],
      (cluster) => cluster.faults.fail('Delete', { error: 'busy' }),
    ],
    ['Released, Retain', [vol('a', '1Gi', 'c[u]', 'Released')], ['a Released c[u]']],
    [
      'of a CSI driver is left to it',
      [
        vol('a', '1Gi', 'c[u]', 'Bound', {
          spec: { ...deletes, hostPath: undefined, csi: { driver: 'd.io', volumeHandle: 'h' } },
        }),
      ],
      ['a Released c[u]'],
    ],
    [
      'which a CSI driver took over is left to it',
      [
        vol('a', '1Gi', 'c[u]', 'Bound', {
          spec: deletes,
          ...annotated({
            [PROVISIONED_BY]: 'kubernetes.io/host-path',
            'pv.kubernetes.io/migrated-to': 'd.io',
          }),
        }),
      ],
      ['a Released c[u]'],
    ],
    [
      'nobody recycles',
      [
        vol('a', '1Gi', 'c[u]', 'Bound', {
          spec: {
            persistentVolumeReclaimPolicy: 'Recycle',
            hostPath: undefined,
            local: { path: '/x' },
          },
        }),
      ],
      ['a Failed c[u]'],
      ['Warning VolumeFailedRecycle'],
    ],
  ])('%s', (_, objects, expected, events = [], fault = undefined) => {
    const cluster = run(objects, {}, fault);
    expect(seen(cluster)).toEqual(expected);
    expect(told(cluster)).toEqual(events);
  });
});

describe('a claim of a class', () => {
  const storageClass = (name: string, provisioner: string, volumeBindingMode = 'Immediate') => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode,
  });
  const classes = [
    storageClass('gold', 'kubernetes.io/host-path'),
    storageClass('copper', 'kubernetes.io/host-path', 'WaitForFirstConsumer'),
    storageClass('external-wait', 'example.com/disk', 'WaitForFirstConsumer'),
  ];
  const chosen = (node: string, name: string): Fields => ({
    ...annotated({ [SELECTED]: node }),
    ...classed(name),
  });
  const on: ClusterOptions = { enableHostPathProvisioner: true };
  const made = { ...marks(BOUND_BY), spec: { storageClassName: 'gold' } };
  const SUCCEEDED = ['Normal ProvisioningSucceeded'];
  test.each<[string, object[], string[], string[], ClusterOptions, ((cluster: Cluster) => void)?]>([
    [
      'takes what is there',
      [
        vol('a', '1Gi', '', 'Available', classed('gold')),
        pvc('c', '1Gi', '', 'Pending', classed('gold')),
      ],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
      [],
      on,
    ],
    [
      'for which a volume was made already',
      [vol('pvc-u', '1Gi', 'c[u]', 'Bound', made), pvc('c', '1Gi', '', 'Pending', classed('gold'))],
      ['pvc-u Bound c[u]*', 'c Bound pvc-u*! 1Gi'],
      [],
      on,
    ],
    [
      'whose provisioner is off',
      [pvc('c', '1Gi', '', 'Pending', classed('gold'))],
      ['c Pending -'],
      ['Warning ProvisioningFailed'],
      {},
    ],
    [
      'whose provisioner fails',
      [pvc('c', '1Gi', '', 'Pending', classed('gold'))],
      ['c Pending -'],
      ['Warning ProvisioningFailed'],
      on,
      (cluster) => cluster.faults.fail('Provision', { error: 'no room' }),
    ],
    [
      'that was given a node gets a new volume, although one would fit',
      [
        vol('a', '1Gi', '', 'Available', classed('copper')),
        pvc('c', '1Gi', '', 'Pending', chosen('node-1', 'copper')),
      ],
      ['a Available -', 'pvc-u Bound c[u]*', 'c Bound pvc-u*! 1Gi'],
      SUCCEEDED,
      on,
    ],
    [
      '1.15: and was given that one',
      [
        vol('a', '1Gi', '', 'Available', classed('copper')),
        pvc('c', '1Gi', '', 'Pending', chosen('node-1', 'copper')),
      ],
      ['a Bound c[u]*', 'c Bound a*! 1Gi'],
      [],
      { ...on, kubernetesVersion: '1.15' },
    ],
    [
      'that was given a node waits for the external provisioner, although one would fit',
      [
        vol('a', '1Gi', '', 'Available', classed('external-wait')),
        pvc('c', '1Gi', '', 'Pending', chosen('node-1', 'external-wait')),
      ],
      ['a Available -', 'c Pending -'],
      ['Normal ExternalProvisioning'],
      {},
    ],
    [
      'that was given a node which is gone',
      [pvc('c', '1Gi', '', 'Pending', chosen('gone', 'copper'))],
      ['c Pending -'],
      ['Warning ProvisioningFailed'],
      on,
    ],
  ])('%s', (_, objects, expected, events, options, fault = undefined) => {
    const cluster = run([...classes, ...objects], options, fault);
    expect(seen(cluster)).toEqual(expected);
    expect(told(cluster)).toEqual(events);
  });
});
