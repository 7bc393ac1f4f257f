import { type Operation, Signal, sleepUntil, waitFor } from '../../sim/index.ts';
import type { KubeletContext } from '../contracts.ts';
import type { PodWorker } from '../pod/pod-worker.ts';

/** Milliseconds that Pods which were ended get to let go of their things, and between two looks at that. */
const CLEANUP = 30_000;
const CLEANUP_POLL = 1000;
/** Milliseconds that the containers of a Pod get to end, at least. Models killPodNow. */
const MINIMUM_END = 10_000;

/**
 * When the eviction manager looks: every ten seconds, and at once again after pods were ended and have let go of their things;
 * the ten seconds are then counted from there. Only looks that were asked for are taken. Models Start of
 * pkg/kubelet/eviction/eviction_manager.go.
 */
export class EvictionLoop {
  readonly #context: KubeletContext;
  readonly #period: number;
  readonly #synchronize: () => Operation<boolean>;
  readonly #moved = new Signal();
  /** Looks are at this time plus whole periods. */
  #base: number;
  #last = Number.NEGATIVE_INFINITY;
  #running = false;
  #wanted = false;
  #alarm: number | undefined;
  #ended: PodWorker[] = [];

  /** @param synchronize one look; true when pods were ended */
  constructor(context: KubeletContext, period: number, synchronize: () => Operation<boolean>) {
    this.#context = context;
    this.#period = period;
    this.#synchronize = synchronize;
    this.#base = context.system.simulation.now;
  }

  /** Whether a look was asked for that is still to come. */
  get pending(): boolean {
    return this.#wanted;
  }

  /** Asks for a look at the next tick. */
  wake(): void {
    this.#wanted = true;
    if (this.#running || !this.#context.owner.alive) return;
    this.#running = true;
    const { simulation, name } = this.#context.system;
    simulation.spawn(`${name}: eviction`, this.#context.owner, this.#run());
  }

  /** Asks for a look at the first tick at or after a time, ms: a deadline, not work. */
  wakeAt(at: number): void {
    if (this.#alarm !== undefined && this.#alarm <= at) return;
    this.#alarm = at;
    const { simulation, name } = this.#context.system;
    simulation.spawn(`${name}: eviction`, this.#context.owner, this.#ring(at));
  }

  /** The worker of some Pod moved on. */
  moved(): void {
    this.#moved.wake();
  }

  /** Waits until the containers of a Pod have ended, but not forever. @param grace seconds */
  *waitForEnd(worker: PodWorker, grace: number): Operation {
    this.#ended.push(worker);
    const { now } = this.#context.system.simulation;
    const deadline = now + Math.max(MINIMUM_END, grace * 1500);
    const running = (): boolean => worker.state === 'sync' || worker.state === 'terminating';
    while (running()) {
      const reason = 'evicted Pod to end';
      if (!(yield* waitFor(this.#moved, { reason, deadline }))) return;
    }
  }

  get #now(): number {
    return this.#context.system.simulation.now;
  }

  *#run(): Operation {
    try {
      while (this.#wanted) {
        yield* sleepUntil(this.#tick(), { class: 'work', reason: 'next look for pods to evict' });
        this.#wanted = false;
        this.#last = this.#now;
        if (yield* this.#synchronize()) yield* this.#again();
      }
    } finally {
      this.#running = false;
    }
  }

  #tick(): number {
    const from = Math.max(this.#now, this.#last + this.#period);
    return this.#base + Math.ceil((from - this.#base) / this.#period) * this.#period;
  }

  /** After evictions: as soon as the pods have let go of their things. */
  *#again(): Operation {
    yield* this.#waitForCleanup();
    this.#ended = [];
    this.#base = this.#now;
    this.#last = Number.NEGATIVE_INFINITY;
    this.#wanted = true;
  }

  /** Looks every second where something has moved. Models waitForPodsCleanup. */
  *#waitForCleanup(): Operation {
    const start = this.#now;
    const deadline = start + CLEANUP;
    const gone = (): boolean => this.#ended.every(({ state }) => state === 'finished');
    for (;;) {
      const passed = Math.max(1, Math.ceil((this.#now - start) / CLEANUP_POLL));
      const at = Math.min(deadline, start + passed * CLEANUP_POLL);
      yield* sleepUntil(at, { class: 'work', reason: 'evicted pods to let go of their things' });
      if (gone() || this.#now >= deadline) return;
      const reason = 'evicted pods to let go of their things';
      if (!(yield* waitFor(this.#moved, { reason, deadline }))) return;
    }
  }

  *#ring(at: number): Operation {
    yield* sleepUntil(at, { class: 'deadline', reason: 'pressure on the node to be looked at' });
    if (this.#alarm !== at) return;
    this.#alarm = undefined;
    this.wake();
  }
}
