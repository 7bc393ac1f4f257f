import { messageOf, OperationError, SimulationError } from '../../base/index.ts';
import type { Operation, Owner, Simulation } from '../../sim/index.ts';
import type { ImageBehaviour, Process } from './process.ts';

/** What runs a container's main process. */
export interface MainProcessParts {
  readonly simulation: Simulation;
  readonly owner: Owner;
  /** Whose process it is, for the trace: `default/web/app`. */
  readonly who: string;
  readonly node: string;
  readonly image: string;
}

/**
 * Starts the main process; `exited` is told its exit code once it has ended by itself. What it throws ends it with 1, and is
 * printed; what is no error of a file or of the simulated world is a panic of user code, and stands in the trace.
 */
export function startMainProcess(
  parts: MainProcessParts,
  run: ImageBehaviour,
  program: Process,
  exited: (code: number) => void,
): void {
  let code = 0;
  const main = runMain(parts, run, program, (given) => {
    code = given;
  });
  parts.simulation.spawn(`process ${parts.who}`, parts.owner, main, {
    onEnd: (error, failed) => {
      // What a killed process ran into on its way is nobody's business.
      if (!parts.owner.alive) return;
      if (!failed) return exited(code);
      reportError(parts, program, error);
      exited(1);
    },
  });
}

function* runMain(
  { image }: MainProcessParts,
  run: ImageBehaviour,
  program: Process,
  ended: (code: number) => void,
): Operation {
  ended(exitCode(yield* outcome(run(program), image), image));
}

/** Prints an error of a process, and records a panic. */
export function reportError(parts: MainProcessParts, program: Process, error: unknown): void {
  const { simulation, who, node } = parts;
  program.stderr.write(`${messageOf(error)}\n`);
  if (error instanceof SimulationError) simulation.report(error);
  else if (!isExpected(error)) {
    const stack = error instanceof Error ? error.stack : undefined;
    const fields = { who: `process ${who}`, error: messageOf(error) };
    simulation.trace.add('panic', stack === undefined ? fields : { ...fields, stack }, node);
  }
}

function* outcome(result: unknown, image: string): Operation<unknown> {
  if (typeof result !== 'object' || result === null) return result;
  if (isOperation(result)) return yield* result;
  if ('then' in result && typeof result.then === 'function') {
    throw new SimulationError(
      'ASYNC_CODE',
      `image ${image}: run returned a Promise; use a generator`,
    );
  }
  return result;
}

function isOperation(result: object): result is Operation<unknown> {
  return 'next' in result && typeof result.next === 'function' && Symbol.iterator in result;
}

function exitCode(result: unknown, image: string): number {
  if (result === undefined) return 0;
  if (typeof result === 'number' && Number.isInteger(result)) return result & 0xff;
  throw new SimulationError(
    'BAD_OPTION',
    `image ${image}: run gave ${String(result)}, which is not an exit code`,
  );
}

/** Errors that a program may well have: those of files, and of the simulated world. */
function isExpected(error: unknown): boolean {
  if (error instanceof OperationError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
