import { type Operation, type Owner, Signal, type Simulation, waitFor } from '../../sim/index.ts';

/** Runs operations side by side and waits for all. Throws the first error, once all have ended. */
export function* together(
  simulation: Simulation,
  owner: Owner,
  name: string,
  operations: readonly Operation[],
): Operation {
  if (operations.length <= 1) {
    for (const operation of operations) yield* operation;
    return;
  }
  const ended = new Signal();
  const errors: unknown[] = [];
  let left = operations.length;
  for (const operation of operations) {
    simulation.spawn(name, owner, operation, {
      onEnd: (error, failed) => {
        if (failed) errors.push(error);
        left--;
        ended.wake();
      },
    });
  }
  while (left > 0) yield* waitFor(ended, { reason: name });
  if (errors.length > 0) throw errors[0];
}
