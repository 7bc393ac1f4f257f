import type { KindMap, KubernetesObject, StoreEvent } from '../api/index.ts';
import { Informer, type InformerEvent } from '../api/informer.ts';
import { type DeepReadonly, messageOf, OperationError, type Subscription } from '../base/index.ts';
import {
  doAt,
  type Operation,
  type Owner,
  type StepSubject,
  step,
  type TimerClass,
  WorkQueue,
} from '../sim/index.ts';
import type { ControllerDependencies } from './dependencies.ts';

/** A stored object of a kind: frozen and shared. */
export type Stored<K extends keyof KindMap> = DeepReadonly<KindMap[K]>;

export interface QueueOptions {
  readonly name: string;
  readonly sync: (key: string) => Operation | undefined;
  /** `backoff` (default): a key whose sync failed comes again after 5 ms × 2 … 1000 s. `none`: something else retries. */
  readonly retry?: 'backoff' | 'none';
}

const BASE_DELAY = 5;
const MAX_DELAY = 1_000_000;

/**
 * One run of a controller, from its start to its stop or crash: who owns its tasks, the caches it watches through, its
 * queues and its writes. Models the informer factory and clientset of cmd/kube-controller-manager.
 */
export class ControllerContext {
  readonly dependencies: ControllerDependencies;
  readonly owner: Owner;
  readonly #informers: { stop(): void }[] = [];

  constructor(dependencies: ControllerDependencies, owner: Owner) {
    this.dependencies = dependencies;
    this.owner = owner;
  }

  /** Virtual time, ms. */
  get now(): number {
    return this.dependencies.simulation.now;
  }

  /** The controller's cache of a kind. What is there already is told as ADDED by `replay`. */
  informer<K extends keyof KindMap>(
    kind: K,
    onEvent: (event: InformerEvent<Stored<K>>) => void,
    filter?: (object: Stored<K>) => boolean,
  ): Informer<K> {
    const { simulation, store } = this.dependencies;
    const { owner } = this;
    const informer = new Informer<K>({
      store,
      simulation,
      owner,
      kind,
      onEvent,
      ...(filter && { filter }),
    });
    this.#informers.push(informer);
    return informer;
  }

  /** Tells of every write of any kind, as it is made. */
  watchAll(onEvent: (event: StoreEvent) => void): void {
    const watch = this.dependencies.store.watch('*', onEvent);
    this.#informers.push({ stop: () => watch.unsubscribe() });
  }

  /** Something that ends with the controller. */
  subscribe(subscription: Subscription): void {
    this.#informers.push({ stop: () => subscription.unsubscribe() });
  }

  /** A queue with one worker. Errors of the simulated world are logged; anything else is a bug and comes out. */
  queue(options: QueueOptions): WorkQueue {
    const failures = new Map<string, number>();
    const queue = new WorkQueue(this.dependencies.simulation, this.owner, {
      name: options.name,
      sync: (key) => {
        const work = options.sync(key);
        return work && forgetting(work, () => failures.delete(key));
      },
      onError: (key, error) => {
        this.logError(options.name, key, error);
        if (options.retry === 'none') return;
        const failed = failures.get(key) ?? 0;
        failures.set(key, failed + 1);
        this.#retry(queue, options.name, key, Math.min(BASE_DELAY * 2 ** failed, MAX_DELAY));
      },
    });
    return queue;
  }

  /** Logs an error of the simulated world; throws any other on. */
  logError(who: string, key: string, error: unknown): void {
    if (!isSimulated(error)) throw error;
    this.dependencies.simulation.trace.add('log', {
      level: 'warning',
      who,
      message: `error syncing ${key}: ${messageOf(error)}`,
    });
  }

  /** A named step that writes to the API server. */
  write<Result>(
    name: string,
    subject: DeepReadonly<KubernetesObject>,
    call: () => Result,
  ): Operation<Result> {
    return step(name, subjectOf(subject), call);
  }

  /** Runs something of this controller beside its queues. What it throws is logged as by `logError`. */
  spawn(name: string, operation: Operation<unknown>): void {
    const { simulation } = this.dependencies;
    simulation.spawn(name, this.owner, operation, {
      onEnd: (error, failed) => {
        if (!failed) return;
        if (isSimulated(error)) this.logError(name, '', error);
        else simulation.report(error);
      },
    });
  }

  /** Calls something at a virtual time, ms. */
  wakeAt(until: number, reason: string, kind: TimerClass, wake: () => void): void {
    this.spawn(reason, doAt(until, { class: kind, reason }, wake));
  }

  /** Ends all watches. */
  stop(): void {
    for (const informer of this.#informers) informer.stop();
  }

  #retry(queue: WorkQueue, name: string, key: string, delay: number): void {
    const until = this.now + delay;
    const again = doAt(until, { class: 'retry', reason: `back-off of ${key}` }, () => {
      queue.add(key);
    });
    this.spawn(`${name}: back-off of ${key}`, again);
  }
}

/** Keys of queues: `namespace/name`, or the name of what has no namespace. */
export function keyOf(object: DeepReadonly<KubernetesObject>): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** Namespace and name of a key. */
export function splitKey(key: string): [namespace: string, name: string] {
  const at = key.indexOf('/');
  return at < 0 ? ['', key] : [key.slice(0, at), key.slice(at + 1)];
}

/** Not a bug: refused by the API server, or failed in the simulated system. */
export function isSimulated(error: unknown): boolean {
  return error instanceof OperationError || (error instanceof Error && error.name === 'ApiError');
}

/** The API server's reason (`NotFound`, `Conflict`, …), if it refused. */
export function apiReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ApiError') return undefined;
  return (error as Error & { reason?: string }).reason;
}

function subjectOf(written: DeepReadonly<KubernetesObject>): StepSubject {
  const { kind } = written;
  const key = keyOf(written);
  const object = `${kind}/${key}`;
  if (kind === 'Pod') return { object, pod: key };
  if (kind === 'Node') return { object, node: key };
  return kind.startsWith('PersistentVolume') ? { object, volume: key } : { object };
}

function* forgetting(work: Operation, done: () => void): Operation {
  yield* work;
  done();
}
