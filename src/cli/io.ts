/** What the command has of the world: given in by `main`, so that tests can give their own. */
export interface CommandIO {
  out(text: string): void;
  err(text: string): void;
  /** Reads a file. Throws Node's error. */
  read(path: string): string;
  /** Colour may be used. */
  readonly colour: boolean;
  /** Wall-clock milliseconds, to show progress only. */
  elapsed(): number;
  /** Whether stderr is a terminal: progress is shown there alone. */
  readonly progress: boolean;
}

/** Wrong usage: exit status 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** A command: what it is called, how it is used, and what it does. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** The exit status. */
  run(argv: readonly string[], io: CommandIO): number;
}
