import { EventEmitter } from 'eventemitter3';
import { SimulationError, type Subscription, subscription } from '../base/index.ts';
import type { Simulation, TraceRecord, TraceType } from '../sim/index.ts';

/** What can be listened to: every kind of trace record, by its type. */
export type ClusterEvents = { [Type in TraceType]: TraceRecord<Type> };

/**
 * Tells listeners of trace records, in order, once the step or write that made them is complete. What a listener throws
 * comes out of the outermost call; the listeners after it are still told.
 */
export class RecordEmitter {
  readonly #emitter = new EventEmitter();
  readonly #simulation: Simulation;
  readonly #always: ((record: TraceRecord) => void) | undefined;
  readonly #guarded = new Map<unknown, (record: TraceRecord) => void>();
  #pending: TraceRecord[] = [];
  #telling = false;

  constructor(simulation: Simulation, always: ((record: TraceRecord) => void) | undefined) {
    this.#simulation = simulation;
    this.#always = always;
    simulation.afterStep = this.#afterStep;
    if (always) this.#listen();
  }

  readonly #afterStep = (): void => this.#tell();
  readonly #keep = (record: TraceRecord): void => void this.#pending.push(record);

  on<Type extends TraceType>(
    type: Type,
    listener: (record: TraceRecord<Type>) => void,
    once: boolean,
  ): Subscription {
    if (typeof listener !== 'function') {
      throw new SimulationError(
        'BAD_OPTION',
        `on(${JSON.stringify(type)}): the listener is not a function`,
      );
    }
    this.#listen();
    const guarded = this.#guard(listener as unknown as (record: TraceRecord) => void);
    if (once) this.#emitter.once(type, guarded);
    else this.#emitter.on(type, guarded);
    return subscription(() => this.off(type, listener));
  }

  off<Type extends TraceType>(type: Type, listener: (record: TraceRecord<Type>) => void): void {
    const guarded = this.#guarded.get(listener);
    if (guarded) this.#emitter.off(type, guarded);
    if (!this.#always && this.#emitter.eventNames().length === 0) {
      this.#simulation.trace.listener = undefined;
    }
  }

  #listen(): void {
    this.#simulation.trace.listener ??= this.#keep;
  }

  #guard(listener: (record: TraceRecord) => void): (record: TraceRecord) => void {
    let guarded = this.#guarded.get(listener);
    if (!guarded) {
      guarded = (record) => {
        try {
          listener(record);
        } catch (error) {
          this.#simulation.report(error);
        }
      };
      this.#guarded.set(listener, guarded);
    }
    return guarded;
  }

  #tell(): void {
    if (this.#telling || this.#pending.length === 0) return;
    this.#telling = true;
    try {
      for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
        for (const record of batch) {
          this.#always?.(record);
          this.#emitter.emit(record.type, record);
        }
      }
    } finally {
      this.#telling = false;
    }
  }

  #take(): TraceRecord[] {
    const batch = this.#pending;
    this.#pending = [];
    return batch;
  }
}
