import type { MetricLabels, ReadGauge } from '../../base/index.ts';
import { BLOCK_SIZE, type Directory, isKernelError, type StatFs } from '../../kernel/index.ts';
import { qualifiedPluginName } from '../../plugin/index.ts';
import type { Environment } from '../volume-manager/environment.ts';
import type { KubeletMetrics } from './kubelet-metrics.ts';

/** Where the values of these gauges come from. */
export interface VolumeMetricParts {
  readonly environment: Pick<Environment, 'desired' | 'actual'>;
  /** `/` of the node. */
  readonly host: Directory;
}

/** Gauges of the volumes that a kubelet wants and has, and of those that stand behind claims. */
export function addVolumeMetrics(metrics: KubeletMetrics, parts: VolumeMetricParts): void {
  metrics.gauge('volume_manager_total_volumes', 'Volumes of the volume manager', () =>
    totalVolumes(parts),
  );
  for (const [name, { help, value }] of Object.entries(STATS)) {
    metrics.gauge(`kubelet_volume_stats_${name}`, help, () => statsOf(parts, value));
  }
}

/** Pairs of volume and Pod; of the actual state only what is mounted. Models totalVolumesCollector. */
function* totalVolumes({ environment }: VolumeMetricParts): ReturnType<ReadGauge> & Generator {
  const { desired, actual } = environment;
  const wanted = [...desired.volumes.values()].flatMap(({ plugin, pods }) =>
    [...pods.values()].map(({ spec }) => qualifiedPluginName(plugin, spec)),
  );
  const mounted = [...actual.volumes.values()].flatMap(({ plugin, pods }) =>
    [...pods.values()]
      .filter(({ state }) => state === 'mounted')
      .map(({ mount }) => qualifiedPluginName(plugin, mount.spec)),
  );
  yield* counted('desired_state_of_world', wanted);
  yield* counted('actual_state_of_world', mounted);
}

function counted(state: string, names: readonly string[]): [MetricLabels, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([plugin_name, count]) => [{ plugin_name, state }, count]);
}

type Stat = { readonly help: string; readonly value: (stat: StatFs) => number };

const STATS: Readonly<Record<string, Stat>> = {
  capacity_bytes: {
    help: 'Bytes that fit into the volume',
    value: ({ blocks }) => blocks * BLOCK_SIZE,
  },
  available_bytes: {
    help: 'Bytes that are free in the volume',
    value: ({ bavail }) => bavail * BLOCK_SIZE,
  },
  used_bytes: {
    help: 'Bytes that are taken in the volume',
    value: ({ blocks, bfree }) => (blocks - bfree) * BLOCK_SIZE,
  },
  inodes: { help: 'Inodes that fit into the volume', value: ({ files }) => files },
  inodes_free: { help: 'Inodes that are free in the volume', value: ({ ffree }) => ffree },
  inodes_used: {
    help: 'Inodes that are taken in the volume',
    value: ({ files, ffree }) => files - ffree,
  },
};

/** One of each claim, whoever mounts it. Models volumeStatsCollector of pkg/kubelet/metrics/collectors. */
function* statsOf(
  { environment, host }: VolumeMetricParts,
  value: Stat['value'],
): ReturnType<ReadGauge> & Generator {
  const seen = new Set<string>();
  for (const { pods, plugin } of environment.actual.volumes.values()) {
    if (plugin.supports?.metrics === false) continue;
    for (const { mount, state } of pods.values()) {
      const claim = mount.spec.persistentVolume?.spec.claimRef;
      if (!claim || state !== 'mounted' || mount.block) continue;
      const { namespace = '', name = '' } = claim;
      const key = `${namespace}/${name}`;
      const stat = statAt(host, mount.path);
      if (!stat || seen.has(key)) continue;
      seen.add(key);
      yield [{ namespace, persistentvolumeclaim: name }, value(stat)];
    }
  }
}

/** Of a filesystem that cannot be asked: nothing. */
function statAt(host: Directory, path: string): StatFs | undefined {
  try {
    return host.statfs(path.slice(1));
  } catch (error) {
    if (isKernelError(error)) return undefined;
    throw error;
  }
}
