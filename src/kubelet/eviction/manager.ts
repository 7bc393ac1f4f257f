import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, milliseconds } from '../../base/index.ts';
import { type Operation, sleepUntil, TickLoop, WorkQueue } from '../../sim/index.ts';
import type { Machine } from '../machine/index.ts';
import type { PodContext } from '../pod/context.ts';
import type { PodWorker, Termination } from '../pod/pod-worker.ts';
import { podStats } from '../stats/pod-stats.ts';
import type { EndedBy } from '../status/pod-status.ts';
import { exceededLimit, hasStorageLimit } from './limits.ts';
import { evictionMessage } from './message.ts';
import { isMet, observe } from './node-usage.ts';
import { type Candidate, isCritical, ranked } from './ranking.ts';
import {
  amountOfThreshold,
  type PressureCondition,
  SIGNALS,
  type Threshold,
  thresholdsOf,
} from './thresholds.ts';

/** What the eviction manager is put together from. */
export interface EvictionParts {
  readonly context: PodContext;
  readonly machine: Machine;
  /** The workers of the Pods on the node. */
  readonly workers: () => Iterable<PodWorker>;
  /** Ends a Pod. */
  readonly terminate: (pod: DeepReadonly<Pod>, termination: Termination) => PodWorker;
  /** Conditions of the Node have changed. */
  readonly changed: () => void;
}

/** Milliseconds between two looks. */
const PERIOD = 10_000;
/** Milliseconds that Pods which were ended get to let go of their things. */
const CLEANUP = 30_000;
const EVICTED = 'Evicted';

/**
 * Ends Pods that hold more local storage than they may, and Pods of a node that runs out of something. The real one looks every ten
 * seconds; this one when something it could act on has happened, at the tick at which the real one would have seen it.
 * Models pkg/kubelet/eviction/eviction_manager.go.
 */
export class EvictionManager {
  readonly #parts: EvictionParts;
  readonly #thresholds: readonly Threshold[];
  readonly #loop: TickLoop;
  readonly #probe: WorkQueue;
  /** Since when a threshold is met, ms. */
  readonly #since = new Map<Threshold, number>();
  /** Pods that were ended and hold things still, and when, ms. */
  readonly #leaving = new Map<PodWorker, number>();
  /** When a condition was last seen, ms. */
  readonly #seen = new Map<PressureCondition, number>();

