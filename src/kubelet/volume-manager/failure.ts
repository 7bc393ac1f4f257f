import { type ErrorClass, messageOf, OperationError } from '../../base/index.ts';
import { isErrno } from '../../plugin/index.ts';

/** Whether something thrown is an error of the simulated world: an OperationError, or an errno. All else is a bug. */
export function isFailure(error: unknown): error is Error {
  if (error instanceof OperationError) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && isErrno(error.code);
}

/** How sure it is that what failed is over. */
export function failureClass(error: unknown): ErrorClass {
  return error instanceof OperationError ? error.class : 'final';
}

/** The same failure in a longer text. */
export function wrapped(message: string, error: unknown): OperationError {
  return new OperationError(message, { class: failureClass(error), cause: error });
}

/** Runs something that may fail at once, and gives what it threw instead of throwing it. Bugs come out. */
export function failureOf(action: () => void): Error | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

/** An event's text, with upstream's blank before the colon. `how`: more about it, such as ` while expanding volume`. */
export function failedText(what: string, volume: string, error: unknown, how = ''): string {
  return `${what} failed${how} for volume "${volume}" : ${messageOf(error)}`;
}
