import { OperationError, textOf } from '../../base/index.ts';
import { type Operation, Signal, waitFor } from '../../sim/index.ts';
import type { ExecOutcome } from '../contracts.ts';
import type { Container } from './container.ts';
import type { Output } from './process.ts';

/** What a process that was killed ends with. */
const KILLED = 137;

/**
 * Runs a command in a container, to its end or that of the container. What is no simulated program does nothing. Throws an
 * OperationError when the container does not run. Models ExecSync of containerd's internal/cri/server.
 */
export function startCommand(
  container: Container,
  command: readonly string[],
): () => Operation<ExecOutcome> {
  if (container.state !== 'running') {
    const state = `CONTAINER_${container.state.toUpperCase()}`;
    throw new OperationError(`failed to exec in container: container is in ${state} state`);
  }
  const [stdout, stderr] = [new Printed(), new Printed()];
  const ended = new Signal();
  let exitCode: number | undefined;
  const end = (code: number): void => {
    exitCode ??= code;
    ended.wake();
  };
  container.whenExited(() => end(KILLED));
  container.exec(command, { stdout, stderr }, end);
  return () => outcome(ended, command, () => exitCode, { stdout, stderr });
}

function* outcome(
  ended: Signal,
  command: readonly string[],
  exitCode: () => number | undefined,
  { stdout, stderr }: { stdout: Printed; stderr: Printed },
): Operation<ExecOutcome> {
  for (;;) {
    const code = exitCode();
    if (code !== undefined) return { exitCode: code, stdout: stdout.text, stderr: stderr.text };
    yield* waitFor(ended, { reason: `${command.join(' ')} to end` });
  }
}

class Printed implements Output {
  text = '';

  write(text: string | Uint8Array): void {
    this.text += typeof text === 'string' ? text : textOf(text);
  }
}
