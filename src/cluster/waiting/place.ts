import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, quoted } from '../../base/index.ts';
import type { ClusterParts } from '../cluster.ts';
import type { WaitingFor } from '../explanation.ts';

/** Whether a Pod has a node, and somebody there who looks after it. A condition tells why the scheduler found none. */
export function placeOf(
  { spec, status }: DeepReadonly<Pod>,
  { nodes }: Pick<ClusterParts, 'nodes'>,
): WaitingFor[] {
  const { nodeName, schedulingGates = [], schedulerName = 'default-scheduler' } = spec;
  if (nodeName) {
    const node = nodes.get(nodeName);
    if (!node) return [{ what: `node ${nodeName}`, why: 'there is no such node' }];
    if (node.kubelet.running) return [];
    return [{ what: `node ${nodeName}`, why: 'its kubelet does not run' }];
  }
  const told = status?.conditions?.some(({ type, message }) => type === 'PodScheduled' && message);
  if (told) return [];
  if (schedulingGates.length > 0) {
    const gates = schedulingGates.map(({ name }) => quoted(name)).join(', ');
    return [{ what: 'scheduling', why: `it has scheduling gates: ${gates}` }];
  }
  const own = schedulerName === 'default-scheduler';
  const why = own ? 'the scheduler has not come to it' : `nobody is scheduler ${schedulerName}`;
  return [{ what: 'scheduling', why }];
}
