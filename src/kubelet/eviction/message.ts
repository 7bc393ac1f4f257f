import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, formatQuantity, parseQuantity } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import { containerUsage } from '../stats/pod-stats.ts';
import type { Observation } from './node-usage.ts';
import type { Candidate } from './ranking.ts';
import { SIGNALS, type Threshold } from './thresholds.ts';

/** What is said of a Pod that is ended, and noted at the event. Models evictionMessage of pkg/kubelet/eviction/helpers.go. */
export interface EvictionMessage {
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** @param limit of the threshold, in bytes or inodes */
export function evictionMessage(
  { pod, stats }: Candidate,
  threshold: Threshold,
  { available, limit }: Observation & { readonly limit: number },
): EvictionMessage {
  const { resource } = SIGNALS[threshold.signal];
  const low = `The node was low on resource: ${resource}. `;
  const numbers = `Threshold quantity: ${quantity(limit, resource)}, available: ${quantity(available, resource)}. `;
  const offenders = resource === 'ephemeral-storage' ? overRequest(pod, stats) : [];
  const containers = offenders.map(
    ({ name, used, asked }) =>
      `Container ${name} was using ${used}, request is ${asked}, has larger consumption of ${resource}. `,
  );
  return {
    message: [low, numbers, ...containers].join(''),
    annotations: {
      starved_resource: resource,
      ...(offenders.length > 0 && {
        offending_containers: offenders.map(({ name }) => name).join(','),
        offending_containers_usage: offenders.map(({ used }) => used).join(','),
      }),
    },
  };
}

function overRequest({ spec }: DeepReadonly<Pod>, { containers }: Candidate['stats']) {
  return spec.containers.flatMap(({ name, resources }) => {
    const stats = containers.find((container) => container.name === name);
    const bytes = stats ? containerUsage(stats, false).bytes : 0;
    const request = resources?.requests?.['ephemeral-storage'] ?? '0';
    if (bytes <= amountOf(request)) return [];
    return [{ name, used: inKibibytes(bytes), asked: canonical(request) }];
  });
}

function quantity(amount: number, resource: string): string {
  return resource === 'inodes' ? String(amount) : canonical(`${amount}`, 'BinarySI');
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
