import type { Node, Pod } from '../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../base/index.ts';
import { HostPorts } from './host-ports.ts';
import { NodeAllocation } from './node-allocation.ts';
import { failure, predicateFailure } from './node-predicates.ts';
import type { PodContext } from './pod/context.ts';
import { ORPHAN_GRACE } from './pod/kill-pod.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import type { EndedBy } from './status/pod-status.ts';

/** What decides whether a Pod may run on the node. */
export interface AdmissionParts {
  readonly context: PodContext;
  readonly workers: PodWorkers;
  /** Why a node under pressure refuses it. */
  readonly underPressure: (pod: DeepReadonly<Pod>) => EndedBy | undefined;
  /** Why a node that goes down refuses every Pod; undefined: it does not go down. */
  readonly shuttingDown: () => EndedBy | undefined;
  /** What of the node pods may use. */
  readonly allocatable: () => Readonly<Record<string, string>>;
}

/** Lets pods in, or refuses them for good. Models canAdmitPod and rejectPod of pkg/kubelet/kubelet.go. */
export class PodAdmission {
  readonly #parts: AdmissionParts;
  readonly #allocation: NodeAllocation;
  readonly #ports = new HostPorts();
  readonly #rejected = new Set<string>();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#allocation = new NodeAllocation(parts.context.rules, parts.allocatable);
  }

  /** False: it was refused, and its status says why. One that is to end anyway is not asked. */
  admit(pod: DeepReadonly<Pod>): boolean {
    if (pod.metadata.deletionTimestamp !== undefined) return true;
    const refusal = this.#refusal(pod);
    if (refusal) this.#reject(pod, refusal);
    return refusal === undefined;
  }

  #refusal(pod: DeepReadonly<Pod>): EndedBy | undefined {
    const { underPressure, shuttingDown, context } = this.#parts;
    const { system, rules, objects } = context;
    const node = objects.get('Node', undefined, system.name) as DeepReadonly<Node> | undefined;
    const refusal =
      shuttingDown() ??
      underPressure(pod) ??
      predicateFailure(pod, { rules, os: system.os, node }) ??
      this.#allocation.admit(pod);
    if (refusal) return refusal;
    if (this.#ports.admit(pod)) return undefined;
    this.#allocation.release(pod.metadata.uid);
    const why = "node(s) didn't have free ports for the requested pod ports";
    return failure('NodePorts', 'PodFitsHostPorts', why, rules);
  }

  /** Its containers have ended for good. */
  ended(uid: string): void {
    this.#allocation.release(uid);
    this.#ports.release(uid);
  }

  /** It is gone from the API. Of one that was refused and never ran nothing is on the disk. */
  gone(uid: string): void {
    this.ended(uid);
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
    // A kubelet that starts again may refuse what it let in before: that is ended first, and its volumes after it.
    if (this.#isHere(pod.metadata.uid)) {
      const endedBy = { reason, message: `${prefix}${message}` };
      this.#parts.workers.terminate(pod, { graceSeconds: ORPHAN_GRACE, endedBy });
      return;
    }
    this.#rejected.add(pod.metadata.uid);
    this.#parts.workers.reject(pod);
  }

  /** The node has something of it. */
  #isHere(uid: string): boolean {
    const { runtime, volumes } = this.#parts.context;
    return runtime.containers(uid).length > 0 || volumes.hasPossiblyMountedVolumes(uid);
  }
}
