import {
  Cancellation,
  Cancelled,
  type Operation,
  type Signal,
  type Simulation,
  sleepUntil,
} from '../../sim/index.ts';

/** Waits for a signal, but no longer than some milliseconds: as work that is under way, not as somebody's patience. */
export function* upTo(
  simulation: Simulation,
  signal: Signal,
  ms: number,
  reason: string,
): Operation {
  const ended = new Cancellation();
  signal.add({ wake: () => ended.cancel() });
  try {
    yield* sleepUntil(simulation.now + ms, { class: 'work', reason, cancel: ended });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
