import { SimulationError } from '../base/index.ts';
import { type Chooser, randomChooser } from './chooser.ts';
import type { Faults } from './faults.ts';
import type { Operation } from './operation.ts';
import { Owner } from './owner.ts';
import { Random } from './random.ts';
import { ReadyQueue } from './ready-queue.ts';
import { Task } from './task.ts';
import { type Clock, type PendingTask, Tasks, type Waiting } from './tasks.ts';
import { TraceLog, type TraceOption } from './trace.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly startTime: number;
  readonly order: 'fifo' | 'random' | Chooser;
  readonly trace: TraceOption;
  readonly faults: Faults;
}

/** How a run of the clock ended. `idle`: nothing is left that could go on by itself. */
export interface SettleReport {
  now: Date;
  steps: number;
  idle: boolean;
  waiting: Waiting[];
}

/** What one step was. */
export interface StepReport {
  task: string;
  step: string;
}

export interface SpawnOptions {
  /** Told how it ended: with an error, or without. A task without it must not throw. */
  readonly onEnd?: (error: unknown, failed: boolean) => void;
}

/** Steps after which one run of the clock gives up, unless told otherwise. */
const STEP_LIMIT = 20_000_000;

/** Virtual time and everything that happens in it. Tasks run one step at a time; nothing else moves the clock. */
export class Simulation {
  readonly random: Random;
  readonly trace: TraceLog;
  readonly faults: Faults;
  readonly order: 'fifo' | 'random' | 'chosen';
  /** Steps taken since the start. */
  steps = 0;
  /** Called after each step and each outside change, once the state is consistent: listeners run there. */
  afterStep: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #tasks: Tasks;
  readonly #errors: unknown[] = [];
  #running: string | undefined;
  #inside = false;

  constructor(options: SimulationOptions) {
    this.random = new Random(options.seed);
    this.faults = options.faults;
    const clock = { now: options.startTime };
    this.#clock = clock;
    this.trace = new TraceLog(() => clock.now, options.trace);
    this.order = typeof options.order === 'string' ? options.order : 'chosen';
    this.#tasks = new Tasks({
      clock,
      ready: new ReadyQueue(chooserOf(options, this.random)),
      faults: this.faults,
      trace: this.trace,
      report: (error) => this.report(error),
    });
  }

  /** Virtual time, in milliseconds since 1970. */
  get now(): number {
    return this.#clock.now;
  }

  /** Starts an operation. Its first part runs when its turn comes, never inside this call. */
  spawn(
    name: string,
    owner: Owner,
    operation: Operation<unknown>,
    options: SpawnOptions = {},
  ): Task {
    const task = new Task(this.#tasks, name, owner, operation);
    if (!owner.alive) {
      task.state = 'dropped';
      return task;
    }
    task.onEnd = options.onEnd;
    this.#tasks.add(task);
    return task;
  }

  /** An owner of tasks, by name. */
  owner(name: string): Owner {
    return new Owner(name);
  }

  /** Runs until there is no more work; see TimerClass for what it does not wait for. */
  settle(options: { within: number; steps?: number }): SettleReport {
    return this.#drive('settle', () => {
      const end = this.#clock.now + options.within;
      const limit = this.steps + (options.steps ?? STEP_LIMIT);
      let idle = false;
      for (;;) {
        if (!this.#runReady(limit)) break;
        const next = this.#tasks.nextWork;
        idle = next === undefined;
        if (next === undefined || next > end) break;
        this.#tasks.advanceTo(Math.min(next, this.#tasks.nextTime ?? next));
      }
      return idle;
    });
  }

  /** Lets time pass, with everything that is due in it. */
  advance(ms: number): void {
    this.#drive('advance', () => {
      const end = this.#clock.now + ms;
      this.#runReady(Number.POSITIVE_INFINITY);
      for (
        let next = this.#tasks.nextTime;
        next !== undefined && next <= end;
        next = this.#tasks.nextTime
      ) {
        this.#tasks.advanceTo(next);
        this.#runReady(Number.POSITIVE_INFINITY);
      }
      this.#clock.now = Math.max(this.#clock.now, end);
      return false;
    });
  }

  /** Runs until the condition holds, looked at after every step. False: it did not within the time. */
  runUntil(condition: () => boolean, within: number): boolean {
    let met = false;
    this.#drive('runUntil', () => {
      const end = this.#clock.now + within;
      while (!(met = condition())) {
        const task = this.#tasks.take();
        if (task) {
          this.#resume(task);
          continue;
        }
        const next = this.#tasks.nextTime;
        if (next === undefined || next > end) {
          this.#clock.now = Math.max(this.#clock.now, end);
          met = condition();
          break;
        }
        this.#tasks.advanceTo(next);
      }
      return false;
    });
    return met;
  }

  /** Takes the next single step of `settle`. Undefined: there is none. */
  step(): StepReport | undefined {
    let report: StepReport | undefined;
    this.#drive('step', () => {
      while (!this.#tasks.anyReady) {
        const next = this.#tasks.nextWork;
        if (next === undefined) return false;
        this.#tasks.advanceTo(Math.min(next, this.#tasks.nextTime ?? next));
      }
      const task = this.#tasks.take();
      if (!task) return false;
      report = { task: task.name, step: task.next };
      this.#resume(task);
      return false;
    });
    return report;
  }

  /** A change from outside, such as an API call: at once, and then whoever listens is told. */
  outside<Result>(action: () => Result): Result {
    if (this.#inside || this.#running !== undefined) return action();
    this.#inside = true;
    try {
      return action();
    } finally {
      this.#inside = false;
      this.#tell();
      this.#throwErrors();
    }
  }

  /** What waits for time or for a fault to end. */
  waiting(): Waiting[] {
    return this.#tasks.waiting();
  }

  /** Every task that will go on by itself: those that can, in their order, then those that wait for a time, and what faults hold. */
  pending(): PendingTask[] {
    return this.#tasks.pending();
  }

  /** Something that comes out of the outermost call, once the state is consistent. */
  report(error: unknown): void {
    this.#errors.push(error);
  }

  #drive(name: string, run: () => boolean): SettleReport {
    if (this.#running !== undefined || this.#inside) {
      throw new SimulationError(
        'REENTRANT',
        `${name}: time cannot be moved from inside ${this.#running ?? 'a change'}`,
      );
    }
    const before = this.steps;
    this.#running = name;
    let idle = false;
    try {
      idle = run();
    } finally {
      this.#running = undefined;
    }
    this.#throwErrors();
    return {
      now: new Date(this.#clock.now),
      steps: this.steps - before,
      idle,
      waiting: this.waiting(),
    };
  }

  /** False: the limit came first, or a listener threw. */
  #runReady(limit: number): boolean {
    for (let task = this.#tasks.take(); task; task = this.#tasks.take()) {
      this.#resume(task);
      if (this.#errors.length > 0) return false;
      if (this.steps >= limit && this.#tasks.anyReady) return false;
    }
    return true;
  }

  #resume(task: Task): void {
    if (task.state !== 'ready') return;
    this.steps++;
    this.#tasks.resume(task);
    this.#tell();
  }

  #tell(): void {
    try {
      this.afterStep?.();
    } catch (error) {
      this.#errors.push(error);
    }
  }

  #throwErrors(): void {
    if (this.#errors.length === 0) return;
    const [first] = this.#errors.splice(0);
    throw first;
  }
}

function chooserOf({ order }: SimulationOptions, random: Random): Chooser | undefined {
  if (order === 'fifo') return undefined;
  return order === 'random' ? randomChooser(random.stream('schedule', '')) : order;
}
