import type { VersionRules } from '../../api/index.ts';
import { type Amounts, addAmounts, podRequests } from '../../plugin/index.ts';
import { keyOf, type Stored } from '../context.ts';

interface Placed {
  readonly node: string;
  pod: Stored<'Pod'>;
  readonly requests: Amounts;
}

/** Pods of one node and what they ask together. */
export class NodeUsage {
  readonly pods: Map<string, Stored<'Pod'>> = new Map();
  readonly requested: Amounts = new Map();
}

/**
 * Where Pods are, or are about to be: kept as Pods come and go, so that placing one looks at no other.
 * Models pkg/scheduler/backend/cache.
 */
export class Usage {
  readonly #rules: VersionRules;
  readonly #nodes = new Map<string, NodeUsage>();
  readonly #placed = new Map<string, Placed>();
  /** How many Pods on nodes use a claim, by `namespace/name`. */
  readonly #claims = new Map<string, number>();

  constructor(rules: VersionRules) {
    this.#rules = rules;
  }

  of(node: string): NodeUsage {
    return this.#nodes.get(node) ?? new NodeUsage();
  }

  /** Whether a Pod that is on a node uses the claim. */
  usesClaim(claim: string): boolean {
    return (this.#claims.get(claim) ?? 0) > 0;
  }

  /** A Pod is on a node, or assumed to be. Replaces what was known of it. */
  place(pod: Stored<'Pod'>, node: string): void {
    const key = keyOf(pod);
    this.remove(key);
    const placed = { node, pod, requests: podRequests(pod, this.#rules) };
    this.#placed.set(key, placed);
    const usage = this.#nodes.get(node) ?? new NodeUsage();
    this.#nodes.set(node, usage);
    usage.pods.set(key, pod);
    addAmounts(usage.requested, placed.requests, 1);
    this.#count(pod, 1);
  }

  /** A Pod is where it was and asks what it asked, but may end by now. */
  renew(pod: Stored<'Pod'>): void {
    const key = keyOf(pod);
    const placed = this.#placed.get(key);
    if (!placed) return;
    placed.pod = pod;
    this.#nodes.get(placed.node)?.pods.set(key, pod);
  }

  /** A Pod is on no node any more. */
  remove(key: string): void {
    const placed = this.#placed.get(key);
    if (!placed) return;
    this.#placed.delete(key);
    const usage = this.#nodes.get(placed.node);
    usage?.pods.delete(key);
    if (usage) addAmounts(usage.requested, placed.requests, -1);
    if (usage?.pods.size === 0) this.#nodes.delete(placed.node);
    this.#count(placed.pod, -1);
  }

  #count({ metadata, spec }: Stored<'Pod'>, change: 1 | -1): void {
    for (const { persistentVolumeClaim: claim } of spec.volumes ?? []) {
      if (!claim) continue;
      const key = `${metadata.namespace}/${claim.claimName}`;
      this.#claims.set(key, (this.#claims.get(key) ?? 0) + change);
    }
  }
}
