import type { Node } from '../../api/index.ts';
import { matchesNodeSelector } from '../../api/node-selector.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { VolumeSpec } from '../../plugin/index.ts';

/**
 * Throws an OperationError when the node affinity of a PersistentVolume does not admit this node. Models
 * k8s.io/component-helpers storage/volume CheckNodeAffinity.
 */
export function checkNodeAffinity(spec: VolumeSpec, node: DeepReadonly<Node> | undefined): void {
  const required = spec.persistentVolume?.spec.nodeAffinity?.required;
  if (!required) return;
  if (matchesNodeSelector(required, node)) return;
  throw new OperationError('no matching NodeSelectorTerms');
}
