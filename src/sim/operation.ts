import { type Cancellation, Cancelled, type Signal } from './signal.ts';

/**
 * What a timer is for. *work*: loop ticks, handshakes, grace periods. *retry*: back-offs and resyncs after an error.
 * *deadline*: the end of somebody's patience. *process*: a `sleep` in a container. `settle` crosses *work* only.
 */
export type TimerClass = 'work' | 'retry' | 'deadline' | 'process';

/** What a step is about; faults select by it. */
export interface StepSubject {
  readonly volume?: string | undefined;
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  readonly path?: string | undefined;
  readonly container?: string | undefined;
  /** `Kind/name` or `Kind/namespace/name`. */
  readonly object?: string | undefined;
}

/** Those that are given. */
type SubjectFields = { [Field in keyof StepSubject]?: string };

/** What a subject says, as fields of its own: it may work them out only when it is asked. */
export function subjectFields(subject: StepSubject): SubjectFields {
  const { node, volume, pod, path, container, object } = subject;
  return {
    ...(node !== undefined && { node }),
    ...(volume !== undefined && { volume }),
    ...(pod !== undefined && { pod }),
    ...(path !== undefined && { path }),
    ...(container !== undefined && { container }),
    ...(object !== undefined && { object }),
  };
}

/** A point where the operation can be interrupted, just before a named action. */
export interface StepRequest {
  readonly kind: 'step';
  readonly name: string;
  readonly subject: StepSubject;
  /** Set by a fault that lets the action happen and then reports it failed, or crashes. */
  after?: () => Operation;
}

/** Waits until a virtual time. */
export interface SleepRequest {
  readonly kind: 'sleep';
  readonly until: number;
  readonly class: TimerClass;
  readonly reason: string;
  readonly cancel: Signal | undefined;
}

/** Waits for a signal, or for a deadline. */
export interface SignalRequest {
  readonly kind: 'signal';
  readonly signal: Signal;
  readonly deadline: number | undefined;
  readonly reason: string;
  readonly cancel: Signal | undefined;
  outcome: 'woken' | 'deadline';
}

/** The owner of the operation dies here. Only faults ask for it. */
export interface CrashRequest {
  readonly kind: 'crash';
}

/** Gives others their turn. Unlike a step it has no name, and no fault can hit it. */
export interface TurnRequest {
  readonly kind: 'turn';
}

export type Wait = StepRequest | SleepRequest | SignalRequest | CrashRequest | TurnRequest;

/** Something that takes several steps: it yields wherever a real node could be interrupted. */
export type Operation<Result = void> = Generator<Wait, Result, void>;

/**
 * A named step. Faults are thrown in before `action`; `action` takes no time. Returns what it returns.
 * @example yield* step('mkdir', { path }, () => directory.mkdir(name, 0o750))
 */
export function* step<Result = void>(
  name: string,
  subject: StepSubject,
  action?: () => Result,
): Operation<Result> {
  const request: StepRequest = { kind: 'step', name, subject };
  yield request;
  const result = action?.() as Result;
  if (request.after) yield* request.after();
  return result;
}

/** A named step whose work has steps of its own. */
export function* stepOf<Result>(
  name: string,
  subject: StepSubject,
  body: () => Operation<Result>,
): Operation<Result> {
  const request: StepRequest = { kind: 'step', name, subject };
  yield request;
  const result = yield* body();
  if (request.after) yield* request.after();
  return result;
}

const TURN: TurnRequest = { kind: 'turn' };

/** Lets every other task that could go on now go first. */
export function* turn(): Operation {
  yield TURN;
}

export interface SleepOptions {
  readonly class: TimerClass;
  /** For the report of what is waiting. */
  readonly reason: string;
  readonly cancel?: Cancellation | undefined;
}

/** Waits until a virtual time (ms). Throws `Cancelled` when `cancel` is cancelled first. */
export function* sleepUntil(until: number, options: SleepOptions): Operation {
  const { cancel } = options;
  throwIfCancelled(cancel);
  yield {
    kind: 'sleep',
    until,
    class: options.class,
    reason: options.reason,
    cancel: cancel?.signal,
  };
  throwIfCancelled(cancel);
}

/** Waits until a virtual time (ms), and then does something; when it is cancelled first, nothing. */
export function* doAt(until: number, options: SleepOptions, action: () => void): Operation {
  try {
    yield* sleepUntil(until, options);
  } catch (error) {
    if (error instanceof Cancelled) return;
    throw error;
  }
  action();
}

export interface WaitOptions {
  /** Virtual time (ms) at which to give up. */
  readonly deadline?: number | undefined;
  readonly reason: string;
  readonly cancel?: Cancellation | undefined;
}

/** Waits for the next `wake` of a signal. False: the deadline came first. Throws `Cancelled` when cancelled first. */
export function* waitFor(signal: Signal, options: WaitOptions): Operation<boolean> {
  const { cancel } = options;
  throwIfCancelled(cancel);
  const request: SignalRequest = {
    kind: 'signal',
    signal,
    deadline: options.deadline,
    reason: options.reason,
    cancel: cancel?.signal,
    outcome: 'woken',
  };
  yield request;
  throwIfCancelled(cancel);
  return request.outcome === 'woken';
}

/** Throws `Cancelled` if that was asked for. */
export function throwIfCancelled(cancel: Cancellation | undefined): void {
  if (cancel?.cancelled) throw new Cancelled(cancel.reason);
}
