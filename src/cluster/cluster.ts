import type {
  ApiServer,
  Event,
  KindMap,
  KubernetesObject,
  Manifest,
  Store,
  Subresource,
} from '../api/index.ts';
import {
  type DeepReadonly,
  type Duration,
  milliseconds,
  SimulationError,
  type Subscription,
} from '../base/index.ts';
import type { ControllerMetrics } from '../control-plane/index.ts';
import type { Images } from '../kubelet/index.ts';
import type { Outside } from '../outside/index.ts';
import type {
  Faults,
  SettleReport,
  Simulation,
  StepReport,
  TraceRecord,
  TraceType,
} from '../sim/index.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { RecordEmitter } from './emitter.ts';
import type { NodeHandle, PodHandle } from './handles.ts';
import { type MetricSource, type Metrics, MetricsView } from './metrics.ts';
import { nodeHandle } from './node-handle.ts';
import { PodView } from './pod-handle.ts';
import { type ClusterState, clusterState } from './state/cluster-state.ts';
import { Trace } from './trace.ts';

/** What a cluster is put together from. */
export interface ClusterParts {
  readonly simulation: Simulation;
  readonly store: Store;
  readonly server: ApiServer;
  readonly outside: Outside;
  readonly images: Images;
  readonly emitter: RecordEmitter;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly controllerMetrics: ControllerMetrics;
}

/** A change of an object, as `kubectl get --watch` tells. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: DeepReadonly<KubernetesObject>;
}

/** Options of a call that names one object. */
export interface ObjectOptions {
  /** Default `default`; of no account for kinds without namespaces. */
  namespace?: string;
  subresource?: Subresource;
}

/** How an object is deleted. Models kubectl delete. */
export interface DeleteOptions {
  namespace?: string;
  /** 0 without `force` is 1 second. Default: the object's own. */
  gracePeriodSeconds?: number;
  force?: boolean;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** One step of the simulation, and what it left in the trace. */
export interface ClusterStep extends StepReport {
  readonly records: readonly TraceRecord[];
}

/** How long `settle` and `runUntil` go on at most, unless told otherwise. */
const WITHIN = 600_000;

/** A Kubernetes cluster in this process. Everything is synchronous; time moves only when it is told to. */
export class Cluster {
  /** Virtual time at which it was made. */
  readonly startTime: Date;
  /** What volumes point at: lives longer than nodes. */
  readonly outside: Outside;
  /** What containers do, by image. */
  readonly images: Images;
  readonly faults: Faults;
  readonly trace: Trace;
  /** What kubelets and controllers count. With several nodes, a label `node` says whose kubelet it is. */
  readonly metrics: Metrics;
  readonly #parts: ClusterParts;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.startTime = new Date(parts.simulation.now);
    this.outside = parts.outside;
    this.images = parts.images;
    this.faults = parts.simulation.faults;
    this.trace = new Trace(parts.simulation.trace, this.startTime);
    this.metrics = new MetricsView(() => metricSources(parts));
  }

  /** Creates or updates, as kubectl apply: all or nothing. YAML text (any number of documents), an object, or a list. ApiError. */
  apply(manifest: Manifest): KubernetesObject[] {
    return this.#change(() => this.#parts.server.apply(manifest));
  }

  /** Creates; AlreadyExists. */
  create(manifest: Manifest): KubernetesObject[] {
    return this.#change(() => this.#parts.server.create(manifest));
  }

  /** Replaces a whole object; Conflict when its resourceVersion is old. */
  replace(object: KubernetesObject, options: { subresource?: Subresource } = {}): KubernetesObject {
    return this.#change(() => this.#parts.server.replace(object, options));
  }

  /** Changes parts of an object. Default type: merge patch. */
  patch(
    kind: string,
    name: string,
    patch: object,
    options: ObjectOptions & { type?: 'merge' | 'json' | 'strategic' } = {},
  ): KubernetesObject {
    return this.#change(() => this.#parts.server.patch(kind, name, patch, options));
  }

  /** Changes a copy of an object, and stores that. */
  edit<K extends keyof KindMap>(
    kind: K,
    name: string,
    change: (draft: KindMap[K]) => void,
    options: ObjectOptions = {},
  ): KubernetesObject {
    return this.#change(() => this.#parts.server.edit(kind, name, change, options));
  }

  /** Puts objects into storage as given: uid, status and finalizers kept, no admission, no validation. */
  restore(manifest: Manifest): KubernetesObject[] {
    return this.#change(() => this.#parts.server.restore(manifest));
  }

  /** An object, frozen; undefined when there is none. Namespace `default` unless said. */
  get<K extends keyof KindMap>(
    kind: K,
    name: string,
    namespace?: string,
  ): DeepReadonly<KindMap[K]> | undefined;
  get(kind: string, name: string, namespace?: string): DeepReadonly<KubernetesObject> | undefined;
  get(kind: string, name: string, namespace?: string): DeepReadonly<KubernetesObject> | undefined {
    return this.#parts.server.get(kind, name, namespace) as
      | DeepReadonly<KubernetesObject>
      | undefined;
  }

