import { SimulationError } from '../base/index.ts';
import { type Chooser, randomChooser } from './chooser.ts';
import type { FaultAction, Faults } from './faults.ts';
import type {
  Operation,
  SignalRequest,
  SleepRequest,
  StepRequest,
  TimerClass,
  Wait,
} from './operation.ts';
import { Owner } from './owner.ts';
import { Random } from './random.ts';
import { ReadyQueue } from './ready-queue.ts';
import { Task, type TaskHost } from './task.ts';
import { Timers } from './timers.ts';
import { TraceLog, type TraceOption } from './trace.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly startTime: number;
  readonly order: 'fifo' | 'random' | Chooser;
  readonly trace: TraceOption;
  readonly faults: Faults;
}

/** What nobody will move unless time passes: who, for what, since when, and when it tries again. */
export interface Waiting {
  who: string;
  for: string;
  since: Date;
  nextTry?: Date;
}

/** How a run of the clock ended. `idle`: nothing is left that could go on by itself. */
export interface SettleReport {
  now: Date;
  steps: number;
  idle: boolean;
  waiting: Waiting[];
}

/** A task that will go on: at once with its next step, in so many ms, or when a fault lets it. */
export interface PendingTask {
  readonly task: string;
  readonly next?: string;
  readonly in?: number;
  readonly for?: string;
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
export class Simulation implements TaskHost {
  readonly random: Random;
  readonly trace: TraceLog;
  readonly faults: Faults;
  readonly order: 'fifo' | 'random' | 'chosen';
  /** Steps taken since the start. */
  steps = 0;
  /** Called after each step and each outside change, once the state is consistent: listeners run there. */
  afterStep: (() => void) | undefined;
  #now: number;
  readonly #ready: ReadyQueue;
  readonly #timers = new Timers();
  readonly #held = new Set<Task>();
  readonly #errors: unknown[] = [];
  #running: string | undefined;
  #inside = false;

  constructor(options: SimulationOptions) {
    this.random = new Random(options.seed);
    this.faults = options.faults;
    this.#now = options.startTime;
    this.trace = new TraceLog(() => this.#now, options.trace);
    this.order = typeof options.order === 'string' ? options.order : 'chosen';
    this.#ready = new ReadyQueue(chooserOf(options, this.random));
  }

  /** Virtual time, in milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Starts an operation. Its first part runs when its turn comes, never inside this call. */
  spawn(
    name: string,
    owner: Owner,
    operation: Operation<unknown>,
    options: SpawnOptions = {},
  ): Task {
    const task = new Task(this, name, owner, operation);
    if (!owner.alive) {
      task.state = 'dropped';
      return task;
    }
    task.onEnd = options.onEnd;
    owner.tasks.add(task);
    this.#ready.push(task);
    return task;
  }

  /** An owner of tasks, by name. */
  owner(name: string): Owner {
    return new Owner(name);
  }

  /** A task that waited may go on. */
  ready(task: Task): void {
    if (task.state !== 'waiting') return;
    task.settleWaits();
    this.#held.delete(task);
    task.state = 'ready';
    this.#ready.push(task);
  }

  forget(timer: Parameters<Timers['forget']>[0]): void {
    this.#timers.forget(timer);
  }

  /** Runs until there is no more work; see TimerClass for what it does not wait for. */
  settle(options: { within: number; steps?: number }): SettleReport {
    return this.#drive('settle', () => {
      const end = this.#now + options.within;
      const limit = this.steps + (options.steps ?? STEP_LIMIT);
      let idle = false;
      for (;;) {
        if (!this.#runReady(limit)) break;
        const next = this.#timers.nextWork();
        idle = next === undefined;
        if (next === undefined || next > end) break;
        this.#advanceTo(Math.min(next, this.#timers.next() ?? next));
      }
      return idle;
    });
  }

