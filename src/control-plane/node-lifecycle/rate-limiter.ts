/** Lets one through, and the next after a time. Models flowcontrol's token bucket with a burst of one. */
export class RateLimiter {
  #perSecond: number;
  #next: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#next = now;
  }

  /** When one gets through, ms; Infinity when none does. */
  get next(): number {
    return this.#perSecond > 0 ? this.#next : Number.POSITIVE_INFINITY;
  }

  /** One goes through. */
  take(now: number): void {
    this.#next = Math.max(now, this.#next) + 1000 / this.#perSecond;
  }

  /** From now on at this rate. Who had to wait has to wait anew. Models SwapLimiter. */
  swap(perSecond: number, now: number): void {
    if (perSecond === this.#perSecond) return;
    const waits = this.next > now;
    this.#perSecond = perSecond;
    this.#next = waits && perSecond > 0 ? now + 1000 / perSecond : now;
  }
}
