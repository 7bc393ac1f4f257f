import {
  type Duration,
  type ErrorClass,
  milliseconds,
  OperationError,
  SimulationError,
  type Subscription,
  subscription,
} from '../base/index.ts';
import type { Operation, StepRequest } from './operation.ts';

/** Which steps a fault is for. All that is left out matches everything. */
export interface FaultOptions {
  volume?: string;
  pod?: string;
  node?: string;
  path?: string;
  /** How often it happens. Default: every time. */
  times?: number;
  /** `after`: it was done, but is reported failed. A function decides step by step. Default `before`. */
  when?: 'before' | 'after' | ((step: StepDescription) => boolean);
}

/** What a `when` function sees of a step. */
export interface StepDescription {
  readonly operation: string;
  readonly volume?: string | undefined;
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  readonly path?: string | undefined;
}

export type FaultError = string | { class?: ErrorClass; code?: string; message: string };

/** What the scheduler has to do with a step that a fault hit. */
export type FaultAction =
  | { readonly what: 'fail'; readonly error: Error }
  | { readonly what: 'crash' }
  | { readonly what: 'delay'; readonly by: number }
  | { readonly what: 'hold'; readonly fault: Fault };

/** One fault that a user asked for. */
export interface Fault {
  readonly operation: string;
  readonly options: FaultOptions;
  readonly action: Exclude<FaultAction, { what: 'hold' }> | { readonly what: 'hold' };
  left: number;
  /** Tasks that it holds: let go when it is disposed. */
  readonly held: Set<() => void>;
}

/** Fails, delays or holds any named step, or crashes who does it. A name that no step has is a SimulationError. */
export class Faults {
  readonly #names: ReadonlySet<string>;
  readonly #faults = new Map<string, Fault[]>();

  /** @param names every step name there is */
  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** The names of all steps, sorted. */
  get operations(): string[] {
    return [...this.#names].sort();
  }

  /** No fault is set: the scheduler need not look. */
  get none(): boolean {
    return this.#faults.size === 0;
  }

  /** The step fails with `error` (default: final, `<operation> failed: fault injected`). */
  fail(operation: string, options: FaultOptions & { error?: FaultError } = {}): Subscription {
    return this.#add(operation, options, {
      what: 'fail',
      error: this.#error(operation, options.error),
    });
  }

  /** The step waits until the returned subscription is disposed. */
  hold(operation: string, options: FaultOptions = {}): Subscription {
    return this.#add(operation, options, { what: 'hold' });
  }

  /** The step comes `by` later. */
  delay(operation: string, options: FaultOptions & { by: Duration }): Subscription {
    return this.#add(operation, options, { what: 'delay', by: milliseconds(options.by, 'by') });
  }

  /** The kubelet, or the controller that does the step, dies there. */
  crash(operation: string, options: FaultOptions = {}): Subscription {
    return this.#add(operation, options, { what: 'crash' });
  }

  /**
   * What hits this step now, counted. An `after` fault is put into the request and not returned; `told` of it when it happens.
   */
  hit(request: StepRequest, told: (action: FaultAction) => void): FaultAction | undefined {
    const faults = this.#faults.get(request.name);
    if (!faults) return undefined;
    for (const fault of faults) {
      if (fault.left <= 0 || !matches(fault, request)) continue;
      fault.left--;
      if (fault.options.when !== 'after') {
        return fault.action.what === 'hold' ? { what: 'hold', fault } : fault.action;
      }
      request.after = () => afterwards(fault.action, told);
      return undefined;
    }
    return undefined;
  }

  #error(operation: string, error: FaultError | undefined): Error {
    if (error === undefined) return new OperationError(`${operation} failed: fault injected`);
    if (typeof error === 'string') return new OperationError(error);
    return new OperationError(error.message, {
      class: error.class ?? 'final',
      ...(error.code !== undefined && { code: error.code }),
    });
  }

  #add(operation: string, options: FaultOptions, action: Fault['action']): Subscription {
    if (!this.#names.has(operation)) {
      throw new SimulationError(
        'UNKNOWN_STEP',
        `there is no step ${JSON.stringify(operation)}; known: ${this.operations.join(', ')}`,
      );
    }
    const { times } = options;
    if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
      throw new SimulationError(
        'BAD_OPTION',
        `times: ${String(times)} is not a positive whole number`,
      );
    }
    const fault: Fault = {
      operation,
      options,
      action,
      left: times ?? Number.POSITIVE_INFINITY,
      held: new Set(),
    };
    if (options.when === 'after' && (action.what === 'hold' || action.what === 'delay')) {
      throw new SimulationError(
        'BAD_OPTION',
        `when: 'after' is for fail and crash, not for ${action.what}`,
      );
    }
    const list = this.#faults.get(operation) ?? [];
    list.push(fault);
    this.#faults.set(operation, list);
    return subscription(() => this.#remove(fault));
  }

  #remove(fault: Fault): void {
    const left = (this.#faults.get(fault.operation) ?? []).filter((other) => other !== fault);
    if (left.length > 0) this.#faults.set(fault.operation, left);
    else this.#faults.delete(fault.operation);
    for (const release of fault.held) release();
    fault.held.clear();
  }
}

function matches(fault: Fault, request: StepRequest): boolean {
  const { options } = fault;
  const { subject } = request;
  if (options.volume !== undefined && options.volume !== subject.volume) return false;
  if (options.pod !== undefined && !samePod(options.pod, subject.pod)) return false;
  if (options.node !== undefined && options.node !== subject.node) return false;
  if (options.path !== undefined && options.path !== subject.path) return false;
  return typeof options.when === 'function'
    ? options.when({ operation: request.name, ...subject })
    : true;
}

/** `name` and `namespace/name` both name a Pod; the namespace of the first is any. */
function samePod(wanted: string, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return wanted === actual || (!wanted.includes('/') && actual.endsWith(`/${wanted}`));
}

function* afterwards(action: Fault['action'], told: (action: FaultAction) => void): Operation {
  if (action.what !== 'fail' && action.what !== 'crash') return;
  told(action);
  if (action.what === 'fail') throw action.error;
  yield { kind: 'crash' };
}
