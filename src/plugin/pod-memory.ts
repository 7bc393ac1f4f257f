import type { Container, Pod } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { amountOf } from './amounts.ts';

/**
 * Bytes of memory that a Pod is limited to, or undefined: some container has no limit, and the Pod has none of its own. Init
 * containers run one after the other, next to the restartable ones before them.
 * Models pkg/kubelet/cm ResourceConfigForPod, component-helpers' resource PodLimits.
 */
export function podMemoryLimit(pod: DeepReadonly<Pod>): number | undefined {
  const { containers, initContainers = [], overhead } = pod.spec;
  const extra = amountOf(overhead?.['memory']);
  const own = amountOf(pod.spec.resources?.limits?.['memory']);
  if (own > 0) return own + extra;
  if ([...containers, ...initContainers].some((one) => limitOf(one) === 0)) return undefined;
  let sidecars = 0;
  let peak = 0;
  for (const one of initContainers) {
    const limit = limitOf(one);
    if (one.restartPolicy === 'Always') sidecars += limit;
    peak = Math.max(peak, one.restartPolicy === 'Always' ? sidecars : sidecars + limit);
  }
  const running = containers.reduce((sum, one) => sum + limitOf(one), sidecars);
  return Math.max(running, peak) + extra;
}

function limitOf({ resources }: DeepReadonly<Container>): number {
  return amountOf(resources?.limits?.['memory']);
}

/**
 * Bytes of a volume in memory: the least of what the node can allocate, the Pod's memory limit and the volume's own. 0: no
 * limit of ours, the gate SizeMemoryBackedVolumes is off. Models pkg/volume/emptydir calculateEmptyDirMemorySize.
 */
export function memoryVolumeSize(
  node: Pick<NodeSystem, 'gate' | 'allocatableMemory'>,
  pod: DeepReadonly<Pod>,
  sizeLimit?: string | number | undefined,
): number {
  if (!node.gate('SizeMemoryBackedVolumes')) return 0;
  const candidates = [podMemoryLimit(pod) ?? 0, amountOf(sizeLimit)];
  return candidates.reduce(
    (size, one) => (one > 0 && one <= size ? one : size),
    node.allocatableMemory,
  );
}
