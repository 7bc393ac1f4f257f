import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { PodStateProvider } from '../contracts.ts';
import type { PodContext } from './context.ts';
import { PodWorker, type Termination } from './pod-worker.ts';

/** What the workers of a kubelet tell the rest of it. */
export interface PodWorkersTold {
  /** Containers are to end, have ended, or nothing is left. */
  readonly onState: (worker: PodWorker) => void;
  readonly onSynced: (worker: PodWorker) => void;
}

/** One worker per Pod. Models pkg/kubelet/pod_workers.go. */
export class PodWorkers implements PodStateProvider {
  readonly #context: () => PodContext;
  readonly #told: PodWorkersTold;
  readonly #workers = new Map<string, PodWorker>();
  #synced = false;

  /** @param context asked for when the first Pod comes: parts of it know the workers */
  constructor(context: () => PodContext, told: PodWorkersTold) {
    this.#context = context;
    this.#told = told;
  }

  get(uid: string): PodWorker | undefined {
    return this.#workers.get(uid);
  }

  /** Of every Pod that is known here. */
  all(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  /** A Pod was added or changed, or is due: it is synced. */
  update(pod: DeepReadonly<Pod>): void {
    const worker = this.#worker(pod);
    worker.pod = pod;
    if (worker.state === 'finished') this.#context().statuses.finish(pod);
    else if (pod.metadata.deletionTimestamp !== undefined) worker.terminate();
    else worker.wake();
  }

  /** Something of a Pod changed on the node. */
  wake(uid: string): void {
    this.#workers.get(uid)?.wake();
  }

  /** A Pod is to end, although the API says nothing of it. */
  terminate(pod: DeepReadonly<Pod>, termination: Termination = {}): PodWorker {
    const worker = this.#worker(pod);
    worker.terminate(termination);
    return worker;
  }

  /** A Pod was refused: it is known, and nothing is ever done for it. */
  reject(pod: DeepReadonly<Pod>): void {
    this.#worker(pod).state = 'finished';
  }

  /** The Pods that the kubelet has to know are known: others are to be ended. */
  markSynced(): void {
    this.#synced = true;
  }

  /** Nothing is left of a Pod, and nobody asks for it. */
  forget(uid: string): void {
    this.#workers.delete(uid);
  }

  shouldPodContainersBeTerminating(uid: string): boolean {
    const worker = this.#workers.get(uid);
    return worker ? worker.state !== 'sync' : this.#synced;
  }

  shouldPodRuntimeBeRemoved(uid: string): boolean {
    const worker = this.#workers.get(uid);
    if (!worker) return this.#synced;
    return worker.state === 'terminated' || worker.state === 'finished';
  }

  #worker(pod: DeepReadonly<Pod>): PodWorker {
    const { uid } = pod.metadata;
    let worker = this.#workers.get(uid);
    if (!worker) {
      worker = new PodWorker(this.#context(), pod, this.#told);
      this.#workers.set(uid, worker);
    }
    return worker;
  }
}
