/** What waits: woken once, then forgotten. */
export interface Waiter {
  wake(): void;
}

/** A condition that tasks wait for. `wake` wakes all who wait now, and nobody who comes later. */
export class Signal {
  #waiters: Set<Waiter> | undefined;

  get waiting(): number {
    return this.#waiters?.size ?? 0;
  }

  wake(): void {
    const waiters = this.#waiters;
    if (!waiters) return;
    this.#waiters = undefined;
    for (const waiter of waiters) waiter.wake();
  }

  add(waiter: Waiter): void {
    this.#waiters ??= new Set();
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    if (this.#waiters?.delete(waiter) && this.#waiters.size === 0) this.#waiters = undefined;
  }
}

/** Asks operations to stop, as Go's contexts do: the wait they are in throws `Cancelled`. */
export class Cancellation {
  readonly signal: Signal = new Signal();
  #reason: string | undefined;

  get cancelled(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): string {
    return this.#reason ?? '';
  }

  /** Cancels once; later calls change nothing. */
  cancel(reason = 'context canceled'): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.signal.wake();
  }
}

/** Thrown at the yield of an operation that was cancelled. */
export class Cancelled extends Error {
  override readonly name: string = 'Cancelled';
}
