import type { VersionRules } from '../../api/index.ts';
import { compare } from '../../base/index.ts';
import { podRequests } from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import type { Decision } from './binding.ts';
import { type DelayedClaims, placeDelayedClaims } from './delayed-claims.ts';
import type { Diagnosis } from './message.ts';
import { nodeRejections } from './node-filters.ts';
import type { Usage } from './node-usage.ts';
import type { Rejection } from './rejection.ts';
import {
  boundVolumeRejections,
  podClaims,
  restrictionRejections,
  type VolumeLister,
} from './volume-filters.ts';

export interface Surroundings {
  readonly usage: Usage;
  readonly lister: VolumeLister;
  readonly rules: VersionRules;
}

/**
 * The node for a Pod, or why there is none. Of several: the one with the fewest Pods, then the first by name.
 * Models schedulePod of pkg/scheduler/schedule_one.go; upstream scores more finely.
 */
export function findNode(
  pod: Stored<'Pod'>,
  nodes: readonly Stored<'Node'>[],
  { usage, lister, rules }: Surroundings,
): Decision | Diagnosis {
  if (nodes.length === 0) return { rejections: [] };
  const claims = podClaims(pod, lister);
  if ('message' in claims) return { refusal: claims, nodes: nodes.length };
  const candidate = { pod, requests: podRequests(pod, rules), rules };
  const rejections: (readonly Rejection[])[] = [];
  const decisions: Decision[] = [];
  for (const node of nodes) {
    const there = usage.of(node.metadata.name);
    const delayed = placeDelayedClaims(claims.delayed, node, lister, rules);
    const reasons = first(
      () => nodeRejections(candidate, node, there),
      () => restrictionRejections(pod, usage, there, lister, rules),
      () => [...boundVolumeRejections(claims, node, lister, rules), ...reasonsOf(delayed)],
    );
    if (reasons.length > 0 || 'reason' in delayed) rejections.push(reasons);
    else decisions.push({ node, ...delayed });
  }
  const count = ({ node }: Decision): number => usage.of(node.metadata.name).pods.size;
  decisions.sort(
    (a, b) => count(a) - count(b) || compare(a.node.metadata.name, b.node.metadata.name),
  );
  return decisions[0] ?? { rejections };
}

function first(...filters: (() => readonly Rejection[])[]): readonly Rejection[] {
  for (const filter of filters) {
    const reasons = filter();
    if (reasons.length > 0) return reasons;
  }
  return [];
}

function reasonsOf(delayed: DelayedClaims | Rejection): readonly Rejection[] {
  return 'reason' in delayed ? [delayed] : [];
}
