import { readFileSync } from 'node:fs';
import { runCommand } from '../../src/cli/command.ts';
import type { CommandIO } from '../../src/cli/io.ts';

export type Recorder = CommandIO & { output: string; errors: string };

/** An outside world for the command that notes what is written. `files` are there beside those of the disk. */
export function recorder(
  files: Readonly<Record<string, string>> = {},
  terminal: Partial<Pick<CommandIO, 'colour' | 'progress' | 'elapsed'>> = {},
): Recorder {
  return {
    output: '',
    errors: '',
    colour: false,
    progress: false,
    elapsed: () => 0,
    ...terminal,
    read: (path) => files[path] ?? readFileSync(path, 'utf8'),
    out(text) {
      this.output += text;
    },
    err(text) {
      this.errors += text;
    },
  };
}

/** Exit status and what was written. */
export interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command line. */
export function command(argv: readonly string[], io: Recorder = recorder()): Ran {
  const status = runCommand(argv, io);
  return { status, output: io.output, errors: io.errors };
}
