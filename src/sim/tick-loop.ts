import { type Operation, sleepUntil, type TimerClass } from './operation.ts';
import type { Owner } from './owner.ts';
import type { Simulation } from './simulation.ts';

export interface TickLoopOptions {
  readonly name: string;
  /** Milliseconds between ticks. */
  readonly period: number;
  /** Default: now. */
  readonly start?: number;
  readonly class?: TimerClass;
  /** One pass. Whatever wakes the loop meanwhile makes for another one, a tick later. */
  readonly pass: () => Operation | undefined;
}

/**
 * A loop that the real thing runs all the time, here only when there is something to do: woken, it runs at the next tick of
 * `start + n * period`, where the real loop would have noticed.
 */
export class TickLoop {
  readonly #simulation: Simulation;
  readonly #owner: Owner;
  readonly #options: TickLoopOptions;
  readonly #start: number;
  #last = Number.NEGATIVE_INFINITY;
  #pending = false;

  constructor(simulation: Simulation, owner: Owner, options: TickLoopOptions) {
    this.#simulation = simulation;
    this.#owner = owner;
    this.#options = options;
    this.#start = options.start ?? simulation.now;
  }

  /** Asks for a pass at the next tick. */
  wake(): void {
    if (this.#pending) return;
    this.#pending = true;
    this.#simulation.spawn(this.#options.name, this.#owner, this.#run());
  }

  /** The next tick at or after now that has not run yet. */
  nextTick(): number {
    const { period } = this.#options;
    const from = Math.max(this.#simulation.now, this.#last + period, this.#start);
    return this.#start + Math.ceil((from - this.#start) / period) * period;
  }

  *#run(): Operation {
    const reason = `next tick of ${this.#options.name}`;
    const at = this.nextTick();
    yield* sleepUntil(at, { class: this.#options.class ?? 'work', reason });
    this.#pending = false;
    this.#last = at;
    const pass = this.#options.pass();
    if (pass) yield* pass;
  }
}
