import {
  type Duration,
  milliseconds,
  OperationError,
  SimulationError,
  type Subscription,
  subscription,
} from '../base/index.ts';
import {
  closest,
  demandFaultError,
  demandFaultOptions,
  type FaultError,
  type FaultOptions,
  isMeant,
} from './fault-options.ts';
import type { Operation, StepRequest } from './operation.ts';

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
    this.#demand('fail', operation, options, ['error']);
    demandFaultError(options.error);
    return this.#add(operation, options, {
      what: 'fail',
      error: this.#error(operation, options.error),
    });
  }

  /** The step waits until the returned subscription is disposed. */
  hold(operation: string, options: FaultOptions = {}): Subscription {
    this.#demand('hold', operation, options);
    return this.#add(operation, options, { what: 'hold' });
  }

  /** The step comes `by` later. */
  delay(operation: string, options: FaultOptions & { by: Duration }): Subscription {
    this.#demand('delay', operation, options, ['by']);
    return this.#add(operation, options, { what: 'delay', by: milliseconds(options.by, 'by') });
  }

  /** The kubelet, or the controller that does the step, dies there. */
  crash(operation: string, options: FaultOptions = {}): Subscription {
    this.#demand('crash', operation, options);
    return this.#add(operation, options, { what: 'crash' });
  }

  /** Whether there is any fault for a step of this name. */
  has(operation: string): boolean {
    return this.#faults.has(operation);
  }

  /**
   * What hits this step now, counted. An `after` fault is put into the request and not returned; `told` of it when it happens.
   * @param who the name of the owner of the task
   */
  hit(
    request: StepRequest,
    who: string,
    told: (action: FaultAction) => void,
  ): FaultAction | undefined {
    const faults = this.#faults.get(request.name);
    if (!faults) return undefined;
    for (const fault of faults) {
      if (fault.left <= 0 || !isMeant(fault.options, request, who)) continue;
      fault.left--;
      if (fault.options.when !== 'after') {
        return fault.action.what === 'hold' ? { what: 'hold', fault } : fault.action;
      }
      request.after = afterwardsOf(fault.action, told);
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

  #demand(
    call: string,
    operation: string,
    options: FaultOptions,
    more: readonly string[] = [],
  ): void {
    if (!this.#names.has(operation)) {
      const meant = closest(this.#names, String(operation));
      const hint = meant === undefined ? '' : `did you mean ${JSON.stringify(meant)}? `;
      const known = `${hint}known: ${this.operations.join(', ')}`;
      const message = `there is no step ${JSON.stringify(operation)}; ${known}`;
      throw new SimulationError('UNKNOWN_STEP', message);
    }
    demandFaultOptions(call, options, more);
  }

  #add(operation: string, options: FaultOptions, action: Fault['action']): Subscription {
    const fault: Fault = {
      operation,
      options: { ...options },
      action,
      left: options.times ?? Number.POSITIVE_INFINITY,
      held: new Set(),
    };
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

function afterwardsOf(
  action: Fault['action'],
  told: (action: FaultAction) => void,
): () => Operation {
  return () => afterwards(action, told);
}

function* afterwards(action: Fault['action'], told: (action: FaultAction) => void): Operation {
  if (action.what !== 'fail' && action.what !== 'crash') return;
  told(action);
  if (action.what === 'fail') throw action.error;
  yield { kind: 'crash' };
}
