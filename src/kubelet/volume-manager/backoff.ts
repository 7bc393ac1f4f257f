/** Wait after the first error, ms. */
const FIRST = 500;
/** The longest wait, ms: 2 min 2 s. */
const LONGEST = 122_000;

/** When a failed operation may be tried again. Models pkg/util/goroutinemap/exponentialbackoff. */
export class Backoff {
  /** ms; 0: it has not failed. */
  delay = 0;
  failedAt = 0;
  lastError = '';

  /** Virtual time (ms) before which it is not tried again. */
  get retryAt(): number {
    return this.failedAt + this.delay;
  }

  /** It failed once more, at `now` ms. */
  failed(now: number, error: string): void {
    this.delay = this.delay === 0 ? FIRST : Math.min(this.delay * 2, LONGEST);
    this.failedAt = now;
    this.lastError = error;
  }

  reset(): void {
    this.delay = 0;
  }
}
