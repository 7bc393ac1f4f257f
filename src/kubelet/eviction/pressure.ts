import type { Machine } from '../machine/index.ts';
import { Gauge } from './node-usage.ts';
import { type PressureCondition, SIGNALS, type Threshold } from './thresholds.ts';

/** How the node stood at the last look. */
interface Met {
  /** First look at which it was met, ms. */
  readonly since: number;
  /** Its grace period was over once, so that more has to be won back before it is forgotten. */
  due: boolean;
}

export interface PressureOptions {
  readonly machine: Machine;
  readonly thresholds: readonly Threshold[];
  /** ms that a condition holds after it was last seen. */
  readonly transitionPeriod: number;
  /** ms between two looks of the real thing. */
  readonly period: number;
}

/**
 * Thresholds that are met, and the Node's conditions that follow: as of the last look. Models the first half of synchronize of
 * pkg/kubelet/eviction/eviction_manager.go.
 */
export class Pressure {
  readonly #options: PressureOptions;
  readonly #gauges: readonly Gauge[];
  readonly #met = new Map<Threshold, Met>();
  /** When a condition was last seen, ms. */
  readonly #seen = new Map<PressureCondition, number>();

  constructor(options: PressureOptions) {
    this.#options = options;
    const { machine, thresholds } = options;
    this.#gauges = thresholds.map((threshold) => new Gauge(machine, threshold));
  }

  /** The Node's conditions that hold. */
  get conditions(): ReadonlySet<PressureCondition> {
    return new Set(this.#seen.keys());
  }

  /** Whether a look now would find something else than the last one: a few comparisons. */
  hasChanged(): boolean {
    for (const gauge of this.#gauges) {
      if (gauge.level() !== gauge.seen) return true;
    }
    return false;
  }

  /** Looks. True: the conditions are others than before. */
  look(now: number): boolean {
    const before = [...this.#seen.keys()].join();
    const held = this.#observed();
    this.#updateThresholds(now);
    const observed = this.#observed();
    // While nothing changes nobody looks: it was last seen at the look that there would have been before this one.
    for (const condition of held) this.#see(condition, now - this.#options.period);
    for (const condition of observed) this.#see(condition, now);
    for (const [condition, at] of this.#seen) {
      if (now - at >= this.#options.transitionPeriod) this.#seen.delete(condition);
    }
    return [...this.#seen.keys()].join() !== before;
  }

  /** Thresholds for which pods are to be ended: their grace periods are over. Memory comes first. */
  due(): Threshold[] {
    const due = [...this.#met].filter(([, met]) => met.due).map(([threshold]) => threshold);
    const rank = ({ signal }: Threshold): number => (signal === 'memory.available' ? 0 : 1);
    return due.sort((a, b) => rank(a) - rank(b));
  }

  /** When a look would find something else although nothing is written or freed, ms; undefined: never. */
  nextChange(): number | undefined {
    const { transitionPeriod } = this.#options;
    const held = this.#observed();
    const times = [
      ...[...this.#met].filter(([, { due }]) => !due).map(([one, { since }]) => since + one.grace),
      ...[...this.#seen]
        .filter(([condition]) => !held.has(condition))
        .map(([, at]) => at + transitionPeriod),
    ];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Whether everything is won back that has to be, as it stands now. */
  isRelieved(): boolean {
    return this.#gauges.every((gauge) => gauge.level() === 'enough');
  }

  #updateThresholds(now: number): void {
    for (const gauge of this.#gauges) {
      const { threshold } = gauge;
      const level = gauge.level();
      gauge.seen = level;
      const met = this.#met.get(threshold);
      const still = level === 'short' || (level === 'recovering' && met?.due === true);
      if (!still) this.#met.delete(threshold);
      else {
        const since = met?.since ?? now;
        this.#met.set(threshold, { since, due: now - since >= threshold.grace });
      }
    }
  }

  #observed(): Set<PressureCondition> {
    return new Set([...this.#met.keys()].map(({ signal }) => SIGNALS[signal].condition));
  }

  #see(condition: PressureCondition, at: number): void {
    this.#seen.set(condition, Math.max(at, this.#seen.get(condition) ?? at));
  }
}
