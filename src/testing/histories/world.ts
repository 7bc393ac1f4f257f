import type { ClusterOptions } from '../../cluster/index.ts';

/** An action of a Simulation document: an object with one key. */
export type ActionDocument = Readonly<Record<string, unknown>>;

/** Where git finds the repository of histories. */
export const REPOSITORY = 'https://example.com/site.git';

/** What all histories start from, as fields of a Simulation document. */
export const scenery: object = {
  nodes: [
    {
      name: 'node-1',
      files: { '/data/seed': 'seed', '/data/claim/seed': 'seed' },
      kubeletConfiguration: { evictionHard: {} },
    },
  ],
  outside: { gitRemotes: [{ repository: REPOSITORY, revisions: { HEAD: { index: 'hi' } } }] },
};

/** What differs between histories before anything happens. */
export type HistoryOptions = Pick<ClusterOptions, 'seed' | 'order' | 'kubernetesVersion'> & {
  readonly order?: 'fifo' | 'random';
};

export function configMap(n: number, value: number, immutable = false): ActionDocument {
  return {
    apply: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `config-${n}` },
      ...(immutable && { immutable: true }),
      data: { a: `${value}`, ...(value % 2 === 1 && { b: 'there' }) },
    },
  };
}

export function secret(n: number, value: number): ActionDocument {
  return {
    apply: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `secret-${n}` },
      stringData: { key: `${value}` },
    },
  };
}

/** A PersistentVolume on the node's disk, and the claim that is bound to it. */
export function claim(n: number): ActionDocument[] {
  const name = `claim-${n}`;
  const capacity = { storage: '1Gi' };
  return [
    {
      apply: {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name },
        spec: {
          capacity,
          accessModes: [n === 0 ? 'ReadWriteOncePod' : 'ReadWriteOnce'],
          storageClassName: '',
          hostPath: { path: '/data/claim' },
          claimRef: { namespace: 'default', name },
        },
      },
    },
    {
      apply: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: {
          accessModes: [n === 0 ? 'ReadWriteOncePod' : 'ReadWriteOnce'],
          storageClassName: '',
          volumeName: name,
          resources: { requests: capacity },
        },
      },
    },
  ];
}
