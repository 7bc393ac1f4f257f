import type { Pod, VersionRules } from '../../api/index.ts';
import { type DeepReadonly, formatQuantity, parseQuantity } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import { containerUsage } from '../stats/pod-stats.ts';
import type { Observation } from './node-usage.ts';
import type { Candidate } from './ranking.ts';
import { SIGNALS, type SignalInfo, type Threshold } from './thresholds.ts';

/** What is said of a Pod that is ended, and noted at the event. Models evictionMessage of pkg/kubelet/eviction/helpers.go. */
export interface EvictionMessage {
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

type Resource = SignalInfo['resource'];

/** @param limit of the threshold, in bytes or inodes */
export function evictionMessage(
  { pod, stats }: Candidate,
  threshold: Threshold,
  {
    available,
    limit,
    rules,
  }: Observation & { readonly limit: number; readonly rules: VersionRules },
): EvictionMessage {
  const { resource } = SIGNALS[threshold.signal];
  if (rules.before('1.12')) {
    return { message: `The node was low on resource: ${resource}.`, annotations: {} };
  }
  const low = `The node was low on resource: ${resource}. `;
  const numbers = `Threshold quantity: ${quantity(limit, resource)}, available: ${quantity(available, resource)}. `;
  const offenders = overRequest(pod, stats, resource);
  const containers = offenders.map(({ name, used, asked }) =>
    rules.before('1.26')
      ? `Container ${name} was using ${used}, which exceeds its request of ${asked}. `
      : `Container ${name} was using ${used}, request is ${asked}, has larger consumption of ${resource}. `,
  );
  return {
    message: [low, ...(rules.before('1.26') ? [] : [numbers]), ...containers].join(''),
    annotations: {
      offending_containers: offenders.map(({ name }) => name).join(','),
      offending_containers_usage: offenders.map(({ used }) => used).join(','),
      starved_resource: resource,
    },
  };
}

/** Containers that use more than they asked for: of memory, or of their layer and logs. */
function overRequest(
  { spec }: DeepReadonly<Pod>,
  { containers }: Candidate['stats'],
  resource: Resource,
): { name: string; used: string; asked: string }[] {
  if (resource === 'inodes') return [];
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return containers.flatMap((stats) => {
    const container = all.find(({ name }) => name === stats.name);
    if (!container) return [];
    const bytes = resource === 'memory' ? stats.memory : containerUsage(stats, false).bytes;
    const request = container.resources?.requests?.[resource] ?? '0';
    if (bytes <= amountOf(request)) return [];
    return [{ name: stats.name, used: inKibibytes(bytes), asked: canonical(request) }];
  });
}

function quantity(amount: number, resource: Resource): string {
  return resource === 'inodes' ? canonical(`${amount}`) : inKibibytes(amount);
}

/** Models resource.NewQuantity(bytes, resource.BinarySI).String(). */
function inKibibytes(bytes: number): string {
  return canonical(`${bytes}`, 'BinarySI');
}

function canonical(text: string, format?: 'BinarySI'): string {
  const parsed = parseQuantity(text);
  if (!parsed) return text;
  return formatQuantity(format ? { ...parsed, format } : parsed);
}