  constructor(parts: EvictionParts) {
    this.#parts = parts;
    const { system, owner, configuration } = parts.context;
    const name = `${system.name}: eviction`;
    this.#thresholds = thresholdsOf(configuration);
    this.#loop = new TickLoop(system.simulation, owner, {
      name,
      period: PERIOD,
      pass: () => this.#pass(),
    });
    this.#probe = new WorkQueue(system.simulation, owner, { name, sync: () => this.#look() });
  }

  start(): void {
    this.#parts.machine.kernel.onUsage = () => this.#used();
    this.#used();
  }

  stop(): void {
    this.#parts.machine.kernel.onUsage = undefined;
  }

  /** The Node's conditions that hold: seen within the transition period. */
  get pressures(): ReadonlySet<PressureCondition> {
    return new Set(this.#seen.keys());
  }

  /** Why a Pod cannot come now; undefined when it can. Models the manager's Admit. */
  admit(pod: DeepReadonly<Pod>): EndedBy | undefined {
    if (this.#seen.size === 0 || isCritical(pod)) return undefined;
    const conditions = [...this.#seen.keys()];
    if (conditions.every((one) => one === 'MemoryPressure') && !isBestEffort(pod)) return undefined;
    const message = `The node had condition: [${conditions.join(' ')}]. `;
    return { reason: EVICTED, message };
  }

  /** Something was written, or freed. Called in the middle of it, so only counters are looked at. */
  #used(): void {
    const { machine } = this.#parts;
    const mayAct = this.#limited || this.#seen.size > 0 || this.#since.size > 0;
    if (mayAct || this.#thresholds.some((one) => isMet(machine, one))) this.#probe.add('node');
  }

  get #limited(): boolean {
    for (const { pod, state } of this.#parts.workers()) {
      if (state === 'sync' && hasStorageLimit(pod)) return true;
    }
    return false;
  }

  /** Whether the next pass would do something: only then there is one. */
  #look(): undefined {
    this.#updateThresholds();
    const conditions = this.#thresholds.filter((one) => this.#since.has(one));
    const news = conditions.some((one) => !this.#seen.has(SIGNALS[one.signal].condition));
    if (news || this.#overLimit().length > 0 || this.#starved() !== undefined) this.#loop.wake();
    return undefined;
  }

  #updateThresholds(): void {
    const { machine, context } = this.#parts;
    const { now } = context.system.simulation;
    for (const threshold of this.#thresholds) {
      if (!isMet(machine, threshold)) this.#since.delete(threshold);
      else if (!this.#since.has(threshold)) {
        this.#since.set(threshold, now);
        this.#afterGrace(threshold, now);
      }
    }
  }

  /** A soft threshold that lasts is looked at again when its time is over. */
  #afterGrace({ signal, grace }: Threshold, now: number): void {
    if (grace === 0) return;
    const { system, owner } = this.#parts.context;
    const probe = this.#probe;
    const wait = function* (): Operation {
      yield* sleepUntil(now + grace, { class: 'deadline', reason: `grace period of ${signal}` });
      probe.add('node');
    };
    system.simulation.spawn(`${system.name}: ${signal}`, owner, wait());
  }

  *#pass(): Operation {
    this.#updateThresholds();
    this.#updateConditions();
    if (this.#isCleaning()) return this.#loop.wake();
    const over = this.#overLimit();
    for (const { pod, message } of over) this.#evict(pod, { message, grace: this.#hardGrace });
    if (over.length === 0) this.#relieve();
    if (this.#starved() !== undefined || this.#overLimit().length > 0) this.#loop.wake();
  }

  /** Whether Pods that were ended still hold what is needed: for so long nobody else is ended. Models waitForPodsCleanup. */
  #isCleaning(): boolean {
    const { now } = this.#parts.context.system.simulation;
    for (const [worker, since] of this.#leaving) {
      if (worker.state === 'finished' || now - since >= CLEANUP) this.#leaving.delete(worker);
    }
    return this.#leaving.size > 0;
  }

  /** Pods that are over a limit of their own. */
  #overLimit(): { pod: DeepReadonly<Pod>; message: string }[] {
    const { context, machine } = this.#parts;
    if (!context.configuration.localStorageCapacityIsolation) return [];
    const dedicated = machine.disks.images !== machine.disks.root;
    return this.#evictable(hasStorageLimit).flatMap((pod) => {
      const message = exceededLimit(pod, podStats(context, pod), dedicated);
      return message === undefined ? [] : [{ pod, message }];
    });
  }

  /** Pods that run, and that may be ended. */
  #evictable(which: (pod: DeepReadonly<Pod>) => boolean): DeepReadonly<Pod>[] {
    const pods: DeepReadonly<Pod>[] = [];
    for (const { pod, state } of this.#parts.workers()) {
      if (state === 'sync' && !isCritical(pod) && which(pod)) pods.push(pod);
    }
    return pods;
  }

  /** The threshold that Pods are to be ended for now: memory first. Undefined: none, or there is no Pod to end. */
  #starved(): Threshold | undefined {
    const { now } = this.#parts.context.system.simulation;
    const due = this.#thresholds.filter((one) => {
      const since = this.#since.get(one);
      return since !== undefined && now - since >= one.grace;
    });
    if (due.length === 0 || this.#evictable(() => true).length === 0) return undefined;
    return due.find(({ signal }) => signal === 'memory.available') ?? due[0];
  }

  /** Ends one Pod, if that helps. At most one in a pass. */
  #relieve(): void {
    const threshold = this.#starved();
    if (!threshold) return;
    const { context, machine } = this.#parts;
    const candidates = this.#evictable(() => true).map((pod): Candidate => {
      return { pod, stats: podStats(context, pod) };
    });
    const [first] = ranked(candidates, SIGNALS[threshold.signal].resource);
    if (!first) return;
    const observed = observe(machine, threshold.signal);
    const limit = amountOfThreshold(threshold.text, observed.capacity, threshold.signal);
    const { message, annotations } = evictionMessage(first, threshold, { ...observed, limit });
    const grace = threshold.hard ? this.#hardGrace : this.#softGrace(first.pod);
    this.#evict(first.pod, { message, annotations, grace, disrupts: true });
  }

  /** Seconds. */
  get #hardGrace(): number {
    return this.#parts.context.rules.atLeast('1.31') ? 1 : 0;
  }

  #softGrace({ spec }: DeepReadonly<Pod>): number {
    const own = spec.terminationGracePeriodSeconds ?? 30;
    return Math.min(own, this.#parts.context.configuration.evictionMaxPodGracePeriod || own);
  }

  #evict(
    pod: DeepReadonly<Pod>,
    how: {
      readonly message: string;
      readonly grace: number;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly disrupts?: boolean;
    },
  ): void {
    const { message, grace, annotations } = how;
    const { context, terminate } = this.#parts;
    context.event(pod, 'Warning', EVICTED, message, { annotations });
    const disruption = { type: 'DisruptionTarget', reason: 'TerminationByKubelet', message };
    const target = how.disrupts && context.rules.gate('PodDisruptionConditions');
    const endedBy = { reason: EVICTED, message, ...(target && { condition: disruption }) };
    this.#leaving.set(
      terminate(pod, { graceSeconds: grace, endedBy }),
      context.system.simulation.now,
    );
  }

  /** A condition holds while it is met, and for the transition period after. */
  #updateConditions(): void {
    const { context, changed } = this.#parts;
    const { now } = context.system.simulation;
    const before = [...this.#seen.keys()].join();
    for (const threshold of this.#since.keys()) {
      const { condition } = SIGNALS[threshold.signal];
      if (!this.#seen.has(condition)) this.#watchEnd(condition);
      this.#seen.set(condition, now);
    }
    if ([...this.#seen.keys()].join() !== before) changed();
  }

  #isMet(condition: PressureCondition): boolean {
    const { machine } = this.#parts;
    return this.#thresholds.some(
      (one) => SIGNALS[one.signal].condition === condition && isMet(machine, one),
    );
  }

  /** Looks again when the transition period is over, until it has been quiet all the time. */
  #watchEnd(condition: PressureCondition): void {
    const { system, owner, configuration } = this.#parts.context;
    const { simulation } = system;
    const option = 'evictionPressureTransitionPeriod';
    const period = milliseconds(configuration[option], option);
    const manager = this;
    const watch = function* (): Operation {
      for (let until = simulation.now + period; ; until = manager.#lastSeen(condition) + period) {
        yield* sleepUntil(until, { class: 'deadline', reason: `end of ${condition}` });
        if (!manager.#isMet(condition) && manager.#lastSeen(condition) + period <= until) break;
      }
      manager.#seen.delete(condition);
      manager.#parts.changed();
    };
    simulation.spawn(`${system.name}: ${condition}`, owner, watch());
  }

  /** The last tick at which it held: it is not looked at while nothing changes. */
  #lastSeen(condition: PressureCondition): number {
    const { now } = this.#parts.context.system.simulation;
    if (this.#isMet(condition)) this.#seen.set(condition, now);
    return this.#seen.get(condition) ?? now;
  }
}

function isBestEffort({ spec }: DeepReadonly<Pod>): boolean {
  return spec.containers.every(({ resources }) => {
    const amounts = { ...resources?.limits, ...resources?.requests };
    return amounts['cpu'] === undefined && amounts['memory'] === undefined;
  });
}
