import { compare } from '../../base/index.ts';
import { keyOf, type Stored } from '../context.ts';
import { countedReasons } from './message.ts';
import { lookAt, type Search } from './placement.ts';
import { byImportance, priorityOf, startOf } from './priority.ts';
import type { Rejection } from './rejection.ts';

type Pod = Stored<'Pod'>;

/** A node that has room once these Pods are gone, the least important last. */
export interface Preemption {
  readonly node: string;
  readonly victims: readonly Pod[];
}

/** Why nobody makes room for it. */
export interface NoPreemption {
  readonly message: string;
  /** It goes on waiting for the node that it was nominated for. */
  readonly waits?: boolean;
}

const UNHELPFUL = 'Preemption is not helpful for scheduling.';
const NO_VICTIMS = 'No preemption victims found for incoming pod.';

/**
 * The Pods of lower priority that would have to go, or why that does not help, as a text of the FailedScheduling event.
 * Models pkg/scheduler/framework/plugins/defaultpreemption; there are no PodDisruptionBudgets.
 *
 * @param nodes those that were looked at, and `rejections` why each was no place, in the same order
 */
export function findPreemption(
  search: Search,
  nodes: readonly Stored<'Node'>[],
  rejections: readonly (readonly Rejection[])[],
): Preemption | NoPreemption {
  const refused = whyNotEligible(search);
  if (refused !== undefined) return { message: refused, waits: true };
  const found: Preemption[] = [];
  const reasons: string[] = [];
  for (const [i, node] of nodes.entries()) {
    const helpful = rejections[i]?.every(({ preemptible }) => preemptible) ?? false;
    const victims = helpful ? victimsOn(search, node) : [UNHELPFUL];
    if (isReasons(victims)) reasons.push(...victims);
    else found.push({ node: node.metadata.name, victims });
  }
  const [best] = found.sort(byCost);
  if (best) return best;
  const all = countedReasons(reasons.map((reason) => reason.replace(/\.$/, '')));
  return { message: `0/${nodes.length} nodes are available: ${all}.` };
}

/** What it says when no node was looked at. */
export function unhelpful(nodes: number): string {
  return `0/${nodes} nodes are available: ${nodes} ${UNHELPFUL}`;
}

function isReasons(found: readonly Pod[] | readonly string[]): found is readonly string[] {
  return typeof found[0] === 'string';
}

function whyNotEligible({ candidate, usage }: Search): string | undefined {
  const { pod } = candidate;
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = pod.status?.nominatedNodeName;
  if (!nominated) return undefined;
  const going = [...usage.of(nominated).pods.values()].some(
    (other) => other.metadata.deletionTimestamp && priorityOf(other) < priorityOf(pod),
  );
  return going ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** Those that have to go, or why it does not help that all do. Models SelectVictimsOnNode. */
function victimsOn(search: Search, node: Stored<'Node'>): readonly Pod[] | readonly string[] {
  const { candidate, usage } = search;
  const { name } = node.metadata;
  const lower = [...usage.of(name).pods.values()].filter(
    (other) => priorityOf(other) < priorityOf(candidate.pod),
  );
  if (lower.length === 0) return [NO_VICTIMS];
  for (const pod of lower) usage.remove(keyOf(pod));
  const rejected = lookAt(search, node);
  const victims: Pod[] = [];
  for (const pod of lower.sort(byImportance)) {
    usage.place(pod, name);
    if ('node' in rejected && 'node' in lookAt(search, node)) continue;
    if ('node' in rejected) usage.remove(keyOf(pod));
    victims.push(pod);
  }
  for (const pod of victims) usage.place(pod, name);
  return 'node' in rejected ? victims : rejected.map(({ reason }) => reason);
}

/** Models pickOneNodeForPreemption. */
function byCost(a: Preemption, b: Preemption): number {
  const highest = ({ victims }: Preemption): number => Math.max(...victims.map(priorityOf));
  const sum = ({ victims }: Preemption): number =>
    victims.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);
  return (
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    youngest(b) - youngest(a) ||
    compare(a.node, b.node)
  );
}

/** When the oldest of the most important victims began. */
function youngest({ victims }: Preemption): number {
  const highest = Math.max(...victims.map(priorityOf));
  const starts = victims.filter((pod) => priorityOf(pod) === highest).map(startOf);
  return Math.min(Number.MAX_SAFE_INTEGER, ...starts);
}
