import { keyOf, type Stored } from '../context.ts';
import type { Usage } from './node-usage.ts';
import { priorityOf } from './priority.ts';

interface Nominated {
  readonly pod: Stored<'Pod'>;
  readonly node: string;
}

/**
 * The nodes that Pods wait for while others there make room: nobody of lower priority takes their place meanwhile.
 * Models the nominator of pkg/scheduler/backend/queue.
 */
export class Nominations {
  readonly #usage: Usage;
  readonly #nominated = new Map<string, Nominated>();

  constructor(usage: Usage) {
    this.#usage = usage;
  }

  set(pod: Stored<'Pod'>, node: string): void {
    this.#nominated.set(keyOf(pod), { pod, node });
  }

  delete(key: string): void {
    this.#nominated.delete(key);
  }

  /** Does something as if the others that are at least as important were on their nodes already. */
  beside<Result>(pod: Stored<'Pod'>, action: () => Result): Result {
    const others = [...this.#nominated.values()].filter(
      (other) => keyOf(other.pod) !== keyOf(pod) && priorityOf(other.pod) >= priorityOf(pod),
    );
    for (const other of others) this.#usage.place(other.pod, other.node);
    try {
      return action();
    } finally {
      for (const other of others) this.#usage.remove(keyOf(other.pod));
    }
  }
}
