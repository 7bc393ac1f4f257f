import type { Operation } from '../../sim/index.ts';
import type { ControllerContext } from '../context.ts';

/** One call of a plugin, counted with how long it took and how it ended. Models OperationCompleteHook of pkg/volume/util. */
export function* countedOperation<Result>(
  context: ControllerContext,
  operation: 'volume_provision' | 'volume_delete',
  plugin: string,
  call: () => Operation<Result>,
): Operation<Result> {
  const start = context.now;
  const ended = (failed: boolean): void => {
    const seconds = (context.now - start) / 1000;
    context.dependencies.metrics?.operations.ended({ plugin, operation, seconds, failed });
  };
  try {
    const result = yield* call();
    ended(false);
    return result;
  } catch (error) {
    ended(true);
    throw error;
  }
}
