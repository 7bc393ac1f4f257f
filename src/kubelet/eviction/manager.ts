import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, milliseconds } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { PodStateProvider } from '../contracts.ts';
import type { ImageGCManager } from '../images/image-gc-manager.ts';
import type { Machine } from '../machine/index.ts';
import type { PodContext } from '../pod/context.ts';
import type { PodWorker, Termination } from '../pod/pod-worker.ts';
import { podStats } from '../stats/pod-stats.ts';
import type { EndedBy } from '../status/pod-status.ts';
import { admission } from './admission.ts';
import { EvictionLoop } from './eviction-loop.ts';
import { evictionMessage } from './message.ts';
import { observe } from './node-usage.ts';
import { Pressure } from './pressure.ts';
import { type Candidate, isCritical, ranked } from './ranking.ts';
import { deleteUnusedContainers } from './reclaim.ts';
import { StorageLimits } from './storage-limits.ts';
import {
  amountOfThreshold,
  conflicts,
  containerFsSignal,
  type PressureCondition,
  SIGNALS,
  type SignalName,
  type Threshold,
  thresholdsOf,
} from './thresholds.ts';

/** What the eviction manager is put together from. */
export interface EvictionParts {
  readonly context: PodContext;
  readonly machine: Machine;
  /** The workers of the Pods on the node. */
  readonly workers: Pick<PodStateProvider, 'shouldPodRuntimeBeRemoved'> & {
    all(): Iterable<PodWorker>;
    get(uid: string): PodWorker | undefined;
  };
  readonly images: Pick<ImageGCManager, 'deleteUnused' | 'nextEligible' | 'nodeUsed'>;
  /** Ends a Pod. */
  readonly terminate: (pod: DeepReadonly<Pod>, termination: Termination) => PodWorker;
  /** Conditions of the Node have changed. */
  readonly changed: () => void;
  /** An event about the Node. */
  readonly event: (reason: string, message: string) => void;
}

/** Milliseconds between two looks. */
const PERIOD = 10_000;
const EVICTED = 'Evicted';

/** How a Pod is ended, and what is said of it. */
interface Eviction {
  readonly pod: DeepReadonly<Pod>;
  readonly message: string;
  /** Default: the message. */
  readonly event?: string;
  /** Seconds. */
  readonly grace: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly disrupts?: boolean;
  /** As kubelet_evictions counts it. */
  readonly signal: string;
}

/**
 * Ends Pods that hold more local storage than they may, and Pods of a node that runs out of something. The real one looks every ten
 * seconds; this one when something it could act on has happened, at the tick at which the real one would have seen it.
 * Models pkg/kubelet/eviction/eviction_manager.go.
 */
export class EvictionManager {
  readonly #parts: EvictionParts;
  readonly #pressure: Pressure;
  readonly #limits: StorageLimits;
  readonly #loop: EvictionLoop;
  /** Pods that it has ended already. */
  readonly #evicted = new Set<string>();

