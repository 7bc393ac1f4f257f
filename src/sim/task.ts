import type {
  Operation,
  SignalRequest,
  SleepRequest,
  StepSubject,
  TimerClass,
} from './operation.ts';
import type { Owner } from './owner.ts';
import { Signal, type Waiter } from './signal.ts';

/** A place in the timer heap. Without a task it was cancelled, and is passed over. */
export interface Timer {
  readonly due: number;
  readonly sequence: number;
  readonly class: TimerClass;
  readonly since: number;
  readonly reason: string;
  task: Task | undefined;
}

/** What the scheduler does for a task. */
export interface TaskHost {
  ready(task: Task): void;
  forget(timer: Timer): void;
}

/** One running operation. It is ready, or waits for a timer, a signal, both, or a fault to let it go. */
export class Task implements Waiter {
  readonly name: string;
  readonly owner: Owner;
  readonly operation: Operation<unknown>;
  readonly #host: TaskHost;
  state: 'ready' | 'waiting' | 'done' | 'dropped' = 'ready';
  /** Thrown into the operation when it goes on. */
  error: unknown;
  failing = false;
  timer: Timer | undefined;
  signal: Signal | undefined;
  cancel: Signal | undefined;
  request: SignalRequest | SleepRequest | undefined;
  /** Name of the step that is next, for choosers and reports. */
  next = 'start';
  /** Since when, for what, and at a step about what, it is held by a fault. */
  held: { since: number; reason: string; about: StepSubject } | undefined;
  onEnd: ((error: unknown, failed: boolean) => void) | undefined;
  #ended: Signal | undefined;

  constructor(host: TaskHost, name: string, owner: Owner, operation: Operation<unknown>) {
    this.#host = host;
    this.name = name;
    this.owner = owner;
    this.operation = operation;
  }

  get over(): boolean {
    return this.state === 'done' || this.state === 'dropped';
  }

  /** Woken when the task has ended or was dropped. */
  get ended(): Signal {
    this.#ended ??= new Signal();
    return this.#ended;
  }

  /** A signal that it waits for, or the cancellation, came. */
  wake(): void {
    this.#host.ready(this);
  }

  /** Stops waiting, whatever for. */
  settleWaits(): void {
    if (this.timer) this.#host.forget(this.timer);
    this.timer = undefined;
    this.signal?.remove(this);
    this.cancel?.remove(this);
    this.signal = this.cancel = this.request = this.held = undefined;
  }

  /** Ends without running on: no `finally` runs. */
  drop(): void {
    if (this.over) return;
    this.settleWaits();
    this.state = 'dropped';
    this.#ended?.wake();
  }

  finish(): void {
    this.state = 'done';
    this.owner.tasks.delete(this);
    this.#ended?.wake();
  }
}
