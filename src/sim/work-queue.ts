import type { Operation } from './operation.ts';
import { step } from './operation.ts';
import type { Owner } from './owner.ts';
import type { Simulation } from './simulation.ts';

export interface WorkQueueOptions {
  readonly name: string;
  /** Brings what the key names up to date. What it throws is told to `onError`, or comes out of the outermost call. */
  readonly sync: (key: string) => Operation | undefined;
  readonly onError?: (key: string, error: unknown) => void;
}

/**
 * A controller's queue with one worker. A key that is in it already is not added again; one that is added while it is being
 * synced is synced again. The worker is a task that exists only while there is work. Models client-go's util/workqueue.
 */
export class WorkQueue {
  readonly #simulation: Simulation;
  readonly #owner: Owner;
  readonly #options: WorkQueueOptions;
  readonly #keys = new Set<string>();
  #working = false;

  constructor(simulation: Simulation, owner: Owner, options: WorkQueueOptions) {
    this.#simulation = simulation;
    this.#owner = owner;
    this.#options = options;
  }

  get size(): number {
    return this.#keys.size;
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#working || !this.#owner.alive) return;
    this.#working = true;
    this.#simulation.spawn(this.#options.name, this.#owner, this.#work());
  }

  *#work(): Operation {
    try {
      for (const key of this.#keys) {
        this.#keys.delete(key);
        yield* this.#one(key);
      }
    } finally {
      this.#working = false;
    }
  }

  *#one(key: string): Operation {
    try {
      yield* step('sync', { object: key });
      const work = this.#options.sync(key);
      if (work) yield* work;
    } catch (error) {
      if (!this.#options.onError) throw error;
      this.#options.onError(key, error);
    }
  }
}
