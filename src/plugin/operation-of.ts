import { SimulationError } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';

/**
 * What a user's function gave, as an operation: a generator runs, anything else is the result at once. Throws a SimulationError
 * ASYNC_CODE that names the method for a Promise: nothing in a simulation waits for the host.
 */
export function operationOf<Result>(
  given: Operation<Result> | Result,
  method: string,
): Operation<Result> {
  if (isOperation(given)) return given;
  if (isObject(given) && 'then' in given && typeof given.then === 'function') {
    throw new SimulationError(
      'ASYNC_CODE',
      `${method} returned a Promise; a plugin must be a generator or a plain function`,
    );
  }
  return atOnce(given);
}

function* atOnce<Result>(result: Result): Operation<Result> {
  return result;
}

function isOperation<Result>(given: Operation<Result> | Result): given is Operation<Result> {
  return isObject(given) && Symbol.iterator in given && 'throw' in given;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
