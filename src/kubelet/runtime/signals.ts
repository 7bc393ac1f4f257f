import { SimulationError } from '../../base/index.ts';

const NUMBERS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGURG: 23,
  SIGWINCH: 28,
} as const;

/** A signal by its name. */
export type SignalName = keyof typeof NUMBERS;

/** Signals that do nothing to a process that does not ask for them. */
const IGNORED: readonly SignalName[] = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'];

/** The signal of a name, with or without `SIG`. Throws a SimulationError for one that there is not. */
export function signalOf(name: string): SignalName {
  const full = name.startsWith('SIG') ? name : `SIG${name}`;
  if (Object.hasOwn(NUMBERS, full)) return full as SignalName;
  throw new SimulationError(
    'BAD_OPTION',
    `${JSON.stringify(name)} is not a signal; known: ${Object.keys(NUMBERS).join(', ')}`,
  );
}

/** The exit code of a process that a signal ended; undefined when the signal does not end it. Models signal(7). */
export function exitCodeOf(signal: SignalName): number | undefined {
  return IGNORED.includes(signal) ? undefined : 128 + NUMBERS[signal];
}
