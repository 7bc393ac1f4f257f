import { type DeepReadonly, formatQuantity, parseQuantity } from '../base/index.ts';
import type { StoredObject } from './objects.ts';
import type { Container, PersistentVolumeClaim, Pod, PodSpec } from './types.ts';

/** Amounts by resource, in 10^-9 units, with the form they are written in. */
export type QuotaAmounts = Map<string, NonNullable<ReturnType<typeof parseQuantity>>>;

const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';

/** What one object counts for in a quota; nothing when it counts for none. Models pkg/quota/v1/evaluator/core. */
export function quotaUsage(object: DeepReadonly<StoredObject>): QuotaAmounts {
  const usage: QuotaAmounts = new Map();
  if (object.kind === 'PersistentVolumeClaim') {
    addClaim(usage, object as unknown as DeepReadonly<PersistentVolumeClaim>);
  } else if (object.kind === 'Pod') addPod(usage, object as unknown as DeepReadonly<Pod>);
  else addAmount(usage, `count/${object.kind.toLowerCase()}s`, '1');
  return usage;
}

/** Adds one amount to another. */
export function addAmount(to: QuotaAmounts, resource: string, quantity: string): void {
  const more = parseQuantity(quantity);
  if (!more) return;
  const before = to.get(resource);
  if (!before || before.nanos === 0n)
    to.set(resource, { ...more, nanos: more.nanos + (before?.nanos ?? 0n) });
  else to.set(resource, { ...before, nanos: before.nanos + more.nanos });
}

function addClaim(
  usage: QuotaAmounts,
  { spec, status }: DeepReadonly<PersistentVolumeClaim>,
): void {
  addAmount(usage, 'persistentvolumeclaims', '1');
  addAmount(usage, 'count/persistentvolumeclaims', '1');
  const asked = spec.resources?.requests?.['storage'];
  const allocated = status?.allocatedResources?.['storage'];
  const storage = larger(asked, allocated);
  if (storage !== undefined) addAmount(usage, 'requests.storage', storage);
  if (!spec.storageClassName) return;
  const ofClass = `${spec.storageClassName}${CLASS_SUFFIX}`;
  addAmount(usage, `${ofClass}persistentvolumeclaims`, '1');
  if (storage !== undefined) addAmount(usage, `${ofClass}requests.storage`, storage);
}

function larger(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (parseQuantity(a)?.nanos ?? 0n) >= (parseQuantity(b)?.nanos ?? 0n) ? a : b;
}

/** A Pod that has ended counts as an object only. */
function addPod(usage: QuotaAmounts, { spec, status }: DeepReadonly<Pod>): void {
  addAmount(usage, 'count/pods', '1');
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return;
  addAmount(usage, 'pods', '1');
  for (const list of ['requests', 'limits'] as const) {
    for (const [resource, { nanos, format }] of podUsage(spec, list)) {
      const text = formatQuantity({ nanos, format });
      addAmount(usage, `${list}.${resource}`, text);
      if (list === 'requests') addAmount(usage, resource, text);
    }
  }
}

/** What a Pod asks for as a whole, where it does; else what its containers do, and its overhead. Models PodRequests and PodLimits. */
function podUsage(spec: DeepReadonly<PodSpec>, list: 'requests' | 'limits'): QuotaAmounts {
  const usage = podTotal(spec, list);
  for (const [name, amount] of Object.entries(spec.resources?.[list] ?? {})) {
    const read = parseQuantity(amount);
    if (read) usage.set(name, read);
  }
  for (const [name, amount] of Object.entries(spec.overhead ?? {})) {
    // Limits are raised where there are any.
    if (list === 'requests' || usage.has(name)) addAmount(usage, name, amount);
  }
  return usage;
}

/**
 * The most that a Pod needs at a time: of its containers with its sidecars, or of one that starts it, with the sidecars that
 * came before. Models PodRequests and PodLimits of pkg/api/v1/resource/helpers.go.
 */
export function podTotal(
  { containers, initContainers = [] }: DeepReadonly<PodSpec>,
  list: 'requests' | 'limits',
): QuotaAmounts {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const most = totalOf([...containers, ...sidecars], list);
  initContainers.forEach((container, index) => {
    const before = sidecars.filter((one) => initContainers.indexOf(one) < index);
    raise(most, totalOf([...before, container], list));
  });
  return most;
}

function totalOf(
  containers: readonly DeepReadonly<Container>[],
  list: 'requests' | 'limits',
): QuotaAmounts {
  const total: QuotaAmounts = new Map();
  for (const { resources } of containers) {
    for (const [name, quantity] of Object.entries(resources?.[list] ?? {})) {
      addAmount(total, name, quantity);
    }
  }
  return total;
}

function raise(to: QuotaAmounts, amounts: QuotaAmounts): void {
  for (const [resource, amount] of amounts) {
    if ((to.get(resource)?.nanos ?? -1n) < amount.nanos) to.set(resource, amount);
  }
}

/** All of a namespace, but for one object. */
export function namespaceUsage(objects: Iterable<DeepReadonly<StoredObject>>): QuotaAmounts {
  const total: QuotaAmounts = new Map();
  for (const object of objects) {
    for (const [resource, { nanos, format }] of quotaUsage(object)) {
      addAmount(total, resource, formatQuantity({ nanos, format }));
    }
  }
  return total;
}
