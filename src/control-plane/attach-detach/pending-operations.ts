import { goDuration, messageOf, OperationError, SimulationError } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ControllerContext } from '../context.ts';

/** Wait after the first error, ms, and the longest. */
const FIRST = 500;
const LONGEST = 122_000;

export type OperationName = 'volume_attach' | 'volume_detach';

interface Entry {
  name: OperationName;
  running: boolean;
  /** ms; 0: it has not failed. */
  delay: number;
  retryAt: number;
}

/** One operation on a volume. */
export interface PendingOperation {
  /** What excludes others: the volume, or the volume and the node. */
  readonly key: string;
  readonly name: OperationName;
  readonly volume: string;
  readonly node: string;
  readonly run: () => Operation;
}

/**
 * One operation at a time under each key; one that failed waits longer and longer, but another one does not wait for it.
 * Models pkg/volume/util/nestedpendingoperations.
 */
export class PendingOperations {
  readonly #context: ControllerContext;
  readonly #entries = new Map<string, Entry>();
  readonly #ready: (volume: string) => void;

  /** @param ready told of a volume when an operation on it has ended, and when one may be tried again */
  constructor(context: ControllerContext, ready: (volume: string) => void) {
    this.#context = context;
    this.#ready = ready;
  }

  /** Whether one under this key runs. Models IsOperationPending. */
  isPending(key: string): boolean {
    return this.#entries.get(key)?.running ?? false;
  }

  /** Whether an operation may start: nothing runs, and it has not just failed. Models IsOperationSafeToRetry. */
  isSafeToRetry(key: string, name: OperationName): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return true;
    if (entry.running) return false;
    return entry.name !== name || entry.retryAt <= this.#context.now;
  }

  /** Starts one. What it throws of the simulated world makes it wait. False: it must not start now. */
  run(operation: PendingOperation): boolean {
    const { key, name, volume, node } = operation;
    if (!this.isSafeToRetry(key, name)) return false;
    const known = this.#entries.get(key);
    const delay = known?.name === name ? known.delay : 0;
    const entry: Entry = { name, running: true, delay, retryAt: 0 };
    this.#entries.set(key, entry);
    this.#context.spawn(`attachdetach: ${name} ${volume} ${node}`, this.#guarded(operation, entry));
    return true;
  }

  *#guarded(operation: PendingOperation, entry: Entry): Operation {
    const { key, volume, run } = operation;
    try {
      yield* run();
      this.#entries.delete(key);
    } catch (error) {
      if (!isFailure(error)) this.#panic(operation, error);
      this.#failed(operation, entry, error);
    }
    entry.running = false;
    this.#ready(volume);
  }

  #failed({ key, name, volume }: PendingOperation, entry: Entry, error: unknown): void {
    entry.delay = entry.delay === 0 ? FIRST : Math.min(entry.delay * 2, LONGEST);
    entry.retryAt = this.#context.now + entry.delay;
    const { trace } = this.#context.dependencies.simulation;
    trace.add('log', {
      level: 'error',
      who: 'attachdetach',
      message: `Operation for "${key}" failed (durationBeforeRetry ${goDuration(entry.delay)}). Error: ${messageOf(error)}`,
    });
    const ready = (): void => this.#ready(volume);
    this.#context.wakeAt(entry.retryAt, `back-off of ${name} of ${volume}`, 'retry', ready);
  }

  /** Upstream recovers from it, and goes on as after any error; here it is a bug that must be seen. */
  #panic({ name, volume, node }: PendingOperation, error: unknown): void {
    const { simulation } = this.#context.dependencies;
    if (error instanceof SimulationError) simulation.report(error);
    const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
    const record = { who: `${name} ${volume}`, error: messageOf(error), ...stack };
    simulation.trace.add('panic', record, node);
  }
}

/** An error of the simulated world: an OperationError, an errno, or what the API server says. */
function isFailure(error: unknown): boolean {
  if (error instanceof OperationError) return true;
  return error instanceof Error && (error.name === 'ApiError' || error.name === 'KernelError');
}
