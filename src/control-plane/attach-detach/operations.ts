import { type ErrorClass, messageOf, OperationError } from '../../base/index.ts';
import {
  type NodeSystem,
  operationOf,
  type VolumePlugin,
  type VolumeSpec,
} from '../../plugin/index.ts';
import { type Operation, stepOf } from '../../sim/index.ts';
import type { ControllerContext } from '../context.ts';

/** Wait after the first error, ms, and the longest. */
const FIRST = 500;
const LONGEST = 122_000;

interface Entry {
  running: boolean;
  delay: number;
  retryAt: number;
}

/**
 * One operation at a time for each volume, or for each volume and node; one that failed waits longer and longer. Models
 * pkg/volume/util/nestedpendingoperations.
 */
export class PendingOperations {
  readonly #context: ControllerContext;
  readonly #entries = new Map<string, Entry>();
  readonly #wake: () => void;

  /** @param wake told when one has ended, and when one may be tried again */
  constructor(context: ControllerContext, wake: () => void) {
    this.#context = context;
    this.#wake = wake;
  }

  /** Whether one under this key runs, or waits. */
  isPending(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && (entry.running || entry.retryAt > this.#context.now);
  }

  /** Runs one. What it throws of the simulated world makes it wait. */
  run(key: string, name: string, operation: Operation): void {
    const entry = this.#entries.get(key) ?? { running: false, delay: 0, retryAt: 0 };
    this.#entries.set(key, entry);
    entry.running = true;
    this.#context.spawn(name, this.#guarded(key, entry, operation));
  }

  *#guarded(key: string, entry: Entry, operation: Operation): Operation {
    try {
      yield* operation;
      this.#entries.delete(key);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      entry.delay = entry.delay === 0 ? FIRST : Math.min(entry.delay * 2, LONGEST);
      entry.retryAt = this.#context.now + entry.delay;
      this.#context.wakeAt(entry.retryAt, `back-off of ${key}`, 'retry', this.#wake);
    } finally {
      entry.running = false;
      this.#wake();
    }
  }
}

/** One call of a plugin by the controller: a step of that name, and a record of how it ended. */
export function* attacherCall<Result>(
  context: ControllerContext,
  operation: 'Attach' | 'Detach',
  of: { readonly plugin: VolumePlugin; readonly spec: VolumeSpec; readonly node: NodeSystem },
  body: () => Operation<Result>,
): Operation<Result> {
  const { plugin, spec, node } = of;
  const { trace } = context.dependencies.simulation;
  const fields = { operation, volume: spec.name, plugin: plugin.name };
  try {
    const method = `${plugin.name}.attacher.${operation.toLowerCase()}`;
    const result = yield* stepOf(operation, { volume: spec.name, node: node.name }, () =>
      operationOf(body(), method),
    );
    trace.add('volume', fields, node.name);
    return result;
  } catch (error) {
    trace.add('volume', { ...fields, error: messageOf(error) }, node.name);
    throw error;
  }
}

/** The same failure in upstream's words. */
export function failed(what: string, volume: string, error: unknown): OperationError {
  const kind: ErrorClass = error instanceof OperationError ? error.class : 'final';
  return new OperationError(`${what} failed for volume "${volume}" : ${messageOf(error)}`, {
    class: kind,
    cause: error,
  });
}
