import type { VersionRules } from '../../api/index.ts';
import { hasLabels, matchesNodeSelector } from '../../api/node-selector.ts';
import { tolerates, untoleratedTaint } from '../../api/taints.ts';
import { type Amounts, isBestEffort, resourceAmount } from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import type { NodeUsage } from './node-usage.ts';
import type { Rejection } from './rejection.ts';

/** A Pod that looks for a node. */
export interface Candidate {
  readonly pod: Stored<'Pod'>;
  readonly requests: Amounts;
  readonly rules: VersionRules;
}

type NodeFilter = (
  candidate: Candidate,
  node: Stored<'Node'>,
  usage: NodeUsage,
) => readonly Rejection[];

const FILTERS: readonly NodeFilter[] = [
  unschedulable,
  taints,
  affinity,
  ports,
  resources,
  pressure,
];

const NONE: readonly Rejection[] = [];

/**
 * The reasons of the first filter that rejects a node, or none. Volumes are not looked at.
 * Models the Filter plugins of pkg/scheduler/framework/plugins, in their order.
 */
export function nodeRejections(
  candidate: Candidate,
  node: Stored<'Node'>,
  usage: NodeUsage,
): readonly Rejection[] {
  for (const filter of FILTERS) {
    const rejections = filter(candidate, node, usage);
    if (rejections.length > 0) return rejections;
  }
  return NONE;
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function unschedulable({ pod }: Candidate, { spec }: Stored<'Node'>): readonly Rejection[] {
  if (!spec?.unschedulable) return NONE;
  if (pod.spec.tolerations?.some((toleration) => tolerates(toleration, UNSCHEDULABLE))) return NONE;
  const reason = 'node(s) were unschedulable';
  return [{ filter: 'NodeUnschedulable', reason, predicate: 'NodeUnschedulable' }];
}

function taints({ pod, rules }: Candidate, { spec }: Stored<'Node'>): readonly Rejection[] {
  const taint = untoleratedTaint(spec?.taints, pod.spec.tolerations);
  if (!taint) return NONE;
  const text = `{${taint.key}: ${taint.value ?? ''}}`;
  const reason = rules.atLeast('1.35')
    ? 'node(s) had untolerated taint(s)'
    : rules.atLeast('1.22')
      ? `node(s) had untolerated taint ${text}`
      : rules.atLeast('1.18')
        ? `node(s) had taint ${text}, that the pod didn't tolerate`
        : "node(s) had taints that the pod didn't tolerate";
  return [{ filter: 'TaintToleration', reason, predicate: 'PodToleratesNodeTaints' }];
}

function affinity({ pod, rules }: Candidate, node: Stored<'Node'>): readonly Rejection[] {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fits =
    hasLabels(pod.spec.nodeSelector, node.metadata.labels) &&
    (!required || matchesNodeSelector(required, node));
  if (fits) return NONE;
  const reason = rules.atLeast('1.21')
    ? "node(s) didn't match Pod's node affinity/selector"
    : rules.atLeast('1.20')
      ? "node(s) didn't match Pod's node affinity"
      : "node(s) didn't match node selector";
  return [{ filter: 'NodeAffinity', reason, predicate: 'MatchNodeSelector' }];
}

function ports({ pod }: Candidate, _: Stored<'Node'>, usage: NodeUsage): readonly Rejection[] {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return NONE;
  const taken = new Set([...usage.pods.values()].flatMap(hostPorts));
  if (!wanted.some((port) => taken.has(port))) return NONE;
  return [
    {
      filter: 'NodePorts',
      reason: "node(s) didn't have free ports for the requested pod ports",
      predicate: 'PodFitsHostPorts',
      preemptible: true,
    },
  ];
}

function hostPorts({ spec }: Stored<'Pod'>): string[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort }) => (hostPort ?? 0) > 0)
      .map(({ hostPort, protocol }) => `${protocol ?? 'TCP'}/${hostPort}`),
  );
}

/** From 1.12 on nodes have taints for these conditions. Models CheckNodeMemoryPressure and CheckNodeDiskPressure. */
function pressure({ pod, rules }: Candidate, { status }: Stored<'Node'>): readonly Rejection[] {
  if (rules.gate('TaintNodesByCondition') || !rules.before('1.17')) return NONE;
  const holds = (type: string): boolean =>
    status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
  if (isBestEffort(pod) && holds('MemoryPressure')) {
    const reason = 'node(s) had memory pressure';
    return [{ filter: 'NodeCondition', reason, predicate: 'NodeUnderMemoryPressure' }];
  }
  if (!holds('DiskPressure')) return NONE;
  const reason = 'node(s) had disk pressure';
  return [{ filter: 'NodeCondition', reason, predicate: 'NodeUnderDiskPressure' }];
}

function resources(
  { requests }: Candidate,
  { status }: Stored<'Node'>,
  usage: NodeUsage,
): readonly Rejection[] {
  const allocatable = status?.allocatable ?? status?.capacity ?? {};
  const rejections: Rejection[] = [];
  const reject = (reason: string): void => {
    rejections.push({ filter: 'NodeResourcesFit', reason, predicate: reason, preemptible: true });
  };
  const room = allocatable['pods'];
  if (room !== undefined && usage.pods.size + 1 > resourceAmount('pods', room))
    reject('Too many pods');
  for (const [resource, amount] of requests) {
    if (amount === 0) continue;
    const has = resourceAmount(resource, allocatable[resource] ?? '0');
    if (amount > has - (usage.requested.get(resource) ?? 0)) reject(`Insufficient ${resource}`);
  }
  return rejections;
}
