import { formatQuantity } from '../../base/index.ts';
import { podTotal } from '../quota.ts';
import type { PodSpec, ResourceRequirements } from '../types.ts';
import type { VersionRules } from '../versions.ts';

/** What a Pod asks for as a whole, where it says only a part of it. Models pkg/apis/core/v1/defaults.go. */
export function defaultPodResources(spec: PodSpec, rules: VersionRules): void {
  if (!spec.resources) return;
  if (rules.atLeast('1.33')) defaultHugePages(spec, spec.resources, rules);
  defaultRequests(spec, spec.resources, rules);
  if (rules.gate('PodLevelResourcesFixDefaulting')) defaultLimits(spec, spec.resources);
}

/** Whether a Pod can ask for it as a whole; for huge pages since 1.33. */
export function isOfWholePods(name: string, rules: VersionRules): boolean {
  return isCompute(name) || (isHugePages(name) && rules.atLeast('1.33'));
}

function isCompute(name: string): boolean {
  return name === 'cpu' || name === 'memory';
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** The whole has the huge pages of its containers. Models defaultHugePagePodLimits. */
function defaultHugePages(
  spec: PodSpec,
  resources: ResourceRequirements,
  rules: VersionRules,
): void {
  const { requests = {}, limits = {} } = resources;
  if (Object.keys(requests).length + Object.keys(limits).length === 0) return;
  const all = { ...limits };
  for (const [name, amount] of podTotal(spec, 'limits')) {
    if (!isHugePages(name)) continue;
    if (requests[name] !== undefined && rules.atLeast('1.34')) continue;
    all[name] ??= formatQuantity(amount);
  }
  if (Object.keys(all).length > 0) resources.limits = all;
}

/** Models defaultPodRequests. */
function defaultRequests(
  spec: PodSpec,
  resources: ResourceRequirements,
  rules: VersionRules,
): void {
  const { requests, limits = {} } = resources;
  if (Object.keys(limits).length === 0) return;
  const all = { ...requests };
  for (const [name, amount] of podTotal(spec, 'requests')) {
    if (isCompute(name)) all[name] ??= formatQuantity(amount);
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (isOfWholePods(name, rules)) all[name] ??= limit;
  }
  if (Object.keys(all).length > 0) resources.requests = all;
}

/** Where every container has a limit, so has the whole. Models defaultPodLimits. */
function defaultLimits(spec: PodSpec, resources: ResourceRequirements): void {
  const { requests = {}, limits = {} } = resources;
  if (Object.keys(limits).length > 0 || Object.keys(requests).length === 0) return;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const all: Record<string, string> = {};
  for (const [name, amount] of podTotal(spec, 'limits')) {
    if (!isCompute(name)) continue;
    if (containers.every((one) => one.resources?.limits?.[name] !== undefined)) {
      all[name] = formatQuantity(amount);
    }
  }
  if (Object.keys(all).length > 0) resources.limits = all;
}
