import { messageOf } from '../base/index.ts';
import { type Operation, TickLoop, waitFor } from '../sim/index.ts';
import type { PodManager } from './contracts.ts';
import { addSweepMetrics, type Sweep } from './metrics/kubelet-metrics.ts';
import { removePodDirectory, type Swept } from './orphans.ts';
import type { PodContext } from './pod/context.ts';
import { ORPHAN_GRACE } from './pod/kill-pod.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import { SweepLog } from './sweep-log.ts';
import { isFailure } from './volume-manager/failure.ts';

/** Milliseconds between two passes. */
const PERIOD = 2000;

/**
 * Tidies up after pods that are gone: their containers, what the kubelet knows of them, their directories. It runs at the
 * next 2 s when something of that kind happened. Models HandlePodCleanups of pkg/kubelet/kubelet_pods.go.
 */
export class Housekeeping {
  readonly #context: PodContext;
  readonly #pods: PodManager;
  readonly #workers: PodWorkers;
  readonly #isStatic: (name: string) => boolean;
  readonly #loop: TickLoop;
  readonly #again: TickLoop;
  readonly #waiting = new Set<string>();
  readonly #said = new Map<string, string>();
  /** What the last pass found, and when, ms. */
  #sweep = { at: Number.NEGATIVE_INFINITY, pods: 0, failed: 0 };
  /** When the last pass began, ms. */
  #at = Number.NEGATIVE_INFINITY;
  #passing = false;
  #missed = false;

  /** @param isStatic whether a static Pod has this `namespace/name` */
  constructor(
    context: PodContext,
    pods: PodManager,
    workers: PodWorkers,
    isStatic: (name: string) => boolean,
  ) {
    this.#context = context;
    this.#isStatic = isStatic;
    this.#pods = pods;
    this.#workers = workers;
    const { system, owner } = context;
    const name = `${system.name}: housekeeping`;
    addSweepMetrics(context.metrics, () => this.#lastSweep());
    const pass = (): Operation | undefined => this.#tick(this.#loop);
    this.#loop = new TickLoop(system.simulation, owner, { name, period: PERIOD, pass });
    const again = (): Operation | undefined => this.#tick(this.#again);
    const retry = { name, period: PERIOD, class: 'retry', pass: again } as const;
    this.#again = new TickLoop(system.simulation, owner, retry);
  }

  /**
   * The last pass that there would have been: it looks every two seconds, and unless it is woken finds nothing but pods whose
   * volumes it waits for.
   */
  #lastSweep(): Sweep {
    const { at, pods, failed } = this.#sweep;
    const { now } = this.#context.system.simulation;
    const { size } = this.#waiting;
    return now - at < PERIOD ? { pods, failed } : { pods: size, failed: size };
  }

  /** Something may be left over. */
  wake(): void {
    this.#loop.wake();
  }

  /** One pass at a tick, whoever asked for it. */
  #tick(loop: TickLoop): Operation | undefined {
    const { now } = this.#context.system.simulation;
    if (now === this.#at) {
      loop.wake();
      return undefined;
    }
    this.#at = now;
    this.#loop.rest();
    this.#again.rest();
    return this.#pass();
  }

  /** One at a time: a second would find what the first is just removing. */
  *#pass(): Operation {
    if (this.#passing) {
      this.#missed = true;
      return;
    }
    this.#passing = true;
    yield* this.#tidyUp();
    this.#passing = false;
    if (!this.#missed) return;
    this.#missed = false;
    this.wake();
  }

  *#tidyUp(): Operation {
    for (const uid of [...this.#context.runtime.podUids()]) {
      if (this.#isGone(uid)) yield* this.#guarded(uid, () => this.#removeContainers(uid));
    }
    this.#sweep = { at: this.#context.system.simulation.now, pods: 0, failed: 0 };
    for (const name of this.#context.mirrors.names()) {
      if (this.#isStatic(name)) continue;
      if (!(yield* this.#context.mirrors.remove(name))) this.#again.wake();
    }
    const log = new SweepLog(this.#context);
    for (const uid of this.#context.layout.pods.names()) {
      if (this.#isGone(uid)) yield* this.#removeDirectory(uid, log);
    }
    log.end();
  }

  /** Nobody knows the Pod, and nobody is still ending it. */
  #isGone(uid: string): boolean {
    if (this.#pods.get(uid)) return false;
    const worker = this.#workers.get(uid);
    return worker === undefined || worker.state === 'finished';
  }

  *#removeContainers(uid: string): Operation {
    const { runtime } = this.#context;
    for (const { id, state } of runtime.containers(uid)) {
      if (state === 'running') yield* runtime.stopContainer(id, ORPHAN_GRACE);
    }
    for (const { id } of runtime.sandboxes(uid)) {
      yield* runtime.stopPodSandbox(id);
      yield* runtime.removePodSandbox(id);
    }
  }

  *#removeDirectory(uid: string, log: SweepLog): Operation {
    const { system, rules, layout, volumes, statuses } = this.#context;
    const possiblyMounted = (pod: string): boolean => volumes.hasPossiblyMountedVolumes(pod);
    this.#sweep.pods++;
    const swept = yield* removePodDirectory({ system, rules, layout, possiblyMounted, log }, uid);
    if (swept !== 'removed') {
      this.#sweep.failed++;
      return this.#later(uid, swept);
    }
    this.#workers.forget(uid);
    statuses.forget(uid);
  }

  /** When the volumes are gone, or at the next passes. */
  #later(uid: string, swept: Swept): void {
    const { volumes } = this.#context;
    if (swept === 'mounted' && volumes.hasPossiblyMountedVolumes(uid)) this.#whenUnmounted(uid);
    else this.#again.wake();
  }

  /** What cannot be done now is said once, and tried again at the next passes. */
  *#guarded(uid: string, operation: () => Operation): Operation {
    try {
      yield* operation();
      this.#said.delete(uid);
    } catch (error) {
      if (!isFailure(error)) throw error;
      const message = messageOf(error);
      if (this.#said.get(uid) !== message) this.#context.log('error', message);
      this.#said.set(uid, message);
      this.#again.wake();
    }
  }

  #whenUnmounted(uid: string): void {
    if (this.#waiting.has(uid)) return;
    this.#waiting.add(uid);
    const { system, owner } = this.#context;
    system.simulation.spawn(
      `${system.name}: orphaned pod ${uid}`,
      owner,
      this.#untilUnmounted(uid),
    );
  }

  *#untilUnmounted(uid: string): Operation {
    const { volumes } = this.#context;
    while (volumes.hasPossiblyMountedVolumes(uid)) {
      yield* waitFor(volumes.changed(uid), { reason: 'volumes of an orphaned pod' });
    }
    this.#waiting.delete(uid);
    this.wake();
  }
}
