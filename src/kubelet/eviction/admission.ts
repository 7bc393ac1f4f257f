import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { isBestEffort } from '../../plugin/index.ts';
import type { EndedBy } from '../status/pod-status.ts';
import { isCritical } from './ranking.ts';
import type { PressureCondition } from './thresholds.ts';

const MEMORY_TAINT = 'node.kubernetes.io/memory-pressure';

/** Why a node under pressure refuses a Pod; undefined when it does not. Models Admit of pkg/kubelet/eviction/eviction_manager.go. */
export function admission(
  pod: DeepReadonly<Pod>,
  conditions: readonly PressureCondition[],
): EndedBy | undefined {
  if (conditions.length === 0 || isCritical(pod)) return undefined;
  const onlyMemory = conditions.every((one) => one === 'MemoryPressure');
  if (onlyMemory && (!isBestEffort(pod) || toleratesMemoryPressure(pod))) return undefined;
  return { reason: 'Evicted', message: `The node had condition: [${conditions.join(' ')}]. ` };
}

function toleratesMemoryPressure({ spec }: DeepReadonly<Pod>): boolean {
  return (spec.tolerations ?? []).some(({ key = '', operator, value = '', effect = '' }) => {
    if (effect !== '' && effect !== 'NoSchedule') return false;
    if (key === '' ? operator !== 'Exists' : key !== MEMORY_TAINT) return false;
    return operator === 'Exists' || value === '';
  });
}
