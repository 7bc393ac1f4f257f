/** What went wrong, as a word that does not change between releases. */
export type SimulationErrorCode =
  | 'REENTRANT'
  | 'UNKNOWN_STEP'
  | 'BAD_OPTION'
  | 'ASYNC_CODE'
  | 'LIMIT'
  | 'NOT_AVAILABLE'
  | 'NOT_FOUND'
  | 'NOT_RUNNING';

/** Misuse of the simulator itself: never something that a real cluster would report. */
export class SimulationError extends Error {
  override readonly name: string = 'SimulationError';
  readonly code: SimulationErrorCode;

  constructor(code: SimulationErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  toJSON(): { name: string; code: string; message: string } {
    return { name: this.name, code: this.code, message: this.message };
  }
}

/** The `fs` of a container that has never run, or that was removed. */
export class ContainerNotRunningError extends SimulationError {
  override readonly name: string = 'ContainerNotRunningError';

  constructor(message: string) {
    super('NOT_RUNNING', message);
  }
}

/**
 * How sure the kubelet is that a failed operation is over. `final`: surely not in progress. `transient`: it failed before
 * anything started. `uncertain`: it may still be going on. Models pkg/volume/util/types/types.go.
 */
export type ErrorClass = 'final' | 'transient' | 'uncertain';

/** An error of the simulated system: it becomes an event or a condition, and is not a bug of anyone's code. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
  readonly class: ErrorClass;
  readonly code: string | undefined;

  constructor(
    message: string,
    options: { class?: ErrorClass; code?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.class = options.class ?? 'final';
    this.code = options.code;
  }
}

/**
 * A disk cannot be attached because it hangs on another node, of which the controller does not know: that one is uncertain then, and
 * the disk is taken off it. Models pkg/volume/util/types DanglingAttachError.
 */
export class DanglingAttachError extends OperationError {
  readonly currentNode: string;

  constructor(message: string, currentNode: string) {
    super(message);
    this.currentNode = currentNode;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
