/** What waits: woken once, then forgotten. */
export interface Waiter {
  wake(): void;
}

/** A condition that tasks wait for. `wake` wakes all who wait now, and nobody who comes later. */
export class Signal {
  /** The first; most have only that. */
  #waiter: Waiter | undefined;
  #others: Set<Waiter> | undefined;

  get waiting(): number {
    return (this.#waiter ? 1 : 0) + (this.#others?.size ?? 0);
  }

  wake(): void {
    const [first, others] = [this.#waiter, this.#others];
    this.#waiter = this.#others = undefined;
    first?.wake();
    if (others) for (const waiter of others) waiter.wake();
  }

  add(waiter: Waiter): void {
    if (!this.#waiter && !this.#others) this.#waiter = waiter;
    else if (this.#waiter !== waiter) (this.#others ??= new Set()).add(waiter);
  }

  remove(waiter: Waiter): void {
    if (this.#waiter === waiter) this.#waiter = undefined;
    else if (this.#others?.delete(waiter) && this.#others.size === 0) this.#others = undefined;
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
