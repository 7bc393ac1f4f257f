import { SimulationError } from '../base/index.ts';
import type { FaultAction, Faults } from './faults.ts';
import {
  type SignalRequest,
  type SleepRequest,
  type StepRequest,
  type StepSubject,
  subjectFields,
  type TimerClass,
  type Wait,
} from './operation.ts';
import type { ReadyQueue } from './ready-queue.ts';
import type { Task, TaskHost } from './task.ts';
import { Timers } from './timers.ts';
import type { TraceLog } from './trace.ts';

/** What nobody will move unless time passes: who, for what, since when, and when it tries again. */
export interface Waiting {
  who: string;
  for: string;
  since: Date;
  nextTry?: Date;
  /** What the step is about that a fault holds. */
  about?: StepSubject;
}

/** A task that will go on: at once with its next step, in so many ms, or when a fault lets it. */
export interface PendingTask {
  readonly task: string;
  readonly next?: string;
  readonly in?: number;
  readonly for?: string;
}

/** Virtual time, in milliseconds since 1970. */
export interface Clock {
  now: number;
}

export interface TasksParts {
  readonly clock: Clock;
  readonly ready: ReadyQueue;
  readonly faults: Faults;
  readonly trace: TraceLog;
  /** Told of what a task threw that nobody else is told of. */
  readonly report: (error: unknown) => void;
}

/** All tasks of a simulation: those that can go on, and what the others wait for. What a task yields is carried out here. */
export class Tasks implements TaskHost {
  readonly #parts: TasksParts;
  readonly #timers = new Timers();
  readonly #held = new Set<Task>();

  constructor(parts: TasksParts) {
    this.#parts = parts;
  }

  /** Whether any can go on now. */
  get anyReady(): boolean {
    return this.#parts.ready.size > 0;
  }

  /** When the next timer of any class is due. */
  get nextTime(): number | undefined {
    return this.#timers.next();
  }

  /** When the next timer that is work is due. */
  get nextWork(): number | undefined {
    return this.#timers.nextWork();
  }

  /** A new one: its first part runs when its turn comes. */
  add(task: Task): void {
    task.owner.tasks.add(task);
    this.#parts.ready.push(task);
  }

  /** The one whose turn it is. */
  take(): Task | undefined {
    return this.#parts.ready.take();
  }

  /** A task that waited may go on. */
  ready(task: Task): void {
    if (task.state !== 'waiting') return;
    task.settleWaits();
    this.#held.delete(task);
    task.state = 'ready';
    this.#parts.ready.push(task);
  }

  forget(timer: Parameters<Timers['forget']>[0]): void {
    this.#timers.forget(timer);
  }

  /** Time has come to this: what is due may go on. */
  advanceTo(time: number): void {
    const { clock } = this.#parts;
    clock.now = Math.max(clock.now, time);
    for (const task of this.#timers.due(clock.now)) {
      if (task.request?.kind === 'signal') task.request.outcome = 'deadline';
      this.ready(task);
    }
  }

  /** Lets one go on, to what it waits for next, or its end. */
  resume(task: Task): void {
    try {
      const result = goOn(task);
      if (result.done) this.#end(task, undefined, false);
      else this.#wait(task, result.value);
    } catch (error) {
      this.#end(task, error, true);
    }
  }

  /** What waits for time or for a fault to end. */
  waiting(): Waiting[] {
    const held = [...this.#held].map((task) => ({
      who: task.name,
      for: task.held?.reason ?? '',
      since: new Date(task.held?.since ?? this.#parts.clock.now),
      ...(task.held && { about: task.held.about }),
    }));
    return [...this.#timers.waiting(), ...held];
  }

