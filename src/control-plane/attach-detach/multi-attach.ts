import type { Pod, VersionRules } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

/**
 * Why a volume cannot be attached to a second node; Pods of other namespaces are not named. Models reportMultiAttachError of
 * pkg/controller/volume/attachdetach/reconciler.
 *
 * @param waiting Pods that are told so
 * @param others Pods on other nodes that use it
 */
export function multiAttachMessage(
  volume: string,
  waiting: DeepReadonly<Pod>,
  others: readonly DeepReadonly<Pod>[],
  rules: VersionRules,
): string {
  return `Multi-Attach error for volume "${volume}" ${reason(waiting, others, rules)}`;
}

function reason(
  { metadata }: DeepReadonly<Pod>,
  others: readonly DeepReadonly<Pod>[],
  rules: VersionRules,
): string {
  if (others.length === 0 || rules.before('1.9')) {
    return "Volume is already exclusively attached to one node and can't be attached to another";
  }
  const near = others.filter((pod) => pod.metadata.namespace === metadata.namespace);
  const far = others.length - near.length;
  const distant = `${far} pod(s) in different namespaces`;
  if (near.length === 0) return `Volume is already used by ${distant}`;
  const names = near.map((pod) => pod.metadata.name).join(', ');
  return `Volume is already used by pod(s) ${names}${far > 0 ? ` and ${distant}` : ''}`;
}
