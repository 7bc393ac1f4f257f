import type { ClusterOptions } from '../../cluster/index.ts';
import type { VolumePlugin } from '../../plugin/index.ts';

/** An action of a Simulation document: an object with one key. */
export type ActionDocument = Readonly<Record<string, unknown>>;

/** Where git finds the repository of histories. */
export const REPOSITORY = 'https://example.com/site.git';

/** Where manifests of static pods are on a node. */
export const MANIFESTS = '/etc/kubernetes/manifests';

/** What a history starts from, as fields of a Simulation document. */
export function sceneryOf({ nodes = 1, ...options }: HistoryOptions): object {
  return {
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `node-${i + 1}`,
      files: { '/data/seed': 'seed', '/data/claim/seed': 'seed' },
      kubeletConfiguration: { evictionHard: {} },
    })),
    outside: { gitRemotes: [{ repository: REPOSITORY, revisions: { HEAD: { index: 'hi' } } }] },
    ...options,
  };
}

/** What differs between histories before anything happens. */
export type HistoryOptions = Pick<ClusterOptions, 'seed' | 'kubernetesVersion'> & {
  readonly order?: 'fifo' | 'random';
  /** How many; default one. */
  readonly nodes?: number;
};

/** What a history needs and a Simulation document cannot hold. */
export interface HistoryParts {
  /** Volume types. Default: all. */
  readonly plugins?: readonly VolumePlugin[];
}

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
