import type { Pod } from '../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../base/index.ts';
import { NodeAllocation } from './node-allocation.ts';
import type { PodContext } from './pod/context.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import type { EndedBy } from './status/pod-status.ts';

/** What decides whether a Pod may run on the node. */
export interface AdmissionParts {
  readonly context: PodContext;
  readonly workers: PodWorkers;
  /** Why a node under pressure refuses it. */
  readonly underPressure: (pod: DeepReadonly<Pod>) => EndedBy | undefined;
  /** What of the node pods may use. */
  readonly allocatable: () => Readonly<Record<string, string>>;
}

/** Lets pods in, or refuses them for good. Models canAdmitPod and rejectPod of pkg/kubelet/kubelet.go. */
export class PodAdmission {
  readonly #parts: AdmissionParts;
  readonly #allocation: NodeAllocation;
  readonly #rejected = new Set<string>();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#allocation = new NodeAllocation(parts.context.rules, parts.allocatable);
  }

  /** False: it was refused, and its status says why. One that is to end anyway is not asked. */
  admit(pod: DeepReadonly<Pod>): boolean {
    if (pod.metadata.deletionTimestamp !== undefined) return true;
    const refusal = this.#parts.underPressure(pod) ?? this.#allocation.admit(pod);
    if (refusal) this.#reject(pod, refusal);
    return refusal === undefined;
  }

  /** Its containers have ended for good. */
  ended(uid: string): void {
    this.#allocation.release(uid);
  }

  /** It is gone from the API. Of one that was refused nothing is on the disk. */
  gone(uid: string): void {
    this.#allocation.release(uid);
    if (!this.#rejected.delete(uid)) return;
    this.#parts.workers.forget(uid);
    this.#parts.context.statuses.forget(uid);
  }

  #reject(pod: DeepReadonly<Pod>, { reason, message }: EndedBy): void {
    const { rules, statuses, system, event } = this.#parts.context;
    const prefix = rules.before('1.26') ? 'Pod ' : 'Pod was rejected: ';
    event(pod, 'Warning', reason, message);
    statuses.set(pod, {
      phase: 'Failed',
      reason,
      message: `${prefix}${message}`,
      startTime: rfc3339(system.simulation.now),
    });
    this.#rejected.add(pod.metadata.uid);
    this.#parts.workers.reject(pod);
  }
}
