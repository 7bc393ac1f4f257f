import { type DeepReadonly, formatQuantity, parseQuantity } from '../../base/index.ts';
import { ApiError } from '../api-error.ts';
import { resourceName } from '../kinds.ts';
import { addAmount, namespaceUsage, type QuotaAmounts, quotaUsage } from '../quota.ts';
import { countsIn } from '../quota-scopes.ts';
import type { NewObject } from '../store.ts';
import type { Pod, ResourceQuota } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import type { AdmissionContext } from './index.ts';

/** Kinds whose objects are counted. */
const COUNTED: ReadonlySet<string> = new Set(['Pod', 'PersistentVolumeClaim']);

/** Resources of containers that a quota makes everybody state. Upstream calls it a mistake, and adds no others. */
const STATED = /^(?:(requests|limits)\.)?(cpu|memory)$/;

/**
 * Whether the namespace has room for one more, or for what an object grows to. Throws ApiError Forbidden. Models
 * staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota.
 */
export function admitQuota(
  object: NewObject,
  old: NewObject | undefined,
  { store, rules }: AdmissionContext,
): void {
  const { kind, metadata } = object;
  if (!COUNTED.has(kind) || !metadata.namespace) return;
  const { namespace } = metadata;
  const quotas = store.list('ResourceQuota', { namespace });
  if (quotas.length === 0) return;
  const others = [...COUNTED]
    .flatMap((one) => store.list(one, { namespace }))
    .filter((one) => one.kind !== kind || one.metadata.name !== metadata.name || !old);
  const asked = quotaUsage(object as never);
  for (const quota of quotas) {
    if (!countsIn(quota, object as never, rules)) continue;
    if (kind === 'Pod' && !old) demandStated(quota, object as unknown as Pod, rules);
    const used = namespaceUsage(others.filter((one) => countsIn(quota, one, rules)) as never);
    demandRoom(quota, object, { used, asked });
  }
}

function demandStated(
  { metadata, spec }: DeepReadonly<ResourceQuota>,
  pod: Pod,
  rules: VersionRules,
): void {
  // What is asked for as a whole needs not be said by each container.
  if (rules.gate('PodLevelResources') && asksAsWhole(pod.spec)) return;
  const missing = new Map<string, string[]>();
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  for (const resource of Object.keys(spec?.hard ?? {})) {
    const [, list = 'requests', name = ''] = STATED.exec(resource) ?? [];
    if (name === '') continue;
    const without = all
      .filter(({ resources }) => resources?.[list as 'requests' | 'limits']?.[name] === undefined)
      .map((container) => container.name);
    if (without.length > 0) missing.set(resource, without.sort());
  }
  if (missing.size === 0) return;
  const why = `failed quota: ${metadata.name}: must specify ${missingText(missing, rules)}`;
  throw ApiError.forbidden('pods', pod.metadata.name ?? '', why);
}

/** Which containers it is that do not say it is told since 1.24. */
function missingText(missing: ReadonlyMap<string, string[]>, rules: VersionRules): string {
  if (rules.before('1.24')) return [...missing.keys()].sort().join(',');
  const list = [...missing].map(([resource, names]) => `${resource} for: ${names.join(',')}`);
  return list.sort().join('; ');
}

function asksAsWhole({ resources: { requests = {}, limits = {} } = {} }: Pod['spec']): boolean {
  return Object.keys(requests).length + Object.keys(limits).length > 0;
}

function demandRoom(
  { metadata, spec }: DeepReadonly<ResourceQuota>,
  object: NewObject,
  { used, asked }: { readonly used: QuotaAmounts; readonly asked: QuotaAmounts },
): void {
  const hard = spec?.hard ?? {};
  const over = Object.keys(hard).filter((resource) => {
    const more = asked.get(resource)?.nanos ?? 0n;
    const limit = parseQuantity(hard[resource] ?? '')?.nanos ?? 0n;
    return more > 0n && (used.get(resource)?.nanos ?? 0n) + more > limit;
  });
  if (over.length === 0) return;
  const show = (amounts: QuotaAmounts): string =>
    over
      .sort()
      .map((name) => `${name}=${textOf(amounts, name)}`)
      .join(',');
  const limited: QuotaAmounts = new Map();
  for (const name of over) addAmount(limited, name, hard[name] ?? '0');
  const why = `exceeded quota: ${metadata.name}, requested: ${show(asked)}, used: ${show(used)}, limited: ${show(limited)}`;
  const { kind, apiVersion } = object;
  throw ApiError.forbidden(resourceName(kind, apiVersion), object.metadata.name ?? '', why);
}

function textOf(amounts: QuotaAmounts, resource: string): string {
  const amount = amounts.get(resource);
  return amount ? formatQuantity(amount) : '0';
}
