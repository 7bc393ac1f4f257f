import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from '../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { VolumeSpec } from '../../plugin/index.ts';

/**
 * Throws an OperationError when the node affinity of a PersistentVolume does not admit this node. Models
 * k8s.io/component-helpers storage/volume CheckNodeAffinity.
 */
export function checkNodeAffinity(spec: VolumeSpec, node: DeepReadonly<Node> | undefined): void {
  const required = spec.persistentVolume?.spec.nodeAffinity?.required;
  if (!required) return;
  const terms = required.nodeSelectorTerms;
  if (terms.some((term) => matchesTerm(term, node))) return;
  throw new OperationError('no matching NodeSelectorTerms');
}

/** Whether a node is one of a term. A term without requirements matches nothing. */
export function matchesTerm(
  term: DeepReadonly<NodeSelectorTerm>,
  node: DeepReadonly<Node> | undefined,
): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node?.metadata.labels ?? {};
  const fields: Record<string, string> = node ? { 'metadata.name': node.metadata.name } : {};
  return (
    matchExpressions.every((requirement) => satisfied(requirement, labels)) &&
    matchFields.every((requirement) => satisfied(requirement, fields))
  );
}

function satisfied(
  { key, operator, values = [] }: DeepReadonly<NodeSelectorRequirement>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
