import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import type { PodStats } from '../stats/pod-stats.ts';
import { sum } from '../stats/usage.ts';
import type { SignalInfo } from './thresholds.ts';

/** A Pod that may have to go. */
export interface Candidate {
  readonly pod: DeepReadonly<Pod>;
  readonly stats: PodStats;
}

type Resource = SignalInfo['resource'];

/**
 * Pods in the order in which they are ended: those that use more than they asked for first, of those the ones of less
 * priority, then those that use most beyond. Models rankDiskPressureFunc and rankMemoryPressure of
 * pkg/kubelet/eviction/helpers.go.
 */
export function ranked(candidates: readonly Candidate[], resource: Resource): Candidate[] {
  const measured = candidates.map((candidate) => {
    const used = usageOf(candidate.stats, resource);
    const asked = requestOf(candidate.pod, resource);
    return { candidate, beyond: used - asked, exceeds: used > asked };
  });
  measured.sort(
    (a, b) =>
      Number(b.exceeds) - Number(a.exceeds) ||
      priorityOf(a.candidate.pod) - priorityOf(b.candidate.pod) ||
      b.beyond - a.beyond,
  );
  return measured.map(({ candidate }) => candidate);
}

function priorityOf({ spec }: DeepReadonly<Pod>): number {
  return spec.priority ?? 0;
}

/** What a Pod uses of what runs short. Of memory only files in it are known. */
function usageOf({ containers, volumes, hostsFile }: PodStats, resource: Resource): number {
  if (resource === 'memory') {
    return sum(volumes.filter(({ memory }) => memory).map(({ usage }) => usage)).bytes;
  }
  const all = sum([
    ...containers.flatMap(({ rootfs, logs }) => [rootfs, logs]),
    ...volumes.filter(({ local }) => local).map(({ usage }) => usage),
    hostsFile,
  ]);
  return resource === 'inodes' ? all.inodes : all.bytes;
}

/** Nobody asks for inodes. */
function requestOf({ spec }: DeepReadonly<Pod>, resource: Resource): number {
  if (resource === 'inodes') return 0;
  let total = 0;
  for (const { resources } of spec.containers) total += amountOf(resources?.requests?.[resource]);
  return total;
}

/** System-critical priorities start here. */
const CRITICAL = 2_000_000_000;

/** Static pods, and those of the system's own priorities, are never ended for others. Models types.IsCriticalPod. */
export function isCritical({ metadata, spec }: DeepReadonly<Pod>): boolean {
  const source = metadata.annotations?.['kubernetes.io/config.source'];
  return (source !== undefined && source !== 'api') || (spec.priority ?? 0) >= CRITICAL;
}
