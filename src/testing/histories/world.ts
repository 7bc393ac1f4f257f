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
      kubeletConfiguration: {
        evictionHard: {},
        shutdownGracePeriod: '30s',
        shutdownGracePeriodCriticalPods: '10s',
      },
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
  /** Volume types. Default: all. A function makes them anew for each run: for those that remember something. */
  readonly plugins?: readonly VolumePlugin[] | (() => readonly VolumePlugin[]);
  /** What the PersistentVolume of claim number n is: a field of its spec. Default: a hostPath. */
  readonly claimSource?: (n: number) => object;
}

/** Claim `claim-3` is for a device, not a directory. */
export const BLOCK_CLAIM = 'claim-3';

const ACCESS_MODES = ['ReadWriteOncePod', 'ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOnce'];

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

/** The class of the claims of histories: they may be made larger. */
const CLASS = 'history';

const ON_DISK = { hostPath: { path: '/data/claim' } };

/** A PersistentVolume and the claim that is bound to it, and what makes them possible. */
export function claim(n: number, source: object = ON_DISK): ActionDocument[] {
  const name = `claim-${n}`;
  const capacity = { storage: '1Gi' };
  const common = {
    accessModes: [ACCESS_MODES[n] ?? 'ReadWriteOnce'],
    storageClassName: CLASS,
    ...(name === BLOCK_CLAIM && { volumeMode: 'Block' }),
  };
  const claimRef = { namespace: 'default', name };
  return [
    {
      apply: {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: CLASS },
        provisioner: 'kubernetes.io/no-provisioner',
        allowVolumeExpansion: true,
      },
    },
    {
      apply: {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name },
        spec: { capacity, ...common, ...source, claimRef },
      },
    },
    {
      apply: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: { ...common, volumeName: name, resources: { requests: capacity } },
      },
    },
  ];
}

/** A user wants a claim to be larger, and a controller has made it so: the rest is the node's. */
export function grow(n: number, gi: number): ActionDocument[] {
  const name = `claim-${n}`;
  const storage = `${gi}Gi`;
  const status = {
    allocatedResources: { storage },
    allocatedResourceStatuses: { storage: 'NodeResizePending' },
  };
  const claim = { kind: 'PersistentVolumeClaim', name };
  const volume = { kind: 'PersistentVolume', name };
  return [
    { patch: { ...claim, patch: { spec: { resources: { requests: { storage } } } } } },
    { patch: { ...volume, patch: { spec: { capacity: { storage } } } } },
    { patch: { ...claim, patch: { status }, subresource: 'status' } },
  ];
}
