import type { Container, Pod, ResourceFieldSelector } from '../api/index.ts';
import { type DeepReadonly, OperationError } from '../base/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { amountOf, milliAmountOf } from './amounts.ts';

/** What of a node is asked for: allocatable amounts, cpu in milli. */
type Allocatable = Pick<NodeSystem, 'allocatable'>;

/**
 * The text of a resource of a container: rounded up after the division. A missing limit of cpu, memory or ephemeral-storage is
 * what the node can allocate; a missing request is 0. Throws an OperationError for a container or resource that there is not.
 * Models pkg/api/v1/resource ExtractResourceValueByContainerNameAndNodeAllocatable.
 */
export function extractResource(
  pod: DeepReadonly<Pod>,
  selector: DeepReadonly<ResourceFieldSelector>,
  node: Allocatable,
): string {
  const name = selector.containerName ?? '';
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = containers.find((one) => one.name === name);
  if (!container) throw new OperationError(`container ${name} not found`);
  return extractContainerResource(container, selector, node);
}

const RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** The same of one container, for its environment too. */
export function extractContainerResource(
  container: DeepReadonly<Container>,
  selector: DeepReadonly<ResourceFieldSelector>,
  node: Allocatable,
): string {
  const [, kind, resource = ''] = RESOURCE.exec(selector.resource) ?? [];
  if (kind !== 'limits' && kind !== 'requests') {
    throw new OperationError(`unsupported container resource : ${selector.resource}`);
  }
  const own = container.resources?.[kind]?.[resource];
  const fallback = kind === 'limits' && !resource.startsWith('hugepages-');
  const amount = resource === 'cpu' ? milliAmountOf(own) : amountOf(own);
  const value = amount === 0 && fallback ? (node.allocatable(resource) ?? 0) : amount;
  return String(Math.ceil(value / divisorOf(selector, resource)));
}

function divisorOf({ divisor }: DeepReadonly<ResourceFieldSelector>, resource: string): number {
  const wanted = resource === 'cpu' ? milliAmountOf(divisor) : amountOf(divisor);
  return wanted > 0 ? wanted : resource === 'cpu' ? 1000 : 1;
}
