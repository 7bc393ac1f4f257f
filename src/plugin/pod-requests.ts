import { type Container, type Pod, qosClass, type VersionRules } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { amountOf, milliAmountOf } from './amounts.ts';
import { legacyStorage, SCRATCH } from './legacy-storage.ts';

/** Amounts by resource: thousandths of `cpu`, bytes, pieces. */
export type Amounts = Map<string, number>;

/** An amount of a resource in the unit that Amounts has it in. */
export function resourceAmount(resource: string, quantity: string): number {
  return resource === 'cpu' ? milliAmountOf(quantity) : amountOf(quantity);
}

/**
 * What a Pod asks of a node: per resource the larger of what its containers (with init containers that go on) ask together
 * and what an init container asks at its time, and the overhead. Models PodRequests of component-helpers/resource.
 */
export function podRequests({ spec }: DeepReadonly<Pod>, rules: VersionRules): Amounts {
  const total: Amounts = new Map();
  for (const container of spec.containers) addRequests(total, container);
  const sidecars: Amounts = new Map();
  const start: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const now: Amounts = new Map(sidecars);
    addRequests(now, container);
    raise(start, now);
    if (container.restartPolicy !== 'Always') continue;
    addRequests(sidecars, container);
    addRequests(total, container);
  }
  raise(total, start);
  askAsWhole(total, spec);
  for (const [resource, quantity] of Object.entries(spec.overhead ?? {})) {
    add(total, resource, resourceAmount(resource, quantity));
  }
  if (legacyStorage(rules) === 'only') addVolumes(total, spec);
  return total;
}

/** What a Pod asks for itself goes before what its containers ask. */
function askAsWhole(to: Amounts, { resources }: DeepReadonly<Pod>['spec']): void {
  if (!resources) return;
  const { requests = {}, limits = {} } = resources;
  for (const [resource, quantity] of Object.entries({ ...limits, ...requests })) {
    const own = requests[resource] !== undefined || !to.has(resource);
    if (own) to.set(resource, resourceAmount(resource, quantity));
  }
}

/** 1.7 counted what emptyDirs on the disk may grow to. Models GetResourceRequest of that time. */
function addVolumes(to: Amounts, { volumes = [] }: DeepReadonly<Pod>['spec']): void {
  for (const { emptyDir } of volumes) {
    const size = amountOf(emptyDir?.sizeLimit);
    if (size > 0 && emptyDir?.medium !== 'Memory') add(to, SCRATCH, size);
  }
}

/** Adds `sign` times each amount. */
export function addAmounts(to: Amounts, amounts: Amounts, sign: 1 | -1): void {
  for (const [resource, amount] of amounts) add(to, resource, sign * amount);
}

function add(to: Amounts, resource: string, amount: number): void {
  to.set(resource, (to.get(resource) ?? 0) + amount);
}

function addRequests(to: Amounts, { resources }: DeepReadonly<Container>): void {
  for (const [resource, quantity] of Object.entries(resources?.requests ?? {})) {
    add(to, resource, resourceAmount(resource, quantity));
  }
}

function raise(to: Amounts, amounts: Amounts): void {
  for (const [resource, amount] of amounts)
    to.set(resource, Math.max(to.get(resource) ?? 0, amount));
}

/** Neither requests nor limits of cpu and memory. Models v1qos.GetPodQOS. */
export function isBestEffort({ spec, status }: DeepReadonly<Pod>): boolean {
  return (status?.qosClass ?? qosClass(spec)) === 'BestEffort';
}
