import { allPlugins } from '../../../plugins/index.ts';
import { type Cluster, createCluster } from '../../cluster/index.ts';
import type { VolumePlugin } from '../../plugin/index.ts';
import type { Story } from '../crash/index.ts';
import { type Invariant, invariants, type Watch, watchInvariants } from '../invariants/index.ts';

/** A volume that a plugin is tried with. */
export interface PluginSample {
  /** Default: the number of the sample. */
  readonly name?: string;
  /** What stands in the plugin's field. */
  readonly source: object;
  /** The volume is in the Pod (default), or in a PersistentVolume that the Pod claims. */
  readonly as?: 'volume' | 'persistentVolume';
  /** Objects that it needs: for `cluster.apply`. */
  readonly needs?: readonly object[];
  /** What is on the node's disk: content by absolute path; null is an empty directory. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Makes what is outside of the cluster. */
  readonly outside?: (cluster: Cluster) => void;
  /** Steps after which a crash or a failure is known not to be mended: they are not tried. */
  readonly unmended?: readonly string[];
  readonly kubernetesVersion?: string;
}

/** The Pod's name for the volume. */
export const VOLUME = 'sample';
export const POD = 'sample-pod';

/** A Pod with the volume is started, or one that has it is deleted. */
export interface SampleStories {
  readonly up: Story;
  readonly down: Story;
  /** Who watches a cluster of these stories. */
  watchOf(cluster: Cluster): Watch | undefined;
}

export function storiesOf(plugin: VolumePlugin, sample: PluginSample): SampleStories {
  const watches = new WeakMap<Cluster, Watch>();
  const make = (): Cluster => {
    const cluster = clusterFor(plugin, sample);
    watches.set(cluster, watchInvariants(cluster));
    cluster.settle();
    sample.outside?.(cluster);
    for (const object of [...(sample.needs ?? []), ...claimOf(plugin, sample)])
      cluster.apply(object);
    cluster.settle();
    return cluster;
  };
  const start = (cluster: Cluster): void => {
    cluster.apply(podOf(plugin, sample));
    rest(cluster);
  };
  const started = (): Cluster => {
    const cluster = make();
    start(cluster);
    use(cluster);
    return cluster;
  };
  return {
    up: { start: make, play: start },
    down: { start: started, play: remove },
    watchOf: (cluster) => watches.get(cluster),
  };
}

/** The container leaves a file in the volume, where it may: an empty directory would be swept away in any case. */
export function use(cluster: Cluster): void {
  try {
    cluster.pod(POD).container().fs.writeFileSync('/sample/.written', 'by the container');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/** Deletes the Pod, and waits until nothing moves. */
export function remove(cluster: Cluster): void {
  cluster.delete('Pod', POD);
  rest(cluster);
}

/** Time for retries and for housekeeping. */
export function rest(cluster: Cluster): void {
  cluster.settle();
  cluster.advance('4m');
  cluster.settle();
}

function clusterFor(
  plugin: VolumePlugin,
  { files = {}, kubernetesVersion }: PluginSample,
): Cluster {
  return createCluster({
    nodes: [{ name: 'node-1', files: { ...files } as never }],
    plugins: [...allPlugins.filter(({ source }) => source !== plugin.source), plugin],
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
  });
}

function podOf({ source: field }: VolumePlugin, { source, as }: PluginSample): object {
  const volume =
    as === 'persistentVolume'
      ? { persistentVolumeClaim: { claimName: VOLUME } }
      : { [field]: source };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, labels: { app: POD } },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        { name: 'main', image: 'busybox', volumeMounts: [{ name: VOLUME, mountPath: '/sample' }] },
      ],
      volumes: [{ name: VOLUME, ...volume }],
    },
  };
}

function claimOf({ source: field }: VolumePlugin, { source, as }: PluginSample): object[] {
  if (as !== 'persistentVolume') return [];
  const storage = '1Gi';
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
  const affinity = {
    required: {
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }],
        },
      ],
    },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: VOLUME },
      spec: {
        ...spec,
        capacity: { storage },
        [field]: source,
        ...(field === 'local' && { nodeAffinity: affinity }),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: VOLUME },
      spec: { ...spec, volumeName: VOLUME, resources: { requests: { storage } } },
    },
  ];
}

/** Invariants by id, for messages. */
export function sentenceOf(id: string): string {
  return invariants.find((one: Invariant) => one.id === id)?.sentence ?? '';
}
