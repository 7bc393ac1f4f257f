import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import { Cancellation, Cancelled, doAt, type Operation } from '../../sim/index.ts';
import type { EndedBy } from '../status/pod-status.ts';
import { podKey } from './containers.ts';
import type { PodContext } from './context.ts';
import { graceOf } from './kill-pod.ts';
import { syncPod } from './sync-pod.ts';
import { syncTerminatedPod, syncTerminatingPod } from './sync-terminated.ts';

/** How far a Pod is: it runs, its containers are being stopped, they have stopped, nothing is left of it. */
export type WorkState = 'sync' | 'terminating' | 'terminated' | 'finished';

/** Why a Pod ends before its containers do. */
export interface Termination {
  /** Seconds; less than the Pod's own. */
  readonly graceSeconds?: number | undefined;
  readonly endedBy?: EndedBy | undefined;
}

/** Milliseconds until a sync that failed is tried again; up to half more. */
const RETRY = 10_000;

/**
 * Brings one Pod to where it should be, one sync at a time. Its task exists only while there is work. Models the loop of
 * pkg/kubelet/pod_workers.go.
 */
export class PodWorker {
  pod: DeepReadonly<Pod>;
  state: WorkState = 'sync';
  readonly #context: PodContext;
  readonly #onState: (worker: PodWorker) => void;
  readonly #onSynced: (worker: PodWorker) => void;
  #termination: Termination = {};
  #grace: number | undefined;
  #pending = false;
  #working = false;
  #cancel = new Cancellation();
  #retry: Cancellation | undefined;

  constructor(
    context: PodContext,
    pod: DeepReadonly<Pod>,
    told: {
      /** It moved on. */
      readonly onState: (worker: PodWorker) => void;
      /** A sync went well. */
      readonly onSynced: (worker: PodWorker) => void;
    },
  ) {
    this.#context = context;
    this.pod = pod;
    this.#onState = told.onState;
    this.#onSynced = told.onSynced;
  }

  /** There is something to do: a sync that runs is followed by another. */
  wake(): void {
    if (this.state === 'finished') return;
    this.#pending = true;
    this.#retry?.cancel();
    if (this.#working || !this.#context.owner.alive) return;
    this.#working = true;
    const { simulation, name } = this.#context.system;
    simulation.spawn(`${name}: pod worker ${podKey(this.pod)}`, this.#context.owner, this.#work());
  }

  /** The Pod is to end. A sync that runs is cancelled; a shorter grace period than before counts. */
  terminate(termination: Termination = {}): void {
    if (this.state === 'finished') return;
    const grace = termination.graceSeconds ?? graceOf(this.pod);
    const shorter = this.#grace === undefined || grace < this.#grace;
    if (shorter) this.#grace = grace;
    if (termination.endedBy) this.#termination = termination;
    if (this.state === 'sync') {
      this.#move('terminating');
      this.#interrupt();
    } else if (this.state === 'terminating' && shorter) this.#interrupt();
    this.wake();
  }

  *#work(): Operation {
    try {
      while (this.#pending && this.state !== 'finished') {
        this.#pending = false;
        yield* this.#once();
      }
    } finally {
      this.#working = false;
    }
  }

  *#once(): Operation {
    try {
      const cancel = this.#cancel;
      const moved = yield* this.#sync(cancel);
      if (moved) this.#move(moved);
      if (moved && moved !== 'finished') this.#pending = true;
      this.#onSynced(this);
    } catch (error) {
      this.#failed(error);
    }
  }

  *#sync(cancel: Cancellation): Operation<WorkState | undefined> {
    const context = this.#context;
    const { pod } = this;
    if (this.state === 'sync') {
      const ended = yield* syncPod(context, pod, cancel);
      return ended && this.state === 'sync' ? 'terminating' : undefined;
    }
    if (this.state === 'terminating') {
      const { endedBy } = this.#termination;
      yield* syncTerminatingPod(context, pod, { graceSeconds: this.#grace, endedBy, cancel });
      return 'terminated';
    }
    yield* syncTerminatedPod(context, pod, this.#termination.endedBy);
    return 'finished';
  }

  #move(state: WorkState): void {
    this.state = state;
    const { simulation, name } = this.#context.system;
    const { endedBy } = this.#termination;
    const why = state === 'terminating' &&
      endedBy && { message: endedBy.message || endedBy.reason };
    const fields = { pod: podKey(this.pod), uid: this.pod.metadata.uid, state, ...why };
    simulation.trace.add('pod', fields, name);
    this.#onState(this);
  }

  #interrupt(): void {
    this.#cancel.cancel();
    this.#cancel = new Cancellation();
  }

  #failed(error: unknown): void {
    if (error instanceof Cancelled) return;
    if (!isSimulated(error)) this.#context.system.simulation.report(error);
    this.#context.log('warning', `Error syncing pod, skipping: ${messageOf(error)}`);
    if (!this.#pending) this.#retryLater();
  }

  #retryLater(): void {
    const { system, owner } = this.#context;
    const key = `${system.name}/${this.pod.metadata.uid}`;
    const jitter = system.simulation.random.stream('pod-worker-retry', key).next();
    const until = system.simulation.now + RETRY * (1 + jitter / 2);
    const cancel = new Cancellation();
    this.#retry = cancel;
    const options = { class: 'retry', reason: 'next sync of the Pod', cancel } as const;
    const again = doAt(until, options, () => this.wake());
    system.simulation.spawn(`${system.name}: retry of ${podKey(this.pod)}`, owner, again);
  }
}

function isSimulated(error: unknown): boolean {
  return error instanceof OperationError || (error instanceof Error && error.name === 'ApiError');
}
