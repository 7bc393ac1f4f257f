import type { Chooser } from './chooser.ts';
import type { Task } from './task.ts';

/** The tasks that can go on: in the order in which they became ready, or as a chooser says. */
export class ReadyQueue {
  readonly #chooser: Chooser | undefined;
  #tasks: (Task | undefined)[] = [];
  #head = 0;

  constructor(chooser: Chooser | undefined) {
    this.#chooser = chooser;
  }

  get size(): number {
    return this.#tasks.length - this.#head;
  }

  /** Those that can go on, in their order. */
  list(): readonly Task[] {
    return this.#tasks.filter((task) => task?.state === 'ready') as Task[];
  }

  push(task: Task): void {
    task.state = 'ready';
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    if (this.#chooser) return this.#choose(this.#chooser);
    while (this.#head < this.#tasks.length) {
      const task = this.#tasks[this.#head];
      this.#tasks[this.#head++] = undefined;
      if (this.#head > 1024 && this.#head * 2 > this.#tasks.length) this.#compact();
      if (task?.state === 'ready') return task;
    }
    this.#tasks = [];
    this.#head = 0;
    return undefined;
  }

  #compact(): void {
    this.#tasks = this.#tasks.slice(this.#head);
    this.#head = 0;
  }

  #choose(chooser: Chooser): Task | undefined {
    const tasks = this.#tasks.filter((task) => task?.state === 'ready') as Task[];
    this.#head = 0;
    this.#tasks = tasks;
    if (tasks.length === 0) return undefined;
    const index = tasks.length === 1 ? 0 : this.#index(chooser, tasks);
    return tasks.splice(index, 1)[0];
  }

  #index(chooser: Chooser, tasks: readonly Task[]): number {
    const chosen = Math.trunc(
      chooser.choose(tasks.map(({ name, next }) => ({ task: name, step: next }))),
    );
    return ((chosen % tasks.length) + tasks.length) % tasks.length || 0;
  }
}
