import { messageOf, SimulationError } from '../base/index.ts';
import { explain } from './commands/explain.ts';
import { run } from './commands/run.ts';
import { types } from './commands/types.ts';
import { type Command, type CommandIO, UsageError } from './io.ts';
import { columns } from './style.ts';

const COMMANDS: readonly Command[] = [run, types, explain];

/** Runs the command line. Returns the exit status: 0, 1 (something that was asked for failed), 2 (wrong usage). */
export function runCommand(argv: readonly string[], io: CommandIO): number {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return help(rest, name !== undefined, io);
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    io.err(`error: unknown command ${JSON.stringify(name)}; see 'kubelet-volumes --help'\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(command.help);
    return 0;
  }
  return guarded(command, rest, io);
}

function guarded(command: Command, argv: readonly string[], io: CommandIO): number {
  try {
    return command.run(argv, io);
  } catch (error) {
    io.err(`error: ${messageOf(error)}\n`);
    if (error instanceof UsageError) {
      io.err(`see 'kubelet-volumes ${command.name} --help'\n`);
      return 2;
    }
    return error instanceof SimulationError && error.code === 'BAD_OPTION' ? 2 : 1;
  }
}

function help([topic]: readonly string[], asked: boolean, io: CommandIO): number {
  const command = COMMANDS.find(({ name }) => name === topic);
  if (command) {
    io.out(command.help);
    return 0;
  }
  const lines = columns(COMMANDS.map(({ name, summary }) => [`  ${name}`, summary]));
  const text = [
    'kubelet-volumes: Kubernetes volumes on a simulated node, in one process.',
    '',
    'Usage: kubelet-volumes COMMAND [ARGUMENTS]',
    '',
    'Commands:',
    ...lines,
    '',
    "'kubelet-volumes COMMAND --help' says more about one.",
    '',
  ].join('\n');
  if (asked) io.out(text);
  else io.err(text);
  return asked ? 0 : 2;
}
