import {
  Faults,
  type Operation,
  Simulation,
  type SimulationOptions,
  sleepUntil,
} from '../../src/sim/index.ts';

/** A simulation that knows the steps `a`, `b` and `sync`. */
export function simulation(options: Partial<SimulationOptions> = {}): Simulation {
  const faults = options.faults ?? new Faults(new Set(['a', 'b', 'sync']));
  return new Simulation({ seed: 0, startTime: 0, order: 'fifo', trace: 'all', ...options, faults });
}

export const HOUR = 3_600_000;

/** Sleeps for some milliseconds as work. */
export function* work(sim: Simulation, ms: number): Operation {
  yield* sleepUntil(sim.now + ms, { class: 'work', reason: 'work' });
}
