import { Machine, type NodeOptions, type Programs } from '../../../src/kubelet/machine/index.ts';
import { Faults, Simulation } from '../../../src/sim/index.ts';

/** A simulation that stands at 2024-01-01, with every fault's step known by any name. */
export function makeSimulation(steps: readonly string[] = []): Simulation {
  return new Simulation({
    seed: 0,
    startTime: Date.UTC(2024, 0, 1),
    order: 'fifo',
    trace: 'all',
    faults: new Faults(new Set(steps)),
  });
}

export function makeMachine(
  options: Partial<NodeOptions> = {},
  programs?: Programs,
  simulation: Simulation = makeSimulation(),
): Machine {
  return new Machine({ name: 'node-1', ...options }, { simulation, ...(programs && { programs }) });
}
