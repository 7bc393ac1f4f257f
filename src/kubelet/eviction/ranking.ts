import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import type { PodStats } from '../stats/pod-stats.ts';
import { sum, type Usage } from '../stats/usage.ts';
import { SIGNALS, type SignalInfo, type SignalName } from './thresholds.ts';

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
export function ranked(
  candidates: readonly Candidate[],
  signal: SignalName,
  dedicatedImages: boolean,
): Candidate[] {
  const { resource } = SIGNALS[signal];
  const measured = candidates.map((candidate) => {
    const used = usageOf(candidate.stats, signal, dedicatedImages);
    const asked = requestOf(candidate.pod, resource);
    return { candidate, exceeds: used > asked, beyond: used - offset(candidate.pod, resource) };
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

/** What a Pod uses of what runs short. */
function usageOf(stats: PodStats, signal: SignalName, dedicatedImages: boolean): number {
  const { resource } = SIGNALS[signal];
  if (resource === 'memory') return stats.memory;
  const all = sum(onDiskOf(stats, signal, dedicatedImages));
  return resource === 'inodes' ? all.inodes : all.bytes;
}

/** What lies on the disk that a signal is about. Models buildSignalToRankFunc. */
function onDiskOf(
  { containers, volumes }: PodStats,
  signal: SignalName,
  dedicatedImages: boolean,
): Usage[] {
  const layers = containers.map(({ rootfs }) => rootfs);
  const rest = [
    ...containers.map(({ logs }) => logs),
    ...volumes.filter(({ local }) => local).map(({ usage }) => usage),
  ];
  if (!dedicatedImages) return [...layers, ...rest];
  return signal.startsWith('imagefs.') ? layers : rest;
}

/** Nobody asks for inodes. */
function requestOf(pod: DeepReadonly<Pod>, resource: Resource): number {
  return resource === 'inodes' ? 0 : requested(pod, resource);
}

/** Of inodes upstream takes the bytes away that were asked for. */
function offset(pod: DeepReadonly<Pod>, resource: Resource): number {
  return requested(pod, resource === 'memory' ? 'memory' : 'ephemeral-storage');
}

/** Models GetResourceRequestQuantity of pkg/api/v1/resource: the larger of all containers and of an init container. */
function requested({ spec }: DeepReadonly<Pod>, resource: string): number {
  const of = ({ resources }: (typeof spec.containers)[number]): number =>
    amountOf(resources?.requests?.[resource]);
  const together = spec.containers.reduce((total, one) => total + of(one), 0);
  const most = Math.max(together, ...(spec.initContainers ?? []).map(of));
  return most + amountOf(spec.overhead?.[resource]);
}

/** System-critical priorities start here. */
const CRITICAL = 2_000_000_000;

/** Static pods, and those of the system's own priorities, are never ended for others. Models types.IsCriticalPod. */
export function isCritical({ metadata, spec }: DeepReadonly<Pod>): boolean {
  const source = metadata.annotations?.['kubernetes.io/config.source'];
  return (source !== undefined && source !== 'api') || (spec.priority ?? 0) >= CRITICAL;
}
