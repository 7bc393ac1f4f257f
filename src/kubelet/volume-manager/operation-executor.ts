import { goDuration, messageOf, SimulationError } from '../../base/index.ts';
import type { StorageOperation } from '../../plugin/index.ts';
import {
  Cancellation,
  Cancelled,
  type Operation,
  type Owner,
  type Simulation,
  sleepUntil,
  type TraceRecords,
} from '../../sim/index.ts';
import { Backoff } from './backoff.ts';
import { isFailure } from './failure.ts';

/** What may be done to a volume, under the names of upstream's metrics. */
export type OperationName =
  | 'volume_attach'
  | 'volume_detach'
  | 'verify_controller_attached_volume'
  | 'volume_mount'
  | 'volume_unmount'
  | 'map_volume'
  | 'unmap_volume'
  | 'unmount_device'
  | 'volume_fs_resize';

/** One operation on a volume. */
export interface Attempt {
  readonly name: OperationName;
  /** Unique name. */
  readonly volume: string;
  /** Uid; empty: it stands for all pods. */
  readonly pod: string;
  /** The qualified name of the volume's plugin, for metrics. */
  readonly plugin: string;
  /** What it throws is its error. */
  readonly run: () => Operation;
}

/** How an operation ended; `retry`: it failed, and its back-off is over. */
export interface OperationEnd {
  readonly name: OperationName;
  readonly volume: string;
  readonly pod: string;
  readonly outcome: 'done' | 'failed' | 'retry';
}

export interface OperationExecutorOptions {
  readonly simulation: Simulation;
  readonly owner: Owner;
  readonly node: string;
  readonly log: (level: 'error', message: string) => void;
  /** An operation ended, or may be tried again. */
  readonly onReady: (how: OperationEnd) => void;
  /** Told of every operation that ended, for metrics. */
  readonly onEnd?: (operation: StorageOperation) => void;
}

interface Entry {
  readonly volume: string;
  pod: string;
  name: OperationName;
  pending: boolean;
  readonly backoff: Backoff;
  retry: Cancellation | undefined;
}

/**
 * Runs one operation on a volume at a time, and lets failed ones wait longer each time. Models
 * pkg/volume/util/nestedpendingoperations/nestedpendingoperations.go.
 */
export class OperationExecutor {
  readonly #options: OperationExecutorOptions;
  readonly #entries = new Map<string, Entry[]>();

  constructor(options: OperationExecutorOptions) {
    this.#options = options;
  }

  /** Starts it. `pending`: another one is running on the same. `backoff`: the last one of that name failed too lately. */
  run(attempt: Attempt): 'started' | 'pending' | 'backoff' {
    const found = this.#find(attempt.volume, attempt.pod);
    if (found?.pending) return 'pending';
    if (found && this.#now < found.backoff.retryAt) {
      if (found.name === attempt.name) return 'backoff';
      found.backoff.reset();
    }
    const entry = found ?? this.#add(attempt);
    entry.pod = attempt.pod;
    entry.name = attempt.name;
    entry.pending = true;
    entry.retry?.cancel();
    entry.retry = undefined;
    const { simulation, owner } = this.#options;
    this.#record(entry, 'started');
    simulation.spawn(attempt.name, owner, this.#perform(entry, attempt));
    return 'started';
  }

  /** Whether something is being done to a volume, for a Pod or for all. */
  isPending(volume: string, pod = ''): boolean {
    return this.#find(volume, pod)?.pending ?? false;
  }

  /** Why the last operation on a volume failed, while it waits to be tried again. */
  lastError(volume: string, pod = ''): string | undefined {
    const backoff = this.#find(volume, pod)?.backoff;
    return backoff && backoff.delay > 0 ? backoff.lastError : undefined;
  }

  get #now(): number {
    return this.#options.simulation.now;
  }

  /** One that is pending goes before the very key, and that before any that conflicts. */
  #find(volume: string, pod: string): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries.get(volume) ?? []) {
      if (pod !== '' && entry.pod !== '' && entry.pod !== pod) continue;
      if (entry.pending) return entry;
      if (!best || entry.pod === pod) best = entry;
    }
    return best;
  }

  #add({ volume, pod, name }: Attempt): Entry {
    const entry = { volume, pod, name, pending: true, backoff: new Backoff(), retry: undefined };
    const others = this.#entries.get(volume);
    if (others) others.push(entry);
    else this.#entries.set(volume, [entry]);
    return entry;
  }

  #remove(entry: Entry): void {
    const left = (this.#entries.get(entry.volume) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#entries.set(entry.volume, left);
    else this.#entries.delete(entry.volume);
  }

  *#perform(entry: Entry, attempt: Attempt): Operation {
    let outcome: OperationEnd['outcome'] = 'done';
    const start = this.#now;
    try {
      yield* attempt.run();
      this.#record(entry, 'done');
      this.#remove(entry);
    } catch (error) {
      if (!isFailure(error)) this.#panic(attempt, error);
      this.#failed(entry, error);
      outcome = 'failed';
    }
    entry.pending = false;
    this.#options.onEnd?.({
      plugin: attempt.plugin,
      operation: attempt.name,
      seconds: (this.#now - start) / 1000,
      failed: outcome === 'failed',
    });
    this.#tell(entry, outcome);
  }

  #tell({ name, volume, pod }: Entry, outcome: OperationEnd['outcome']): void {
    this.#options.onReady({ name, volume, pod, outcome });
  }

  #record(
    { name, volume, pod }: Entry,
    state: 'started' | 'done' | 'failed',
    error?: string,
  ): void {
    const { simulation, node } = this.#options;
    const fields: TraceRecords['operation'] = { operation: name, volume, uid: pod, state };
    if (error !== undefined) fields.error = error;
    simulation.trace.add('operation', fields, node);
  }

  /** Upstream recovers from it, and goes on as after any error; here it is a bug that must be seen. */
  #panic(attempt: Attempt, error: unknown): void {
    const { simulation, node } = this.#options;
    const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
    if (error instanceof SimulationError) simulation.report(error);
    const record = { who: `${attempt.name} ${attempt.volume}`, error: messageOf(error), ...stack };
    simulation.trace.add('panic', record, node);
  }

  #failed(entry: Entry, error: unknown): void {
    const { backoff, volume, pod, name } = entry;
    const { simulation, owner, log } = this.#options;
    backoff.failed(this.#now, messageOf(error));
    this.#record(entry, 'failed', backoff.lastError);
    const key = `{volumeName:${volume} podName:${pod} nodeName:}`;
    log(
      'error',
      `Operation for "${key}" failed. No retries permitted until ${goTime(backoff.retryAt)} (durationBeforeRetry ${goDuration(backoff.delay)}). Error: ${backoff.lastError}`,
    );
    entry.retry = new Cancellation();
    simulation.spawn(`${name} of ${volume}`, owner, this.#retry(entry, entry.retry));
  }

  *#retry(entry: Entry, cancel: Cancellation): Operation {
    const reason = `retry after an error: ${entry.backoff.lastError}`;
    try {
      yield* sleepUntil(entry.backoff.retryAt, { class: 'retry', reason, cancel });
    } catch (error) {
      if (error instanceof Cancelled) return;
      throw error;
    }
    this.#tell(entry, 'retry');
  }
}

/** As Go prints a time.Time. */
function goTime(ms: number): string {
  const [date, time = ''] = new Date(ms).toISOString().split('T');
  return `${date} ${time.slice(0, -1).replace(/\.?0+$/, '')} +0000 UTC`;
}
