import type { Container, Pod, VersionRules } from '../../api/index.ts';
import { type DeepReadonly, formatQuantity, parseQuantity, quoted } from '../../base/index.ts';
import { amountOf, OVERLAY } from '../../plugin/index.ts';
import { containerUsage, type PodStats, podUsage } from '../stats/pod-stats.ts';

const STORAGE = 'ephemeral-storage';

/** A limit of local storage that a Pod is over. */
export interface Exceeded {
  /** As kubelet_evictions counts it. */
  readonly signal: 'emptydirfs.limit' | 'ephemeralpodfs.limit' | 'ephemeralcontainerfs.limit';
  /** Of the Pod's status. */
  readonly message: string;
  /** Of the event. */
  readonly event: string;
}

/** What limits are measured with. */
export interface LimitOptions {
  readonly rules: VersionRules;
  /** Images and writable layers have a disk of their own. */
  readonly dedicatedImages: boolean;
}

/** Whether a Pod has a limit of local storage at all: others need no look. */
export function hasStorageLimit({ spec }: DeepReadonly<Pod>): boolean {
  if (spec.volumes?.some(({ emptyDir }) => amountOf(emptyDir?.sizeLimit) > 0)) return true;
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  return all.some((one) => (limitOf(one) ?? one.resources?.limits?.[OVERLAY]) !== undefined);
}

/**
 * The first limit of local storage that a Pod is over. Models localStorageEviction of
 * pkg/kubelet/eviction/eviction_manager.go.
 */
export function exceededLimit(
  pod: DeepReadonly<Pod>,
  stats: PodStats,
  options: LimitOptions,
): Exceeded | undefined {
  const { rules, dedicatedImages } = options;
  const volume = exceededVolume(pod, stats, rules);
  if (volume) return volume;
  if (rules.before('1.8')) return exceededOverlay(pod, stats);
  return exceededPod(pod, stats, rules) ?? exceededContainer(pod, stats, rules, dedicatedImages);
}

function exceededVolume(
  { spec }: DeepReadonly<Pod>,
  { volumes }: PodStats,
  rules: VersionRules,
): Exceeded | undefined {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    const used = volumes.find((volume) => volume.name === name)?.usage.bytes ?? 0;
    if (limit === undefined || amountOf(limit) <= 0 || used <= amountOf(limit)) continue;
    return exceeded(rules, 'emptydirfs.limit', {
      now: `Usage of EmptyDir volume ${quoted(name)} exceeds the limit ${quoted(limit)}. `,
      before: `emptyDir usage exceeds the limit ${quoted(limit)}`,
      resource: 'EmptyDir',
    });
  }
  return undefined;
}

function exceededPod(
  pod: DeepReadonly<Pod>,
  stats: PodStats,
  rules: VersionRules,
): Exceeded | undefined {
  const limit = podLimit(pod);
  if (limit === undefined || podUsage(stats).bytes <= amountOf(limit)) return undefined;
  return exceeded(rules, 'ephemeralpodfs.limit', {
    now: `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `,
    before: `pod ephemeral local storage usage exceeds the total limit of containers ${limit}`,
    resource: STORAGE,
  });
}

function exceededContainer(
  { spec }: DeepReadonly<Pod>,
  { containers }: PodStats,
  rules: VersionRules,
  dedicatedImages: boolean,
): Exceeded | undefined {
  for (const container of spec.containers) {
    const { name } = container;
    const limit = limitOf(container);
    const stats = containers.find((one) => one.name === name);
    if (limit === undefined || amountOf(limit) === 0 || !stats) continue;
    if (containerUsage(stats, dedicatedImages).bytes <= amountOf(limit)) continue;
    return exceeded(rules, 'ephemeralcontainerfs.limit', {
      now: `Container ${name} exceeded its local ephemeral storage limit ${quoted(limit)}. `,
      before: `container's ephemeral local storage usage exceeds the limit ${quoted(limit)}`,
      resource: STORAGE,
    });
  }
  return undefined;
}

/** Bytes that a Pod can take wherever it likes before it can be over any of its limits. */
export function roomLeft(
  pod: DeepReadonly<Pod>,
  stats: PodStats,
  dedicatedImages: boolean,
): number {
  const { volumes = [], containers } = pod.spec;
  const whole = podLimit(pod);
  const left = [
    ...volumes.flatMap(({ name, emptyDir }) => {
      const used = stats.volumes.find((volume) => volume.name === name)?.usage.bytes ?? 0;
      return emptyDir?.sizeLimit ? [amountOf(emptyDir.sizeLimit) - used] : [];
    }),
    ...(whole === undefined ? [] : [amountOf(whole) - podUsage(stats).bytes]),
    ...containers.flatMap((container) => {
      const limit = limitOf(container) ?? container.resources?.limits?.[OVERLAY];
      const found = stats.containers.find(({ name }) => name === container.name);
      const used = found ? containerUsage(found, dedicatedImages).bytes : 0;
      return amountOf(limit) === 0 ? [] : [amountOf(limit) - used];
    }),
  ];
  return Math.min(...left);
}

/** 1.7 knew no more than the writable layer of each container. */
function exceededOverlay(
  { spec }: DeepReadonly<Pod>,
  { containers }: PodStats,
): Exceeded | undefined {
  for (const { name, resources } of spec.containers) {
    const limit = resources?.limits?.[OVERLAY];
    const used = containers.find((one) => one.name === name)?.rootfs.bytes ?? 0;
    if (limit === undefined || amountOf(limit) === 0 || used <= amountOf(limit)) continue;
    const event = `container's overlay usage exceeds the limit ${quoted(limit)}`;
    const message = 'The node was low on resource: containerOverlay.';
    return { signal: 'ephemeralcontainerfs.limit', message, event };
  }
  return undefined;
}

/** Until 1.11 the status told of a resource only, and the event of the limit. */
function exceeded(
  rules: VersionRules,
  signal: Exceeded['signal'],
  words: { readonly now: string; readonly before: string; readonly resource: string },
): Exceeded {
  if (!rules.before('1.12')) return { signal, message: words.now, event: words.now };
  const message = `The node was low on resource: ${words.resource}.`;
  return { signal, message, event: words.before };
}

function limitOf({ resources }: DeepReadonly<Container>): string | undefined {
  return resources?.limits?.[STORAGE];
}

/**
 * The limits of a Pod's containers together, as a quantity; undefined when none has one. Models PodLimits of
 * component-helpers/resource.
 */
export function podLimit({ spec }: DeepReadonly<Pod>): string | undefined {
  const { initContainers = [], containers } = spec;
  if ([...initContainers, ...containers].every((one) => limitOf(one) === undefined))
    return undefined;
  let [sidecars, peak] = [NONE, NONE];
  for (const one of initContainers) {
    const now = add(sidecars, limitOf(one));
    if (one.restartPolicy === 'Always') sidecars = now;
    if (now.nanos > peak.nanos) peak = now;
  }
  const running = containers.reduce((total, one) => add(total, limitOf(one)), sidecars);
  return formatQuantity(running.nanos >= peak.nanos ? running : peak);
}

type Amount = NonNullable<ReturnType<typeof parseQuantity>>;

const NONE: Amount = { nanos: 0n, format: 'DecimalSI' };

/** The sum is written as the first that is not zero. Models Quantity.Add. */
function add(to: Amount, quantity: string | undefined): Amount {
  const more = quantity === undefined ? undefined : parseQuantity(quantity);
  if (!more) return to;
  return { nanos: to.nanos + more.nanos, format: to.nanos === 0n ? more.format : to.format };
}