  /** Every one that will go on by itself: those that can, in their order, then those that wait for a time, and what faults hold. */
  pending(): PendingTask[] {
    const { clock, ready } = this.#parts;
    const held = [...this.#held].map(({ name, held }) => ({ task: name, for: held?.reason ?? '' }));
    return [
      ...ready.list().map(({ name, next }) => ({ task: name, next })),
      ...this.#timers.list().map(({ task, reason, due }) => {
        return { task: task.name, in: due - clock.now, for: reason };
      }),
      ...held,
    ];
  }

  #end(task: Task, error: unknown, failed: boolean): void {
    task.finish();
    if (task.onEnd) task.onEnd(error, failed);
    else if (failed) this.#parts.report(error);
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
        return this.#parts.ready.push(task);
      case 'crash':
        return task.owner.crash();
      default:
        throw new SimulationError(
          'ASYNC_CODE',
          `${task.name} yielded something that is not a wait; use yield* with the primitives`,
        );
    }
  }

  #stepRequest(task: Task, request: StepRequest): void {
    task.next = request.name;
    if (this.#parts.faults.none) return this.#parts.ready.push(task);
    const told = (after: FaultAction): void => this.#recordFault(request, after);
    const action = this.#parts.faults.hit(request, task.owner.name, told);
    if (action) this.#fault(task, request, action);
    else this.#parts.ready.push(task);
  }

  #recordFault({ name, subject }: StepRequest, action: FaultAction): void {
    const { what } = action;
    const { node, ...told } = subjectFields(subject);
    const error = what === 'fail' ? { error: action.error.message } : {};
    const by = what === 'delay' ? { by: action.by } : {};
    const fields = { operation: name, what, ...error, ...by, ...told };
    this.#parts.trace.add('fault', fields, node);
  }

  #fault(task: Task, request: StepRequest, action: FaultAction): void {
    const { what } = action;
    this.#recordFault(request, action);
    if (what === 'crash') return task.owner.crash();
    if (what === 'fail') {
      task.failing = true;
      task.error = action.error;
      return this.#parts.ready.push(task);
    }
    task.state = 'waiting';
    if (what === 'delay') {
      return this.#timer(
        task,
        this.#parts.clock.now + action.by,
        'work',
        `fault: ${request.name} delayed`,
      );
    }
    const reason = `fault: ${request.name} held${wordsOf(request.subject)}`;
    task.held = { since: this.#parts.clock.now, reason, about: subjectFields(request.subject) };
    this.#held.add(task);
    action.fault.held.add(() => this.ready(task));
  }

  #sleep(task: Task, request: SleepRequest): void {
    task.state = 'waiting';
    task.next = request.reason;
    this.#timer(
      task,
      Math.max(request.until, this.#parts.clock.now),
      request.class,
      request.reason,
    );
    this.#cancellable(task, request);
  }

  #signal(task: Task, request: SignalRequest): void {
    task.state = 'waiting';
    task.next = request.reason;
    task.signal = request.signal;
    request.signal.add(task);
    if (request.deadline !== undefined) {
      this.#timer(
        task,
        Math.max(request.deadline, this.#parts.clock.now),
        'deadline',
        request.reason,
      );
    }
    this.#cancellable(task, request);
  }

  #cancellable(task: Task, request: SleepRequest | SignalRequest): void {
    task.request = request;
    task.cancel = request.cancel;
    request.cancel?.add(task);
  }

  #timer(task: Task, due: number, kind: TimerClass, reason: string): void {
    task.timer = this.#timers.add(task, { due, class: kind, since: this.#parts.clock.now, reason });
  }
}

function goOn(task: Task): IteratorResult<Wait, unknown> {
  if (!task.failing) return task.operation.next();
  const { error } = task;
  task.failing = false;
  task.error = undefined;
  return task.operation.throw(error);
}

/** What a step is about: ` for /a, volume cache, container main, Pod default/web`. */
function wordsOf({ path, volume, container, pod }: StepSubject): string {
  const words = [
    ...(path === undefined ? [] : [path]),
    ...(volume === undefined ? [] : [`volume ${volume}`]),
    ...(container === undefined ? [] : [`container ${container}`]),
    ...(pod === undefined ? [] : [`Pod ${pod}`]),
  ];
  return words.length === 0 ? '' : ` for ${words.join(', ')}`;
}
