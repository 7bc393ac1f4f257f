import type { Node, Pod, VersionRules } from '../api/index.ts';
import { hasLabels, matchesNodeSelector } from '../api/node-selector.ts';
import { untoleratedTaint } from '../api/taints.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { EndedBy } from './status/pod-status.ts';

const OS_LABEL = 'kubernetes.io/os';

/** The node that a Pod is to run on. */
export interface NodeOfPod {
  readonly rules: VersionRules;
  readonly os: 'linux' | 'windows';
  /** Undefined: it is not registered yet. */
  readonly node: DeepReadonly<Node> | undefined;
}

/**
 * Why a Pod is not one for this node, whatever room there is: its operating system, labels, taints. Models Admit of
 * pkg/kubelet/lifecycle/predicate.go.
 */
export function predicateFailure(
  pod: DeepReadonly<Pod>,
  { rules, os, node }: NodeOfPod,
): EndedBy | undefined {
  return (
    (node && operatingSystem(pod, node, rules, os)) ??
    (node && affinity(pod, node, rules)) ??
    (node && taints(pod, node, rules))
  );
}

function operatingSystem(
  { spec }: DeepReadonly<Pod>,
  { metadata }: DeepReadonly<Node>,
  rules: VersionRules,
  os: string,
): EndedBy | undefined {
  if (rules.before('1.24')) return undefined;
  const wanted = spec.nodeSelector?.[OS_LABEL];
  const label = metadata.labels?.[OS_LABEL];
  if (wanted !== undefined && label !== undefined && wanted !== label) {
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: `Failed to admit pod as the \`${OS_LABEL}\` label doesn't match node label`,
    };
  }
  if (spec.os === undefined || spec.os.name === os) return undefined;
  return {
    reason: 'PodOSNotSupported',
    message: "Failed to admit pod as the OS field doesn't match node OS",
  };
}

function affinity(
  { spec }: DeepReadonly<Pod>,
  node: DeepReadonly<Node>,
  rules: VersionRules,
): EndedBy | undefined {
  const selected = hasLabels(spec.nodeSelector, node.metadata.labels);
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fits = !required || matchesNodeSelector(required, node);
  if (selected && fits) return undefined;
  const why = "node(s) didn't match Pod's node affinity/selector";
  return failure('NodeAffinity', 'MatchNodeSelector', why, rules);
}

/** Pods are asked about NoExecute only, and not those of files. */
function taints(
  { spec }: DeepReadonly<Pod>,
  node: DeepReadonly<Node>,
  rules: VersionRules,
): EndedBy | undefined {
  if (rules.before('1.22')) return undefined;
  const evicting = node.spec?.taints?.filter(({ effect }) => effect === 'NoExecute');
  if (!untoleratedTaint(evicting, spec.tolerations)) return undefined;
  const why = "node(s) had taints that the pod didn't tolerate";
  return failure('TaintToleration', 'PodToleratesNodeTaints', why, rules);
}

/** Models PredicateFailureError. */
export function failure(name: string, old: string, why: string, rules: VersionRules): EndedBy {
  const reason = rules.before('1.18') ? old : name;
  const message = rules.before('1.22')
    ? `Predicate ${reason} failed`
    : `Predicate ${reason} failed: ${why}`;
  return { reason, message };
}