  /** Lets time pass, with everything that is due in it. */
  advance(ms: number): void {
    this.#drive('advance', () => {
      const end = this.#now + ms;
      this.#runReady(Number.POSITIVE_INFINITY);
      for (
        let next = this.#timers.next();
        next !== undefined && next <= end;
        next = this.#timers.next()
      ) {
        this.#advanceTo(next);
        this.#runReady(Number.POSITIVE_INFINITY);
      }
      this.#now = Math.max(this.#now, end);
      return false;
    });
  }

  /** Runs until the condition holds, looked at after every step. False: it did not within the time. */
  runUntil(condition: () => boolean, within: number): boolean {
    let met = false;
    this.#drive('runUntil', () => {
      const end = this.#now + within;
      while (!(met = condition())) {
        const task = this.#ready.take();
        if (task) {
          this.#resume(task);
          continue;
        }
        const next = this.#timers.next();
        if (next === undefined || next > end) {
          this.#now = Math.max(this.#now, end);
          met = condition();
          break;
        }
        this.#advanceTo(next);
      }
      return false;
    });
    return met;
  }

  /** Takes the next single step of `settle`. Undefined: there is none. */
  step(): StepReport | undefined {
    let report: StepReport | undefined;
    this.#drive('step', () => {
      while (this.#ready.size === 0) {
        const next = this.#timers.nextWork();
        if (next === undefined) return false;
        this.#advanceTo(Math.min(next, this.#timers.next() ?? next));
      }
      const task = this.#ready.take();
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
    const held = [...this.#held].map((task) => ({
      who: task.name,
      for: task.held?.reason ?? '',
      since: new Date(task.held?.since ?? this.#now),
    }));
    return [...this.#timers.waiting(), ...held];
  }

  /** Every task that will go on by itself: those that can, in their order, then those that wait for a time, and what faults hold. */
  pending(): PendingTask[] {
    const held = [...this.#held].map(({ name, held }) => ({ task: name, for: held?.reason ?? '' }));
    return [
      ...this.#ready.list().map(({ name, next }) => ({ task: name, next })),
      ...this.#timers.list().map(({ task, reason, due }) => {
        return { task: task.name, in: due - this.#now, for: reason };
      }),
      ...held,
    ];
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
    return { now: new Date(this.#now), steps: this.steps - before, idle, waiting: this.waiting() };
  }

  /** False: the limit came first, or a listener threw. */
  #runReady(limit: number): boolean {
    for (let task = this.#ready.take(); task; task = this.#ready.take()) {
      this.#resume(task);
      if (this.#errors.length > 0) return false;
      if (this.steps >= limit && this.#ready.size > 0) return false;
    }
    return true;
  }

  #advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    for (const task of this.#timers.due(this.#now)) {
      if (task.request?.kind === 'signal') task.request.outcome = 'deadline';
      this.ready(task);
    }
  }

  #resume(task: Task): void {
    if (task.state !== 'ready') return;
    this.steps++;
    try {
      const result = this.#next(task);
      if (result.done) this.#end(task, undefined, false);
      else this.#wait(task, result.value);
    } catch (error) {
      this.#end(task, error, true);
    }
    this.#tell();
  }

  #next(task: Task): IteratorResult<Wait, unknown> {
    if (!task.failing) return task.operation.next();
    const { error } = task;
    task.failing = false;
    task.error = undefined;
    return task.operation.throw(error);
  }

  #end(task: Task, error: unknown, failed: boolean): void {
    task.finish();
    if (task.onEnd) task.onEnd(error, failed);
    else if (failed) this.#errors.push(error);
  }

  #wait(task: Task, request: Wait): void {
    if (!task.owner.alive) return task.drop();
    switch (request.kind) {
      case 'step':
        return this.#stepRequest(task, request);
      case 'sleep':
        return this.#sleep(task, request);
      case 'signal':
        return this.#signal(task, request);
      case 'turn':
        return this.#ready.push(task);
      case 'crash':
        return this.#crash(task);
      default:
        throw new SimulationError(
          'ASYNC_CODE',
          `${task.name} yielded something that is not a wait; use yield* with the primitives`,
        );
    }
  }

  #stepRequest(task: Task, request: StepRequest): void {
    task.next = request.name;
    if (this.faults.none) return this.#ready.push(task);
    const action = this.faults.hit(request, (after) => this.#recordFault(request, after));
    if (action) this.#fault(task, request, action);
    else this.#ready.push(task);
  }

  #recordFault({ name, subject }: StepRequest, action: FaultAction): void {
    const { what } = action;
    const error = what === 'fail' ? { error: action.error.message } : {};
    this.trace.add('fault', { operation: name, what, ...error }, subject.node);
  }

  #fault(task: Task, request: StepRequest, action: FaultAction): void {
    const { what } = action;
    this.#recordFault(request, action);
    if (what === 'crash') return this.#crash(task);
    if (what === 'fail') {
      task.failing = true;
      task.error = action.error;
      return this.#ready.push(task);
    }
    task.state = 'waiting';
    if (what === 'delay') {
      return this.#timer(task, this.#now + action.by, 'work', `fault: ${request.name} delayed`);
    }
    task.held = { since: this.#now, reason: `fault: ${request.name} held` };
    this.#held.add(task);
    action.fault.held.add(() => this.ready(task));
  }

  #crash(task: Task): void {
    task.owner.crash();
  }

  #sleep(task: Task, request: SleepRequest): void {
    task.state = 'waiting';
    task.next = request.reason;
    this.#timer(task, Math.max(request.until, this.#now), request.class, request.reason);
    this.#cancellable(task, request);
  }

  #signal(task: Task, request: SignalRequest): void {
    task.state = 'waiting';
    task.next = request.reason;
    task.signal = request.signal;
    request.signal.add(task);
    if (request.deadline !== undefined) {
      this.#timer(task, Math.max(request.deadline, this.#now), 'deadline', request.reason);
    }
    this.#cancellable(task, request);
  }

  #cancellable(task: Task, request: SleepRequest | SignalRequest): void {
    task.request = request;
    task.cancel = request.cancel;
    request.cancel?.add(task);
  }

  #timer(task: Task, due: number, kind: TimerClass, reason: string): void {
    task.timer = this.#timers.add(task, { due, class: kind, since: this.#now, reason });
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
