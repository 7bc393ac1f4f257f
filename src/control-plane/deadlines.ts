import {
  Cancellation,
  Cancelled,
  type Operation,
  sleepUntil,
  type TimerClass,
} from '../sim/index.ts';
import type { ControllerContext } from './context.ts';

export interface Deadline {
  /** Virtual time, ms. */
  readonly at: number;
  readonly reason: string;
  /** Default `deadline`. */
  readonly class?: TimerClass;
}

/** Things that are to happen later, each under a key, unless they are taken back. */
export class Deadlines {
  readonly #context: ControllerContext;
  readonly #name: string;
  readonly #pending = new Map<string, { readonly at: number; readonly cancel: Cancellation }>();

  constructor(context: ControllerContext, name: string) {
    this.#context = context;
    this.#name = name;
  }

  has(key: string): boolean {
    return this.#pending.has(key);
  }

  /** In place of what was to happen under this key. */
  set(key: string, deadline: Deadline, action: () => void): void {
    if (this.#pending.get(key)?.at === deadline.at) return;
    this.cancel(key);
    const cancel = new Cancellation();
    this.#pending.set(key, { at: deadline.at, cancel });
    this.#context.spawn(`${this.#name}: ${key}`, this.#wait(key, deadline, cancel, action));
  }

  /** False: nothing was to happen. */
  cancel(key: string): boolean {
    const pending = this.#pending.get(key);
    if (!pending) return false;
    this.#pending.delete(key);
    pending.cancel.cancel();
    return true;
  }

  *#wait(key: string, deadline: Deadline, cancel: Cancellation, action: () => void): Operation {
    const { at, reason } = deadline;
    try {
      yield* sleepUntil(at, { class: deadline.class ?? 'deadline', reason, cancel });
    } catch (error) {
      if (error instanceof Cancelled) return;
      throw error;
    }
    if (this.#pending.get(key)?.cancel !== cancel) return;
    this.#pending.delete(key);
    action();
  }
}
