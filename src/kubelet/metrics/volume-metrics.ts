import type { MetricLabels, ReadGauge } from '../../base/index.ts';
import { BLOCK_SIZE, type Directory, inodeOf, isKernelError } from '../../kernel/index.ts';
import { qualifiedPluginName } from '../../plugin/index.ts';
import type { Environment } from '../volume-manager/environment.ts';
import type { KubeletMetrics } from './kubelet-metrics.ts';

/** Where the values of these gauges come from. */
export interface VolumeMetricParts {
  readonly environment: Pick<Environment, 'desired' | 'actual' | 'context'>;
  /** `/` of the node. */
  readonly host: Directory;
}

/** Gauges of the volumes that a kubelet wants and has, and of those that stand behind claims. */
export function addVolumeMetrics(metrics: KubeletMetrics, parts: VolumeMetricParts): void {
  metrics.gauge('volume_manager_total_volumes', 'Volumes of the volume manager', () =>
    totalVolumes(parts),
  );
  for (const name of Object.keys(HELP) as (keyof VolumeStats)[]) {
    metrics.gauge(`kubelet_volume_stats_${name}`, HELP[name], () => statsOf(parts, name));
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

/** How large and how full a volume is, in bytes and inodes. */
interface VolumeStats {
  readonly capacity_bytes: number;
  readonly available_bytes: number;
  readonly used_bytes: number;
  readonly inodes: number;
  readonly inodes_free: number;
  readonly inodes_used: number;
}

const HELP: Readonly<Record<keyof VolumeStats, string>> = {
  capacity_bytes: 'Bytes that fit into the volume',
  available_bytes: 'Bytes that are free in the volume',
  used_bytes: 'Bytes that are taken in the volume',
  inodes: 'Inodes that fit into the volume',
  inodes_free: 'Inodes that are free in the volume',
  inodes_used: 'Inodes that are taken in the volume',
};

/** One of each claim, whoever mounts it. Models volumeStatsCollector of pkg/kubelet/metrics/collectors. */
function* statsOf(
  { environment, host }: VolumeMetricParts,
  name: keyof VolumeStats,
): ReturnType<ReadGauge> & Generator {
  const seen = new Set<string>();
  const blocks = environment.context.rules.atLeast('1.22');
  for (const { pods, plugin } of environment.actual.volumes.values()) {
    if (plugin.supports?.metrics === false) continue;
    for (const { mount, state } of pods.values()) {
      const claim = mount.spec.persistentVolume?.spec.claimRef;
      if (!claim || state !== 'mounted' || (mount.block && !blocks)) continue;
      const { namespace = '', name: claimName = '' } = claim;
      const key = `${namespace}/${claimName}`;
      if (seen.has(key)) continue;
      const stats = measured(() =>
        mount.block ? deviceStats(host, mount.devicePath) : fileSystemStats(host, mount.path),
      );
      if (!stats) continue;
      seen.add(key);
      yield [{ namespace, persistentvolumeclaim: claimName }, stats[name]];
    }
  }
}

/** Of what cannot be asked: nothing. */
function measured(measure: () => VolumeStats | undefined): VolumeStats | undefined {
  try {
    return measure();
  } catch (error) {
    if (isKernelError(error)) return undefined;
    throw error;
  }
}

function fileSystemStats(host: Directory, path: string): VolumeStats {
  const { blocks, bavail, bfree, files, ffree } = host.statfs(path.slice(1));
  return {
    capacity_bytes: blocks * BLOCK_SIZE,
    available_bytes: bavail * BLOCK_SIZE,
    used_bytes: (blocks - bfree) * BLOCK_SIZE,
    inodes: files,
    inodes_free: ffree,
    inodes_used: files - ffree,
  };
}

/** Of a device nothing is known but its size. Models NewMetricsBlock of pkg/volume/metrics_block.go. */
function deviceStats(host: Directory, path = ''): VolumeStats | undefined {
  const device = host.caller.kernel.device(inodeOf(host.walk(path.slice(1)).entry));
  const rest = { used_bytes: 0, inodes: 0, inodes_free: 0, inodes_used: 0 };
  return device && { capacity_bytes: device.size, available_bytes: 0, ...rest };
}
