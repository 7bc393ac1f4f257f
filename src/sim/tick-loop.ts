import { type Operation, sleepUntil, type TimerClass } from './operation.ts';
import type { Owner } from './owner.ts';
import { Cancellation, Cancelled } from './signal.ts';
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
  #pending: Cancellation | undefined;

  constructor(simulation: Simulation, owner: Owner, options: TickLoopOptions) {
    this.#simulation = simulation;
    this.#owner = owner;
    this.#options = options;
    this.#start = options.start ?? simulation.now;
  }

  /** Asks for a pass at the next tick. */
  wake(): void {
    if (this.#pending) return;
    this.#pending = new Cancellation();
    this.#simulation.spawn(this.#options.name, this.#owner, this.#run(this.#pending));
  }

  /** Takes that back: by itself something was done that the pass was for. */
  rest(): void {
    this.#pending?.cancel('nothing to do');
    this.#pending = undefined;
  }

  /** The next tick at or after now that has not run yet. */
  nextTick(): number {
    const { period } = this.#options;
    const from = Math.max(this.#simulation.now, this.#last + period, this.#start);
    return this.#start + Math.ceil((from - this.#start) / period) * period;
  }

  *#run(cancel: Cancellation): Operation {
    const reason = `next tick of ${this.#options.name}`;
    const at = this.nextTick();
    try {
      yield* sleepUntil(at, { class: this.#options.class ?? 'work', reason, cancel });
    } catch (error) {
      if (error instanceof Cancelled) return;
      throw error;
    }
    this.#pending = undefined;
    this.#last = at;
    const pass = this.#options.pass();
    if (pass) yield* pass;
  }
}
