import { deepEqual, type Pod, type PodStatus, type Store } from '../../api/index.ts';
import { type DeepReadonly, messageOf } from '../../base/index.ts';
import {
  doAt,
  type Operation,
  type Owner,
  type Simulation,
  step,
  WorkQueue,
} from '../../sim/index.ts';
import { podKey } from '../pod/containers.ts';
import { isStaticPod } from '../static-pods/mirror-pods.ts';

export interface StatusManagerParts {
  readonly simulation: Simulation;
  readonly owner: Owner;
  readonly store: Store;
  readonly node: string;
  /** The uid of a Pod in the API: another one, if it is static. Undefined: it is not there. */
  readonly apiUid: (pod: DeepReadonly<Pod>) => string | undefined;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
}

interface Entry {
  readonly pod: DeepReadonly<Pod>;
  status: PodStatus | undefined;
  /** Nothing of it is left on the node. */
  finished: boolean;
}

/** Milliseconds until a write that failed is tried again. */
const RESYNC = 10_000;

/**
 * Brings what the kubelet knows of its pods to the API server, and removes a Pod that is being deleted once nothing of it is
 * left. It writes only what changed. Models pkg/kubelet/status/status_manager.go.
 */
export class StatusManager {
  readonly #parts: StatusManagerParts;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: WorkQueue;

  constructor(parts: StatusManagerParts) {
    this.#parts = parts;
    const { simulation, owner, node } = parts;
    this.#queue = new WorkQueue(simulation, owner, {
      name: `${node}: status manager`,
      sync: (uid) => this.#sync(uid),
      onError: (uid, error) => this.#failed(uid, error),
    });
  }

  /** The status that was set last: newer than the API's. */
  get(uid: string): PodStatus | undefined {
    return this.#entries.get(uid)?.status;
  }

  /** A Pod's status is this now. */
  set(pod: DeepReadonly<Pod>, status: PodStatus): void {
    const { uid } = pod.metadata;
    const known = this.#entries.get(uid);
    if (known?.status && deepEqual(known.status, status)) return;
    this.#entries.set(uid, { pod, status, finished: known?.finished ?? false });
    this.#queue.add(uid);
  }

  /** Nothing of the Pod is left on the node: if it is being deleted, it goes. */
  finish(pod: DeepReadonly<Pod>): void {
    const { uid } = pod.metadata;
    this.#entries.set(uid, { pod, status: this.get(uid), finished: true });
    this.#queue.add(uid);
  }

  /** The API has another object for the Pod. */
  resync(uid: string): void {
    if (this.#entries.has(uid)) this.#queue.add(uid);
  }

  /** The Pod is gone from the API. */
  forget(uid: string): void {
    this.#entries.delete(uid);
  }

  *#sync(uid: string): Operation {
    const entry = this.#entries.get(uid);
    if (!entry) return;
    const subject = { node: this.#parts.node, pod: podKey(entry.pod) };
    if (isNews(this.#stored(entry), entry.status))
      yield* step('PatchPodStatus', subject, () => this.#write(entry));
    // What shows a static Pod goes when its manifest does.
    if (!entry.finished || isStaticPod(entry.pod)) return;
    if (!this.#stored(entry)?.metadata.deletionTimestamp) return;
    yield* step('DeletePod', subject, () => this.#delete(entry));
  }

  /** The Pod as it is stored, unless another has its name now. */
  #stored({ pod }: Entry): DeepReadonly<Pod> | undefined {
    const { namespace, name } = pod.metadata;
    const found = this.#parts.store.get('Pod', namespace, name);
    return found && found.metadata.uid === this.#parts.apiUid(pod) ? found : undefined;
  }

  #write(entry: Entry): void {
    const stored = this.#stored(entry);
    if (!stored || !isNews(stored, entry.status)) return;
    const merged = { ...stored.status, ...entry.status };
    this.#parts.store.update({ ...stored, status: merged }, { subresource: 'status' });
  }

  #delete(entry: Entry): void {
    const stored = this.#stored(entry);
    if (!stored) return;
    const { namespace, name, uid } = stored.metadata;
    const { simulation, store, node } = this.#parts;
    const fields = { pod: podKey(stored), uid, state: 'deleted' };
    simulation.trace.add('pod', fields, node);
    store.delete('Pod', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }

  #failed(uid: string, error: unknown): void {
    const { simulation, owner, node, log } = this.#parts;
    log('warning', `Failed to update status for pod ${uid}: ${messageOf(error)}`);
    const queue = this.#queue;
    const until = simulation.now + RESYNC;
    const options = { class: 'retry', reason: 'next write of a Pod status' } as const;
    const again = doAt(until, options, () => queue.add(uid));
    simulation.spawn(`${node}: status of ${uid}`, owner, again);
  }
}

/** Whether the API does not know it yet. Fields of others do not count. */
function isNews(stored: DeepReadonly<Pod> | undefined, status: PodStatus | undefined): boolean {
  if (!stored || !status) return false;
  const known = (stored.status ?? {}) as Partial<Record<string, unknown>>;
  return Object.entries(status).some(([field, value]) => !deepEqual(value, known[field]));
}
