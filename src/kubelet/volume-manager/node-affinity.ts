import type { Node, VersionRules } from '../../api/index.ts';
import { storageNodeAffinityFailure } from '../../api/storage-node-affinity.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { VolumeSpec } from '../../plugin/index.ts';

/**
 * Throws an OperationError when the node affinity of a PersistentVolume does not admit this node. Models
 * k8s.io/component-helpers storage/volume CheckNodeAffinity.
 */
export function checkNodeAffinity(
  { persistentVolume }: VolumeSpec,
  node: DeepReadonly<Node> | undefined,
  rules: VersionRules,
): void {
  const failure = persistentVolume && storageNodeAffinityFailure(persistentVolume, node, rules);
  if (failure !== undefined) throw new OperationError(failure);
}
