import { allPlugins, definePlugin, type VolumePlugin } from '../../../plugins/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';
import type { Expander } from '../../../src/plugin/types.ts';
import { podWith, volumeAndClaim } from '../../objects.ts';

/** What a plugin was told to make larger, in Gi: `1 to 2`. */
export type Calls = string[];

/** A volume type whose filesystem has to grow on each node. */
export function growing(calls: Calls, fields: Partial<VolumePlugin> = {}): VolumePlugin {
  const gi = (bytes: number): number => bytes / 2 ** 30;
  const expander: Expander = {
    *nodeExpand({ dir }, { from, to }) {
      calls.push(`${gi(from)} to ${gi(to)}`);
      if (!dir.exists()) throw new Error('a volume grows that is not set up');
    },
  };
  return definePlugin<unknown>({
    name: 'test.example/growing',
    source: 'awsElasticBlockStore',
    accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'],
    expander,
    *setUp({ dir }) {
      if (!dir.exists()) yield* dir.create(0o777);
    },
    *tearDown({ dir }) {
      if (dir.exists()) yield* dir.removeAll();
    },
    ...fields,
  });
}

const SPEC = {
  accessModes: ['ReadWriteMany'],
  storageClassName: '',
};

/** Claim `data`, bound to `pv-1` of 1Gi. */
export function growingCluster(
  options: ClusterOptions & { volumeMode?: 'Block'; plugin?: Partial<VolumePlugin> } = {},
): { cluster: Cluster; calls: Calls } {
  const { volumeMode, plugin, ...rest } = options;
  const calls: Calls = [];
  const cluster = createCluster({ plugins: [...allPlugins, growing(calls, plugin)], ...rest });
  const mode = volumeMode && { volumeMode };
  cluster.settle();
  cluster.apply(
    volumeAndClaim(
      { awsElasticBlockStore: { volumeID: 'vol-1' } },
      { volume: 'pv-1', claim: 'data', spec: { ...SPEC, ...mode } },
    ),
  );
  cluster.settle();
  return { cluster, calls };
}

/** What a controller does that has made the volume larger: from 1.11 on it says so, and from 1.32 on how far it is. */
export function grow(cluster: Cluster, storage: string, recovers = true, tells = true): void {
  cluster.patch('PersistentVolume', 'pv-1', { spec: { capacity: { storage } } });
  const conditions = [{ type: 'FileSystemResizePending', status: 'True' }];
  const marks = {
    allocatedResources: { storage },
    allocatedResourceStatuses: { storage: 'NodeResizePending' },
  };
  const status = { ...(tells && { conditions }), ...(recovers && marks) };
  cluster.edit(
    'PersistentVolumeClaim',
    'data',
    (draft) => Object.assign(draft.status ?? {}, status),
    {
      subresource: 'status',
    },
  );
  const claim = cluster.get('PersistentVolumeClaim', 'data');
  cluster.restore({
    ...claim,
    spec: { ...claim?.spec, resources: { requests: { storage } } },
  } as object);
}

/** A Pod with the claim. */
export function podWithData(name = 'p', volume: object = {}, container: object = {}): object {
  const persistentVolumeClaim = { claimName: 'data', ...volume };
  const mount = { mountPath: '/data' };
  return podWith([{ name: 'v', persistentVolumeClaim }], { name, container, mount });
}

export function statusOfClaim(cluster: Cluster): {
  size: string | undefined;
  conditions: string[];
  resize: string | undefined;
} {
  const status = cluster.get('PersistentVolumeClaim', 'data')?.status;
  return {
    size: status?.capacity?.['storage'],
    conditions: (status?.conditions ?? []).map(({ type }) => type),
    resize: status?.allocatedResourceStatuses?.['storage'],
  };
}
