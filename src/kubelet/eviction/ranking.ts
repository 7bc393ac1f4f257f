import { type Pod, qosClass, type VersionRules } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { podRequests } from '../../plugin/index.ts';
import type { PodStats } from '../stats/pod-stats.ts';
import { sum, type Usage } from '../stats/usage.ts';
import { SIGNALS, type SignalName } from './thresholds.ts';

/** A Pod that may have to go. */
export interface Candidate {
  readonly pod: DeepReadonly<Pod>;
  /** Undefined when nothing of it runs. */
  readonly stats: PodStats | undefined;
}

/** What pods are measured by. */
export interface RankOptions {
  readonly rules: VersionRules;
  /** Images and writable layers have a disk of their own. */
  readonly dedicatedImages: boolean;
}

/**
 * Pods in the order in which they are ended: those that cannot be measured first, then those that use more than they asked
 * for, of those the ones of less priority, then those that use most beyond. Models rankDiskPressureFunc and
 * rankMemoryPressure of pkg/kubelet/eviction/helpers.go.
 */
export function ranked(
  candidates: readonly Candidate[],
  signal: SignalName,
  options: RankOptions,
): Candidate[] {
  const measured = candidates.map((candidate) => measure(candidate, signal, options));
  measured.sort(options.rules.before('1.9') ? byQuality : byPriority);
  return measured.map(({ candidate }) => candidate);
}

function byPriority(a: Measured, b: Measured): number {
  return (
    Number(a.known) - Number(b.known) ||
    Number(b.exceeds) - Number(a.exceeds) ||
    priorityOf(a.candidate.pod) - priorityOf(b.candidate.pod) ||
    b.beyond - a.beyond
  );
}

/** Until 1.8 it went by the class of the Pod. */
function byQuality(a: Measured, b: Measured): number {
  const of = ({ candidate: { pod } }: Measured): number => QUALITIES.indexOf(qosClass(pod.spec));
  return of(a) - of(b) || Number(a.known) - Number(b.known) || b.beyond - a.beyond;
}

const QUALITIES: readonly string[] = ['BestEffort', 'Burstable', 'Guaranteed'];

interface Measured {
  readonly candidate: Candidate;
  readonly known: boolean;
  readonly exceeds: boolean;
  readonly beyond: number;
}

/** Nobody asks for inodes; what a Pod uses of them is yet compared less the bytes that it asked for, as upstream has it. */
function measure(
  candidate: Candidate,
  signal: SignalName,
  { rules, dedicatedImages }: RankOptions,
): Measured {
  const { pod, stats } = candidate;
  if (!stats) return { candidate, known: false, exceeds: false, beyond: 0 };
  const { resource } = SIGNALS[signal];
  const used = usageOf(stats, signal, dedicatedImages);
  const requests = podRequests(pod, rules);
  const asked = requests.get(resource === 'memory' ? 'memory' : 'ephemeral-storage') ?? 0;
  const exceeds = used > (resource === 'inodes' ? 0 : asked);
  return { candidate, known: true, exceeds, beyond: used - asked };
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

/** System-critical priorities start here. */
const CRITICAL = 2_000_000_000;

/** Static pods, and those of the system's own priorities, are never ended for others. Models types.IsCriticalPod. */
export function isCritical({ metadata, spec }: DeepReadonly<Pod>): boolean {
  const source = metadata.annotations?.['kubernetes.io/config.source'];
  return (source !== undefined && source !== 'api') || (spec.priority ?? 0) >= CRITICAL;
}
