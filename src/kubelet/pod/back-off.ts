/** The first wait, its end, and after how long without a crash it starts anew. */
const BASE = 10_000;
const MAX = 300_000;
const RESET = 2 * MAX;

interface Entry {
  delay: number;
  updatedAt: number;
}

/**
 * How long a container that ended stays down, and an image that could not be pulled is not asked for: not at all the first time,
 * then 10 s, doubling, at most 5 minutes; from the start again after 10 minutes without a failure. Times are ms. Models
 * client-go's util/flowcontrol/backoff.go.
 */
export class CrashLoopBackOff {
  readonly #entries = new Map<string, Entry>();

  /** When a container that ended then may start, if that is later than now. */
  waitsUntil(key: string, finishedAt: number, now: number): number | undefined {
    const entry = this.#entries.get(key);
    if (!entry || finishedAt - entry.updatedAt > RESET) return undefined;
    const until = finishedAt + entry.delay;
    return now < until ? until : undefined;
  }

  /** Whether something that failed when it was last counted has to wait. Models IsInBackOffSinceUpdate. */
  holds(key: string, now: number): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.waitsUntil(key, entry.updatedAt, now) !== undefined;
  }

  /** The wait that holds now, ms. */
  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** The container starts again: its next wait is longer. */
  next(key: string, finishedAt: number, now: number): void {
    const entry = this.#entries.get(key);
    if (!entry || finishedAt - entry.updatedAt > RESET) {
      this.#entries.set(key, { delay: BASE, updatedAt: now });
      return;
    }
    entry.delay = Math.min(entry.delay * 2, MAX);
    entry.updatedAt = now;
  }

  /** Forgets the containers of a Pod. */
  forget(podUid: string): void {
    for (const key of this.#entries.keys()) {
      if (key.startsWith(`${podUid}/`)) this.#entries.delete(key);
    }
  }
}
