import fc from 'fast-check';
import type { Cluster } from '../../cluster/index.ts';
import type { Watch } from '../invariants/index.ts';
import { playStep } from './run.ts';
import { type Step, step } from './steps.ts';
import type { ActionDocument } from './world.ts';

/** What commands know beside the cluster: who watches it, and what was done so far. */
export interface CommandModel {
  readonly watch: Watch;
  readonly done: ActionDocument[];
}

/** Throws when an invariant does not hold after the step. */
class StepCommand implements fc.Command<CommandModel, Cluster> {
  readonly step: Step;

  constructor(step: Step) {
    this.step = step;
  }

  check(): boolean {
    return true;
  }

  run(model: CommandModel, cluster: Cluster): void {
    const [first] = playStep(this.step, { cluster, ...model });
    if (first) throw new Error(`${first.id}: ${first.message}`);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

/**
 * Commands for `fc.modelRun(() => ({ model: { watch: watchInvariants(cluster), done: [] }, real: cluster }), commands)`. Their
 * arguments are indexes into what exists when their turn comes, so that few have nothing to do.
 */
export function commands(
  options: { maxCommands?: number } = {},
): fc.Arbitrary<Iterable<fc.Command<CommandModel, Cluster>>> {
  const { maxCommands = 60 } = options;
  return fc.commands([step.map((one) => new StepCommand(one))], { maxCommands, size: 'max' });
}
