import type { Pod } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { milliseconds } from '../base/index.ts';
import { type Operation, sleepUntil, type TimerClass } from '../sim/index.ts';
import type { KubeletContext } from './contracts.ts';

/**
 * When pods are synced although nothing happened to them: each every `syncFrequency` times 1 to 1.5, from when it came. A
 * sync that would change nothing is not run at all; one is planned when an object that the Pod shows has changed.
 * Models the resync interval of pkg/kubelet/pod_workers.go.
 */
export class PeriodicSyncs {
  readonly #context: KubeletContext;
  readonly #sync: (uid: string) => void;
  readonly #starts = new Map<string, number>();
  readonly #planned = new Map<string, number>();

  constructor(context: KubeletContext, sync: (uid: string) => void) {
    this.#context = context;
    this.#sync = sync;
  }

  /** The Pod came to the node now. */
  add({ metadata }: DeepReadonly<Pod>): void {
    if (!this.#starts.has(metadata.uid)) this.#starts.set(metadata.uid, this.#now);
  }

  remove(uid: string): void {
    this.#starts.delete(uid);
    this.#planned.delete(uid);
  }

  /** The Pod's next sync at or after a time (ms; default now) has something to do. */
  plan(uid: string, options: { from?: number; class?: TimerClass } = {}): void {
    const start = this.#starts.get(uid);
    if (start === undefined) return;
    const at = this.#next(uid, start, Math.max(options.from ?? 0, this.#now));
    const planned = this.#planned.get(uid);
    if (planned !== undefined && planned <= at) return;
    this.#planned.set(uid, at);
    const { system, owner } = this.#context;
    const name = `${system.name}: periodic sync of ${uid}`;
    system.simulation.spawn(name, owner, this.#run(uid, at, options.class ?? 'work'));
  }

  get #now(): number {
    return this.#context.system.simulation.now;
  }

  *#run(uid: string, at: number, kind: TimerClass): Operation {
    yield* sleepUntil(at, { class: kind, reason: 'next periodic sync of the Pod' });
    if (this.#planned.get(uid) !== at) return;
    this.#planned.delete(uid);
    this.#sync(uid);
  }

  #next(uid: string, start: number, from: number): number {
    const { system, configuration } = this.#context;
    const chance = system.simulation.random.fresh('pod-sync', `${system.name}/${uid}`).next();
    const frequency = milliseconds(configuration.syncFrequency, 'syncFrequency');
    // Whole milliseconds: of a sum of fractions nobody can tell which sync it is.
    const period = Math.round(frequency * (1 + chance / 2));
    return start + (Math.floor((from - start) / period) + 1) * period;
  }
}
