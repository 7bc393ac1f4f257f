import type { Node, VersionRules } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Machine } from './machine/index.ts';

type Labels = Readonly<Record<string, string>>;

/** Of these the kubelet knows better than whoever wrote on its Node. Models updateDefaultLabels. */
const KNOWN_BY_KUBELET: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
];

/**
 * Labels that a Node is made with; those under `beta` names were there first, and still are. Models initialNode of
 * pkg/kubelet/kubelet_node_status.go.
 */
export function initialLabels({ name, os, options }: Machine, rules: VersionRules): Labels {
  const { zone, labels } = options;
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': os,
    'kubernetes.io/hostname': name,
    ...(rules.atLeast('1.14') && { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': os }),
    ...(zone !== undefined && { 'failure-domain.beta.kubernetes.io/zone': zone }),
    ...(zone !== undefined && rules.atLeast('1.17') && { 'topology.kubernetes.io/zone': zone }),
    ...labels,
  };
}

/** Those of a Node that was there before this life of its kubelet; undefined when they are as they should be. */
export function correctedLabels(
  { metadata: { labels = {} } }: DeepReadonly<Node>,
  initial: Labels,
): Labels | undefined {
  const wrong = KNOWN_BY_KUBELET.flatMap((key) => {
    const value = initial[key];
    return value === undefined || value === labels[key] ? [] : [[key, value] as const];
  });
  return wrong.length === 0 ? undefined : { ...labels, ...Object.fromEntries(wrong) };
}
