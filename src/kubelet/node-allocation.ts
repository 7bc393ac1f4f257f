import type { Pod, VersionRules } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { type Amounts, addAmounts, podRequests, resourceAmount } from '../plugin/index.ts';
import { isCritical } from './eviction/ranking.ts';
import type { EndedBy } from './status/pod-status.ts';

/**
 * What the pods of a node ask of it together, kept as they come and go, and whether one more fits: the scheduler may not have been
 * asked, or have known less. Models the general predicates of pkg/kubelet/lifecycle/predicate.go.
 */
export class NodeAllocation {
  readonly #rules: VersionRules;
  readonly #allocatable: () => Readonly<Record<string, string>>;
  readonly #pods = new Map<string, Amounts>();
  readonly #used: Amounts = new Map();

  constructor(rules: VersionRules, allocatable: () => Readonly<Record<string, string>>) {
    this.#rules = rules;
    this.#allocatable = allocatable;
  }

  /** Takes a Pod in; or says why it does not fit, and changes nothing. One that is in stays in. */
  admit(pod: DeepReadonly<Pod>): EndedBy | undefined {
    const { uid } = pod.metadata;
    if (this.#pods.has(uid)) return undefined;
    const requests = podRequests(pod, this.#rules);
    const lacking = isCritical(pod) ? undefined : this.#lacking(requests);
    if (lacking) return lacking;
    this.#pods.set(uid, requests);
    addAmounts(this.#used, requests, 1);
    return undefined;
  }

  /** A Pod has ended, or is gone. */
  release(uid: string): void {
    const requests = this.#pods.get(uid);
    if (!requests) return;
    this.#pods.delete(uid);
    addAmounts(this.#used, requests, -1);
  }

  #lacking(requests: Amounts): EndedBy | undefined {
    const allocatable = this.#allocatable();
    const room = allocatable['pods'];
    const most = room === undefined ? Number.POSITIVE_INFINITY : resourceAmount('pods', room);
    if (this.#pods.size + 1 > most) return insufficient('pods', 1, this.#pods.size, most);
    for (const [resource, requested] of requests) {
      const capacity = resourceAmount(resource, allocatable[resource] ?? '0');
      const used = this.#used.get(resource) ?? 0;
      if (requested === 0 || requested <= capacity - used) continue;
      // A resource of somebody else's that the node does not have is not the kubelet's business.
      if (allocatable[resource] === undefined && !isNative(resource)) continue;
      return insufficient(resource, requested, used, capacity);
    }
    return undefined;
  }
}

function isNative(resource: string): boolean {
  return !resource.includes('/') || resource.includes('kubernetes.io/');
}

/** Models InsufficientResourceError; thousandths of `cpu`. */
function insufficient(
  resource: string,
  requested: number,
  used: number,
  capacity: number,
): EndedBy {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, ${amounts}`,
  };
}
