import type { DeepReadonly } from '../base/index.ts';
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from './types.ts';

type Labels = Readonly<Record<string, string>> | undefined;
type Requirement = DeepReadonly<NodeSelectorRequirement>;

/**
 * Whether a node (undefined: one without labels or name) is one of those selected: one term is enough, all requirements of it must hold, and an empty term selects
 * nothing. Models component-helpers/scheduling/corev1/nodeaffinity.
 */
export function matchesNodeSelector(
  selector: DeepReadonly<NodeSelector>,
  node: DeepReadonly<Node> | undefined,
): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

function matchesTerm(
  term: DeepReadonly<NodeSelectorTerm>,
  node: DeepReadonly<Node> | undefined,
): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields = node && { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((requirement) => holds(requirement, node?.metadata.labels)) &&
    matchFields.every((requirement) => holds(requirement, fields))
  );
}

/** One requirement on labels. Operators: In, NotIn, Exists, DoesNotExist, Gt, Lt. */
export function holds({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
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
      return isInteger(value) && isInteger(values[0]) && Number(value) > Number(values[0]);
    case 'Lt':
      return isInteger(value) && isInteger(values[0]) && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function isInteger(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

/** Whether labels have all pairs of a map, as `nodeSelector` and `matchLabels` ask. */
export function hasLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}
