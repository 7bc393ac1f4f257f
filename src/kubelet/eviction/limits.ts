import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, formatQuantity, parseQuantity, quoted } from '../../base/index.ts';
import { amountOf } from '../../plugin/index.ts';
import { containerUsage, type PodStats, podUsage } from '../stats/pod-stats.ts';

const STORAGE = 'ephemeral-storage';

/** Whether a Pod has a limit of local storage at all: others need no look. */
export function hasStorageLimit({ spec }: DeepReadonly<Pod>): boolean {
  if (spec.volumes?.some(({ emptyDir }) => amountOf(emptyDir?.sizeLimit) > 0)) return true;
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  return all.some((container) => limitOf(container) !== undefined);
}

/**
 * The first limit of local storage that a Pod is over, in the words of its status. Models localStorageEviction of
 * pkg/kubelet/eviction/eviction_manager.go.
 */
export function exceededLimit(
  pod: DeepReadonly<Pod>,
  stats: PodStats,
  dedicatedImages: boolean,
): string | undefined {
  return (
    exceededVolume(pod, stats) ??
    exceededPod(pod, stats) ??
    exceededContainer(pod, stats, dedicatedImages)
  );
}

function exceededVolume({ spec }: DeepReadonly<Pod>, { volumes }: PodStats): string | undefined {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    const used = volumes.find((volume) => volume.name === name)?.usage.bytes ?? 0;
    if (limit === undefined || amountOf(limit) <= 0 || used <= amountOf(limit)) continue;
    return `Usage of EmptyDir volume ${quoted(name)} exceeds the limit ${quoted(limit)}. `;
  }
  return undefined;
}

function exceededPod(pod: DeepReadonly<Pod>, stats: PodStats): string | undefined {
  const limit = podLimit(pod);
  if (limit === undefined || podUsage(stats).bytes <= amountOf(limit)) return undefined;
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `;
}

function exceededContainer(
  { spec }: DeepReadonly<Pod>,
  { containers }: PodStats,
  dedicatedImages: boolean,
): string | undefined {
  for (const container of spec.containers) {
    const limit = limitOf(container);
    const stats = containers.find(({ name }) => name === container.name);
    if (limit === undefined || !stats) continue;
    if (containerUsage(stats, dedicatedImages).bytes <= amountOf(limit)) continue;
    const { name } = container;
    return `Container ${name} exceeded its local ephemeral storage limit ${quoted(limit)}. `;
  }
  return undefined;
}

function limitOf({ resources }: DeepReadonly<Container>): string | undefined {
  return resources?.limits?.[STORAGE];
}

/**
 * The limits of a Pod's containers together, as a quantity; undefined when none has one. Models PodLimits of
 * component-helpers/resource.
 */
export function podLimit({ spec }: DeepReadonly<Pod>): string | undefined {
  let [sidecars, peak] = [NONE, NONE];
  for (const one of spec.initContainers ?? []) {
    const now = add(sidecars, limitOf(one));
    if (one.restartPolicy === 'Always') sidecars = now;
    if (now.nanos > peak.nanos) peak = now;
  }
  const running = spec.containers.reduce((total, one) => add(total, limitOf(one)), sidecars);
  const most = running.nanos >= peak.nanos ? running : peak;
  return most.nanos > 0n ? formatQuantity(most) : undefined;
}

type Amount = NonNullable<ReturnType<typeof parseQuantity>>;

const NONE: Amount = { nanos: 0n, format: 'DecimalSI' };

/** The sum is written as the first that is not zero. Models Quantity.Add. */
function add(to: Amount, quantity: string | undefined): Amount {
  const more = quantity === undefined ? undefined : parseQuantity(quantity);
  if (!more) return to;
  return { nanos: to.nanos + more.nanos, format: to.nanos === 0n ? more.format : to.format };
}
