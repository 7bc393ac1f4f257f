import { Heap } from './heap.ts';
import type { Task, Timer } from './task.ts';

/** Ties: due time first, then age. */
function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.sequence < b.sequence);
}

/** All that waits for a time. Timers that are no longer wanted are passed over, and swept when they are many. */
export class Timers {
  readonly #work = new Heap<Timer>(before);
  readonly #others = new Heap<Timer>(before);
  #sequence = 0;
  #dead = 0;

  add(task: Task, timer: Omit<Timer, 'sequence' | 'task'>): Timer {
    const { due, since, reason } = timer;
    const sequence = this.#sequence++;
    const added: Timer = { due, sequence, class: timer.class, since, reason, task };
    (timer.class === 'work' ? this.#work : this.#others).push(added);
    return added;
  }

  forget(timer: Timer): void {
    if (!timer.task) return;
    timer.task = undefined;
    this.#dead++;
    if (this.#dead > 256 && this.#dead * 2 > this.#work.size + this.#others.size) this.#sweep();
  }

  /** When the next timer of any class is due. */
  next(): number | undefined {
    const work = this.nextWork();
    const other = this.#top(this.#others);
    if (work === undefined || other === undefined) return work ?? other;
    return Math.min(work, other);
  }

  nextWork(): number | undefined {
    return this.#top(this.#work);
  }

  /** The tasks whose time has come, in order, taken out. */
  due(now: number): Task[] {
    const due: (Timer & { readonly task: Task })[] = [];
    this.#takeDue(this.#work, now, due);
    this.#takeDue(this.#others, now, due);
    if (due.length > 1) due.sort((a, b) => (before(a, b) ? -1 : 1));
    return due.map(({ task }) => task);
  }

  #takeDue(heap: Heap<Timer>, now: number, due: Timer[]): void {
    for (let at = this.#top(heap); at !== undefined && at <= now; at = this.#top(heap)) {
      due.push(heap.pop() as Timer);
    }
  }

  /** All that wait, soonest first. */
  list(): readonly (Timer & { readonly task: Task })[] {
    const live = [...this.#work, ...this.#others].filter(
      (timer): timer is Timer & { task: Task } => timer.task !== undefined,
    );
    return live.sort((a, b) => (before(a, b) ? -1 : 1));
  }

  /** What waits that is no work, soonest first. */
  waiting(): { who: string; for: string; since: Date; nextTry: Date }[] {
    const live = [...this.#others].filter(({ task }) => task !== undefined);
    live.sort((a, b) => (before(a, b) ? -1 : 1));
    return live.map(({ task, reason, since, due }) => ({
      who: task?.name ?? '',
      for: reason,
      since: new Date(since),
      nextTry: new Date(due),
    }));
  }

  #top(heap: Heap<Timer>): number | undefined {
    for (let timer = heap.peek(); timer; timer = heap.peek()) {
      if (timer.task) return timer.due;
      heap.pop();
      this.#dead--;
    }
    return undefined;
  }

  #sweep(): void {
    for (const heap of [this.#work, this.#others]) heap.filter(({ task }) => task !== undefined);
    this.#dead = 0;
  }
}
