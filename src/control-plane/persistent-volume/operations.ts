import { goDuration, messageOf } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { type ControllerContext, isSimulated } from '../context.ts';

/** Wait after the first error, ms, and the longest. */
const FIRST = 500;
const LONGEST = 122_000;

interface Failure {
  readonly delay: number;
  readonly until: number;
}

/**
 * Slow work beside the queues: one operation at a time under each name; one that failed must not run again for a while.
 * Models pkg/util/goroutinemap.
 */
export class VolumeOperations {
  readonly #context: ControllerContext;
  readonly #running = new Set<string>();
  readonly #failures = new Map<string, Failure>();

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** Starts an operation, unless one of that name runs. False: it failed a short while ago, and must wait. */
  run(name: string, operation: () => Operation, onError: () => void): boolean {
    if (this.#running.has(name)) return true;
    const failure = this.#failures.get(name);
    if (failure && this.#context.now < failure.until) return false;
    this.#running.add(name);
    this.#context.spawn(name, this.#guarded(name, operation, onError));
    return true;
  }

  *#guarded(name: string, operation: () => Operation, onError: () => void): Operation {
    try {
      yield* operation();
      this.#failures.delete(name);
    } catch (error) {
      if (!isSimulated(error)) throw error;
      this.#failed(name, error);
      onError();
    } finally {
      this.#running.delete(name);
    }
  }

  #failed(name: string, error: unknown): void {
    const known = this.#failures.get(name);
    const delay = known ? Math.min(known.delay * 2, LONGEST) : FIRST;
    this.#failures.set(name, { delay, until: this.#context.now + delay });
    this.#context.dependencies.simulation.trace.add('log', {
      level: 'error',
      who: 'persistentvolume-binder',
      message: `Operation for "${name}" failed (durationBeforeRetry ${goDuration(delay)}). Error: ${messageOf(error)}`,
    });
  }
}