  constructor(parts: EvictionParts) {
    this.#parts = parts;
    const { context, machine } = parts;
    const option = 'evictionPressureTransitionPeriod';
    this.#pressure = new Pressure({
      machine,
      thresholds: thresholdsOf(context.configuration, context.rules),
      transitionPeriod: milliseconds(context.configuration[option], option),
      period: PERIOD,
    });
    this.#limits = new StorageLimits(context, this.#dedicatedImages);
    this.#loop = new EvictionLoop(context, PERIOD, () => this.#synchronize());
  }

  readonly #onNodeUsage = (): void => this.#nodeUsed();
  readonly #onPodUsage = (uid: string, bytes: number): void => this.#podUsed(uid, bytes);

  start(): void {
    this.#parts.machine.kernel.onUsage = this.#onNodeUsage;
    this.#parts.context.runtime.onUsage = this.#onPodUsage;
    this.#tellConflicts();
    this.#nodeUsed();
  }

  stop(): void {
    this.#parts.machine.kernel.onUsage = undefined;
    this.#parts.context.runtime.onUsage = undefined;
  }

  /** Of several the last is told. */
  #tellConflicts(): void {
    const { configuration, log } = this.#parts.context;
    const conflict = conflicts(configuration).at(-1);
    if (conflict === undefined) return;
    log(
      'error',
      `eviction manager: found conflicting containerfs eviction. Ignoring.: ${conflict}`,
    );
  }

  /** The Node's conditions that hold: seen within the transition period. */
  get pressures(): ReadonlySet<PressureCondition> {
    return this.#pressure.conditions;
  }

  /** Why a Pod cannot come now; undefined when it can. Models the manager's Admit. */
  admit(pod: DeepReadonly<Pod>): EndedBy | undefined {
    return admission(pod, [...this.#pressure.conditions]);
  }

  /** Containers or volumes of a Pod have changed. */
  podChanged(uid: string): void {
    const worker = this.#parts.workers.get(uid);
    if (!worker) return;
    const isNew = this.#limits.watch(worker.pod, (bytes) => this.#podUsed(uid, bytes));
    if (this.#starved() !== undefined) this.#loop.wake();
    else if (isNew) this.#checkPod(uid);
  }

  #checkPod(uid: string): void {
    const pod = this.#parts.workers.get(uid)?.pod;
    if (pod && this.#limits.exceeded(pod) && this.#isCandidate(uid)) this.#loop.wake();
  }

  /** A worker moved on. */
  podMoved({ pod, state }: PodWorker): void {
    if (state === 'terminated' || state === 'finished') this.#limits.forget(pod.metadata.uid);
    this.#loop.moved();
  }

  /** There may be an image to delete. */
  imagesChanged(): void {
    if (this.#pressure.due().some(({ signal }) => this.#reclaims(signal))) this.#loop.wake();
  }

  podGone(uid: string): void {
    this.#limits.forget(uid);
    this.#evicted.delete(uid);
  }

  /** Something was written, or freed. Called in the middle of it, so only counters are looked at. */
  #nodeUsed(): void {
    this.#parts.images.nodeUsed();
    if (this.#loop.pending) return;
    if (this.#pressure.hasChanged()) this.#loop.wake();
    for (const uid of this.#limits.inMemory) this.#checkPod(uid);
  }

  #podUsed(uid: string, bytes: number): void {
    if (this.#loop.pending || !this.#limits.watches(uid)) return;
    const pod = this.#parts.workers.get(uid)?.pod;
    if (pod && this.#limits.grew(pod, bytes) && this.#isCandidate(uid)) this.#loop.wake();
  }

  /** One look. True: pods were ended. */
  *#synchronize(): Operation<boolean> {
    const { context, changed } = this.#parts;
    if (this.#pressure.look(context.system.simulation.now)) changed();
    const ended = (yield* this.#endOverLimit()) || (yield* this.#relieve());
    const next = this.#pressure.nextChange();
    if (next !== undefined) this.#loop.wakeAt(next);
    if (!ended) this.#wakeForImages();
    return ended;
  }

  /** Images that are too young to be deleted now will be old enough. */
  #wakeForImages(): void {
    if (!this.#pressure.due().some(({ signal }) => this.#reclaims(signal))) return;
    const at = this.#parts.images.nextEligible();
    const { now } = this.#parts.context.system.simulation;
    if (at !== undefined) this.#loop.wakeAt(at > now ? at : now + PERIOD);
  }

  /** Whether containers and images lie on the disk that is short. Models buildSignalToNodeReclaimFuncs. */
  #reclaims(signal: SignalName): boolean {
    if (signal === 'memory.available') return false;
    return !this.#dedicatedImages || !signal.startsWith('nodefs.');
  }

  /** Ends every Pod that is over a limit of its own. */
  *#endOverLimit(): Operation<boolean> {
    let ended = false;
    for (const pod of this.#candidates()) {
      const over = this.#limits.exceeded(pod);
      if (!over) continue;
      yield* this.#evict({ ...over, pod, grace: this.#hardGrace });
      ended = true;
    }
    return ended;
  }

  /** The threshold that something has to be done for now, if there is a Pod to end. */
  #starved(): Threshold | undefined {
    const [first] = this.#pressure.due();
    return first && this.#candidates().length > 0 ? first : undefined;
  }

  /** Removes what nobody needs, or else ends one Pod. */
  *#relieve(): Operation<boolean> {
    const [threshold] = this.#pressure.due();
    if (!threshold) return false;
    const { resource } = SIGNALS[threshold.signal];
    this.#parts.event('EvictionThresholdMet', `Attempting to reclaim ${resource}`);
    if (yield* this.#reclaim(threshold)) return false;
    const eviction = this.#choose(threshold);
    if (!eviction) return false;
    yield* this.#evict(eviction);
    return true;
  }

  /** True: that was enough. Models reclaimNodeLevelResources. */
  *#reclaim({ signal }: Threshold): Operation<boolean> {
    if (!this.#reclaims(signal)) return false;
    yield* deleteUnusedContainers(this.#parts.context, this.#parts.workers);
    yield* this.#parts.images.deleteUnused();
    return this.#pressure.isRelieved();
  }

  #choose(threshold: Threshold): Eviction | undefined {
    const { context, machine } = this.#parts;
    const { rules } = context;
    const { signal } = threshold;
    const candidates = this.#candidates().map((pod): Candidate => {
      return { pod, stats: podStats(context, pod) };
    });
    const [first] = ranked(candidates, signal, { rules, dedicatedImages: this.#dedicatedImages });
    if (!first) return undefined;
    for (const { signal: of } of this.#pressure.due()) {
      context.metrics.statsAge(of, 0);
      const same = containerFsSignal(of, this.#dedicatedImages, rules);
      if (same !== undefined) context.metrics.statsAge(same, 0);
    }
    const observed = observe(machine, signal);
    const limit = amountOfThreshold(threshold.text, observed.capacity);
    const said = evictionMessage(first, threshold, { ...observed, limit }, rules);
    const grace = threshold.hard ? this.#hardGrace : this.#softGrace(first.pod);
    return { ...said, pod: first.pod, grace, disrupts: true, signal };
  }

  /** Pods that have something running, and may be ended. */
  #candidates(): DeepReadonly<Pod>[] {
    const pods: DeepReadonly<Pod>[] = [];
    for (const { pod } of this.#parts.workers.all()) {
      if (this.#isCandidate(pod.metadata.uid)) pods.push(pod);
    }
    return pods;
  }

  #isCandidate(uid: string): boolean {
    const worker = this.#parts.workers.get(uid);
    if (!worker || this.#evicted.has(uid) || isCritical(worker.pod)) return false;
    return worker.state === 'sync' || worker.state === 'terminating';
  }

  get #dedicatedImages(): boolean {
    const { disks } = this.#parts.machine;
    return disks.images !== disks.root;
  }

  /** Seconds. */
  get #hardGrace(): number {
    return this.#parts.context.rules.atLeast('1.31') ? 1 : 0;
  }

  /** Until 1.31 the Pod's own period was not looked at. */
  #softGrace({ spec }: DeepReadonly<Pod>): number {
    const { configuration, rules } = this.#parts.context;
    const most = configuration.evictionMaxPodGracePeriod;
    if (rules.gate('AllowOverwriteTerminationGracePeriodSeconds')) return most;
    return Math.min(most, spec.terminationGracePeriodSeconds ?? most);
  }

  /** Ends a Pod, and waits for its containers. */
  *#evict(eviction: Eviction): Operation {
    const { pod, message, grace, annotations, signal } = eviction;
    const { context, terminate } = this.#parts;
    this.#evicted.add(pod.metadata.uid);
    context.event(pod, 'Warning', EVICTED, eviction.event ?? message, { annotations });
    context.metrics.evicted(signal);
    const disruption = { type: 'DisruptionTarget', reason: 'TerminationByKubelet', message };
    const target = eviction.disrupts && context.rules.gate('PodDisruptionConditions');
    const endedBy = { reason: EVICTED, message, ...(target && { condition: disruption }) };
    yield* this.#loop.waitForEnd(terminate(pod, { graceSeconds: grace, endedBy }), grace);
  }
}
