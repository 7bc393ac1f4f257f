import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.ts';

const GATES = { featureGates: { PersistentLocalVolumes: true } };
const ANNOTATION = 'volume.alpha.kubernetes.io/node-affinity';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

const on = (...hosts: string[]): object => ({
  nodeSelectorTerms: hosts.map((host) => ({
    matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }],
  })),
});

const local = (annotation?: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk', ...(annotation && { annotations: { [ANNOTATION]: annotation } }) },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    local: { path: '/mnt/disk' },
    ...spec,
  },
});

function causes(kubernetesVersion: string, volume: object, options: object = GATES): string[] {
  const cluster = createCluster({ kubernetesVersion, ...options });
  try {
    cluster.apply(volume);
    return [];
  } catch (error) {
    const { causes: found } = error as { causes: { field: string; message: string }[] };
    return found.map(({ field, message }) => `${field}: ${message}`);
  }
}

describe('where a local volume is, before 1.10', () => {
  const good = JSON.stringify({ [REQUIRED]: on('a') });

  test('an annotation says it, and it has to', () => {
    for (const version of ['1.7', '1.8', '1.9', '1.10']) {
      expect(causes(version, local(good))).toEqual([]);
      expect(causes(version, local())).toEqual([
        'metadata.annotations: Required value: Local volume requires node affinity',
      ]);
    }
    expect(causes('1.11', local(good))).toEqual([
      'metadata.annotations: Required value: Local volume requires node affinity',
    ]);
    expect(causes('1.15', local(good))).toEqual([
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
    ]);
  });

  test('without the gate both are forbidden, the annotation first', () => {
    expect(causes('1.9', local(good), {})).toEqual([
      'metadata.annotations: Forbidden: Storage node affinity is disabled by feature-gate',
      'spec.local: Forbidden: Local volumes are disabled by feature-gate',
    ]);
  });

  test.each([
    [
      '{',
      `metadata.annotations: Invalid value: "${ANNOTATION}": invalid character '{' looking for beginning of value`,
    ],
    [
      JSON.stringify({ [REQUIRED]: { nodeSelectorTerms: [] } }),
      `metadata.annotations.${REQUIRED}.nodeSelectorTerms: Required value: must have at least one node selector term`,
    ],
    [
      JSON.stringify({
        [REQUIRED]: on('a'),
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }],
      }),
      'metadata.annotations.preferredDuringSchedulingIgnoredDuringExection: Forbidden: Storage node affinity does not support preferredDuringSchedulingIgnoredDuringExecution',
    ],
  ])('%s is refused', (annotation, wanted) => {
    expect(causes('1.9', local(annotation))).toContain(wanted);
  });

  test('not both, in the one version that reads both', () => {
    expect(causes('1.10', local(good, { nodeAffinity: { required: on('a') } }))).toEqual([
      'spec.nodeAffinity: Forbidden: may not specify both alpha nodeAffinity annotation and nodeAffinity field',
    ]);
  });
});

/** A Pod of the claim that is bound to the volume; its node, when it is given one by hand. */
function used(kubernetesVersion: string, affinity: object, nodeName?: string): Cluster {
  const nodes = ['a', 'b'].map((name) => ({ name, files: { '/mnt/disk/x': 'here' } }));
  const cluster = createCluster({ kubernetesVersion, nodes, ...GATES });
  cluster.settle();
  cluster.apply([
    local(JSON.stringify({ [REQUIRED]: affinity })),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        ...(nodeName && { nodeName }),
        containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    },
  ]);
  cluster.settle();
  cluster.advance('1m');
  return cluster;
}

describe('goes by the annotation', () => {
  test.each(['1.8', '1.9', '1.10'])('the scheduler of %s', (version) => {
    const cluster = used(version, on('b'));
    expect(cluster.pod('p').object.spec.nodeName).toBe('b');
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test('the kubelet, in the words of its time; up to 1.9 every term has to match', () => {
    const failed = (cluster: Cluster): string[] =>
      cluster.events({ reason: 'FailedMount' }).map(({ message = '' }) => message);
    expect(failed(used('1.9', on('a', 'b'), 'a')).join()).toContain(
      'NodeSelectorTerm [{Key:kubernetes.io/hostname Operator:In Values:[b]}] does not match node labels',
    );
    expect(failed(used('1.10', on('a', 'b'), 'a'))).toEqual([]);
    expect(failed(used('1.10', on('b'), 'a')).join()).toContain('No matching NodeSelectorTerms');
  });
});
