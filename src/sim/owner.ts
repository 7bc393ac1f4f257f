import type { Task } from './task.ts';

/**
 * Who runs tasks: a kubelet, a controller, a container's process. When it crashes its tasks are dropped where they are, as
 * the power going out: no `finally` runs, and what was done stays done.
 */
export class Owner {
  readonly name: string;
  readonly tasks: Set<Task> = new Set();
  #alive = true;
  #whenCrashed: (() => void) | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Calls something when a fault crashes the owner, after its tasks are gone; undefined: nothing any more. */
  whenCrashed(told: (() => void) | undefined): void {
    this.#whenCrashed = told;
  }

  /** Drops every task. Nothing can be started under this owner any more. */
  crash(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const task of this.tasks) task.drop();
    this.tasks.clear();
    this.#whenCrashed?.();
  }
}
