import type { VersionRules } from '../../api/index.ts';
import { compare } from '../../base/index.ts';
import { podRequests } from '../../plugin/index.ts';
import type { Stored } from '../context.ts';
import type { Decision } from './binding.ts';
import { type DelayedClaims, placeDelayedClaims } from './delayed-claims.ts';
import { type Candidate, nodeRejections } from './node-filters.ts';
import type { Usage } from './node-usage.ts';
import type { PodRefusal, Rejection } from './rejection.ts';
import {
  boundVolumeRejections,
  oncePodRefusal,
  type PodClaims,
  podClaims,
  restrictionRejections,
  type VolumeLister,
} from './volume-filters.ts';
import { limitRejections } from './volume-limits.ts';
import { zoneRefusal, zoneRejections } from './volume-zone.ts';

export interface Surroundings {
  readonly usage: Usage;
  readonly lister: VolumeLister;
  readonly rules: VersionRules;
}

/** A Pod that looks for a node, and what it has to know of the others. */
export interface Search extends Surroundings {
  readonly candidate: Candidate;
  readonly claims: PodClaims;
}

/** Begins to look for a node, or says why none needs to be looked at. */
export function searchFor(
  pod: Stored<'Pod'>,
  surroundings: Surroundings,
): Search | { readonly refusal: PodRefusal } {
  const { lister, rules, usage } = surroundings;
  const taken = oncePodRefusal(pod, usage, lister, rules);
  if (taken) return { refusal: taken };
  const claims = podClaims(pod, lister);
  if ('message' in claims) return { refusal: claims };
  const refusal = zoneRefusal(pod, lister, rules);
  if (refusal) return { refusal };
  const candidate = { pod, requests: podRequests(pod, rules), rules };
  return { ...surroundings, candidate, claims };
}

/**
 * The node for a Pod, or why each is none. Of several: the one with the fewest Pods, then the first by name.
 * Models schedulePod of pkg/scheduler/schedule_one.go; upstream scores more finely.
 */
export function findNode(
  search: Search,
  nodes: readonly Stored<'Node'>[],
): Decision | { readonly rejections: readonly (readonly Rejection[])[] } {
  const rejections: (readonly Rejection[])[] = [];
  const decisions: Decision[] = [];
  for (const node of nodes) {
    const found = lookAt(search, node);
    if ('node' in found) decisions.push(found);
    else rejections.push(found);
  }
  const count = ({ node }: Decision): number => search.usage.of(node.metadata.name).pods.size;
  decisions.sort(
    (a, b) => count(a) - count(b) || compare(a.node.metadata.name, b.node.metadata.name),
  );
  return decisions[0] ?? { rejections };
}

/** What would be done on one node, or why it is no place. */
export function lookAt(
  { candidate, claims, usage, lister, rules }: Search,
  node: Stored<'Node'>,
): Decision | readonly Rejection[] {
  const there = usage.of(node.metadata.name);
  const delayed = placeDelayedClaims(claims.delayed, node, lister, rules);
  const reasons = first(
    () => nodeRejections(candidate, node, there),
    () => restrictionRejections(candidate.pod, usage, there, lister, rules),
    () => limitRejections(candidate.pod, node, there, lister, rules),
    () => [...boundVolumeRejections(claims, node, lister, rules), ...reasonsOf(delayed)],
    () => zoneRejections(candidate.pod, node, lister, rules),
  );
  if (reasons.length > 0 || 'reason' in delayed) return reasons;
  return { node, ...delayed };
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
