import type { Node } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

const TTL = 'node.alpha.kubernetes.io/ttl';
const DEFAULT = 60_000;

/**
 * How long the strategy `Cache` believes what it has read, ms: a minute, unless the Node says otherwise (in seconds). Models
 * GetObjectTTLFromNodeFunc of pkg/kubelet/util/manager.
 */
export function objectMaxAge(node: DeepReadonly<Node> | undefined): number {
  const given = node?.metadata.annotations?.[TTL];
  return given !== undefined && /^[+-]?\d+$/.test(given) ? Number(given) * 1000 : DEFAULT;
}
