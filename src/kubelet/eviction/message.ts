import type { Pod, VersionRules } from '../../api/index.ts';
import { type DeepReadonly, formatQuantity, parseQuantity } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import { containerUsage, type PodStats } from '../stats/pod-stats.ts';
import type { Observation } from './node-usage.ts';
import type { Candidate } from './ranking.ts';
import { SIGNALS, type SignalInfo, type Threshold } from './thresholds.ts';

/** What is said of a Pod that is ended, and noted at the event. Models evictionMessage of pkg/kubelet/eviction/helpers.go. */
export interface EvictionMessage {
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

type Resource = SignalInfo['resource'];

/** What was short: how much of it there is, and what the threshold is, in bytes or inodes. */
export interface Shortage extends Observation {
  readonly limit: number;
}

export function evictionMessage(
  { pod, stats }: Candidate,
  threshold: Threshold,
  shortage: Shortage,
  rules: VersionRules,
): EvictionMessage {
  const { resource } = SIGNALS[threshold.signal];
  if (rules.before('1.12')) {
    return { message: `The node was low on resource: ${resource}.`, annotations: {} };
  }
  const message = lowOn(resource, shortage, rules);
  if (!stats) return { message, annotations: {} };
  const whole = wholePod(pod, stats, resource);
  const offenders = overRequest(pod, stats, resource);
  const said = [
    ...(whole ? [consumption('Pod', whole, resource)] : []),
    ...offenders.map((one) => containerSentence(one, resource, rules)),
  ];
  return {
    message: [message, ...said].join(''),
    annotations: {
      ...(whole && { offending_pod: whole.name, offending_pod_usage: whole.used }),
      offending_containers: offenders.map(({ name }) => name).join(','),
      offending_containers_usage: offenders.map(({ used }) => used).join(','),
      starved_resource: resource,
    },
  };
}

function lowOn(resource: Resource, { limit, available }: Shortage, rules: VersionRules): string {
  const low = `The node was low on resource: ${resource}. `;
  if (rules.before('1.26')) return low;
  return `${low}Threshold quantity: ${quantity(limit, resource)}, available: ${quantity(available, resource)}. `;
}

/** What a Pod or a container uses, and has asked for. */
interface Consumer {
  readonly name: string;
  readonly used: string;
  readonly asked: string;
}

function consumption(what: 'Pod' | 'Container', consumer: Consumer, resource: Resource): string {
  const { name, used, asked } = consumer;
  return `${what} ${name} was using ${used}, request is ${asked}, has larger consumption of ${resource}. `;
}

function containerSentence(consumer: Consumer, resource: Resource, rules: VersionRules): string {
  if (!rules.before('1.26')) return consumption('Container', consumer, resource);
  const { name, used, asked } = consumer;
  return `Container ${name} was using ${used}, which exceeds its request of ${asked}. `;
}

/** A Pod that asks for memory itself is told of, too. */
function wholePod(
  { metadata, spec }: DeepReadonly<Pod>,
  { memory }: PodStats,
  resource: Resource,
): Consumer | undefined {
  const request = resource === 'memory' ? spec.resources?.requests?.['memory'] : undefined;
  if (request === undefined) return undefined;
  return { name: metadata.name, used: inKibibytes(memory), asked: canonical(request) };
}

/** Containers that use more than they asked for: of memory, or of their layer and logs. */
function overRequest(
  { spec }: DeepReadonly<Pod>,
  { containers }: PodStats,
  resource: Resource,
): Consumer[] {
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