  /** Objects of a kind; of all namespaces unless one is given. */
  list<K extends keyof KindMap>(
    kind: K,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): DeepReadonly<KindMap[K]>[];
  list(
    kind: string,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): DeepReadonly<KubernetesObject>[];
  list(
    kind: string,
    options: { namespace?: string; labelSelector?: string; fieldSelector?: string } = {},
  ): DeepReadonly<KubernetesObject>[] {
    return this.#parts.server.list(kind, options) as DeepReadonly<KubernetesObject>[];
  }

  /** Deletes as kubectl does. NotFound. */
  delete(kind: string, name: string, options: DeleteOptions = {}): void {
    this.#change(() => this.#parts.server.delete(kind, name, options));
  }

  /** Told of each change of objects of a kind, in order, once it is complete. */
  watch(kind: string, listener: (event: WatchEvent) => void): Subscription {
    return this.#parts.server.watch(kind, (event) => listener(event as WatchEvent));
  }

  /** core/v1 Events, oldest first. `involved`: `Pod/name`. */
  events(
    filter: { involved?: string; reason?: string; type?: 'Normal' | 'Warning' } = {},
  ): DeepReadonly<Event>[] {
    return this.#parts.server.events(filter) as DeepReadonly<Event>[];
  }

  /** Virtual time. */
  get now(): Date {
    return new Date(this.#parts.simulation.now);
  }

  /** Steps taken since the cluster was made: a measure of work that does not depend on the machine. */
  get steps(): number {
    return this.#parts.simulation.steps;
  }

  /** Runs until nothing moves by itself any more; retries, deadlines and processes are left, and listed. `within`: default 10 min. */
  settle(options: { within?: Duration; steps?: number } = {}): SettleReport {
    const within = milliseconds(options.within ?? WITHIN, 'within');
    const { steps } = options;
    if (steps !== undefined && !(Number.isInteger(steps) && steps > 0)) {
      throw new SimulationError(
        'BAD_OPTION',
        `steps: ${String(steps)} is not a positive whole number`,
      );
    }
    return this.#parts.simulation.settle({ within, ...(steps !== undefined && { steps }) });
  }

  /** Lets virtual time pass, with everything that is due in it. */
  advance(duration: Duration): void {
    this.#parts.simulation.advance(milliseconds(duration));
  }

  /** Runs until the condition holds, looked at after every step; false when it did not `within` (default 10 min). */
  runUntil(condition: () => boolean, options: { within?: Duration } = {}): boolean {
    return this.#parts.simulation.runUntil(
      condition,
      milliseconds(options.within ?? WITHIN, 'within'),
    );
  }

  /** Takes the next single step; undefined when there is none. */
  step(): ClusterStep | undefined {
    const { trace } = this.#parts.simulation;
    const before = trace.total;
    const report = this.#parts.simulation.step();
    const added = trace.total - before;
    return report && { ...report, records: added === 0 ? [] : trace.records.slice(-added) };
  }

  /** A Pod. Throws ApiError NotFound. */
  pod(name: string, namespace = 'default'): PodHandle {
    return new PodView(this.#parts, name, namespace);
  }

  /** A node; default: the only one. SimulationError NOT_FOUND. */
  node(name?: string): NodeHandle {
    const { nodes } = this.#parts;
    if (name === undefined && nodes.size !== 1) {
      throw new SimulationError('NOT_FOUND', `there are ${nodes.size} nodes: say which one`);
    }
    const node = name === undefined ? [...nodes.values()][0] : nodes.get(name);
    if (!node)
      throw new SimulationError(
        'NOT_FOUND',
        `there is no node ${JSON.stringify(name)}; known: ${[...nodes.keys()].join(', ')}`,
      );
    return nodeHandle(this.#parts, node);
  }

  /** Told of each record of a type, once the step that made it is complete. */
  on<E extends TraceType>(event: E, listener: (record: TraceRecord<E>) => void): Subscription {
    return this.#parts.emitter.on(event, listener, false);
  }

  /** The same, once. */
  once<E extends TraceType>(event: E, listener: (record: TraceRecord<E>) => void): Subscription {
    return this.#parts.emitter.on(event, listener, true);
  }

  off<E extends TraceType>(event: E, listener: (record: TraceRecord<E>) => void): void {
    this.#parts.emitter.off(event, listener);
  }

  /** A plain, deeply frozen picture, with what will go on, without uids and absolute times: equal states are deep-equal. */
  snapshotState(): ClusterState {
    return clusterState(this.#parts);
  }

  #change<Result>(action: () => Result): Result {
    return this.#parts.simulation.outside(action);
  }
}

function metricSources({ nodes, controllerMetrics }: ClusterParts): MetricSource[] {
  const kubelets = [...nodes.values()].map(({ kubelet, machine }) => ({
    labels: nodes.size > 1 ? { node: machine.name } : {},
    families: () => kubelet.metrics(),
  }));
  return [...kubelets, { labels: {}, families: () => controllerMetrics.families() }];
}
