import type { DeepReadonly } from '../base/index.ts';
import { readJsonObject } from './go-json.ts';
import { matchesNodeSelector } from './node-selector.ts';
import type { Node, NodeAffinity, NodeSelector, PersistentVolume } from './types.ts';
import type { VersionRules } from './versions.ts';

/** Where a volume said on which nodes it is, before there was `spec.nodeAffinity`: a NodeAffinity in JSON. */
export const NODE_AFFINITY_ANNOTATION = 'volume.alpha.kubernetes.io/node-affinity';

type Annotations = Readonly<Record<string, string>> | undefined;

/**
 * What the annotation says; undefined where there is none, or where nobody reads it: it was read from 1.7 to 1.10. Models
 * GetStorageNodeAffinityFromAnnotation.
 *
 * @throws Error what is wrong with the JSON
 */
export function annotatedNodeAffinity(
  annotations: Annotations,
  rules: VersionRules,
): NodeAffinity | undefined {
  const text = annotations?.[NODE_AFFINITY_ANNOTATION] ?? '';
  if (text === '' || rules.before('1.7') || !rules.before('1.11')) return undefined;
  const read = readJsonObject(text, 'v1.NodeAffinity');
  if ('error' in read) throw new Error(read.error);
  return (read.value ?? {}) as NodeAffinity;
}

/** Why a volume cannot be used on a node; undefined: it can. Models volumeutil.CheckNodeAffinity. */
export function storageNodeAffinityFailure(
  { metadata, spec }: DeepReadonly<PersistentVolume>,
  node: DeepReadonly<Node> | undefined,
  rules: VersionRules,
): string | undefined {
  const name = 'requiredDuringSchedulingIgnoredDuringExecution';
  const annotated = annotatedNodeAffinity(metadata.annotations, rules)?.[name];
  if (annotated && rules.before('1.10')) return unmatchedTerm(annotated, node);
  const all = [annotated, spec.nodeAffinity?.required].filter((one) => one !== undefined);
  if (all.every((one) => matchesNodeSelector(one, node))) return undefined;
  return `${rules.before('1.20') ? 'No' : 'no'} matching NodeSelectorTerms`;
}

/** Up to 1.9 every term had to match. */
function unmatchedTerm(
  { nodeSelectorTerms }: DeepReadonly<NodeSelector>,
  node: DeepReadonly<Node> | undefined,
): string | undefined {
  const term = nodeSelectorTerms.find(
    (one) => !matchesNodeSelector({ nodeSelectorTerms: [one] }, node),
  );
  if (!term) return undefined;
  const requirements = (term.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `{Key:${key} Operator:${operator} Values:[${values.join(' ')}]}`,
  );
  return `NodeSelectorTerm [${requirements.join(' ')}] does not match node labels`;
}
