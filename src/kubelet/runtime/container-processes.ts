import type { NodeFs } from '../../face/index.ts';
import type { Owner } from '../../sim/index.ts';
import type { ContainerConfig } from '../contracts.ts';
import { commandLineBehaviour } from './command-line.ts';
import { type MainProcessParts, reportError, startMainProcess } from './main-process.ts';
import { type ImageBehaviour, makeProcess, type Process, type SignalHandler } from './process.ts';
import { exitCodeOf, type SignalName } from './signals.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where a process prints. */
export type ProcessOutput = Pick<Process, 'stdout' | 'stderr'>;

/** What processes of a container are made from. */
export interface ContainerProcessParts extends Omit<MainProcessParts, 'owner' | 'image'> {
  readonly config: ContainerConfig;
  readonly hostname: string;
  /** `node:fs` as they see it. */
  readonly fs: () => NodeFs;
  /** Where the main process prints. */
  readonly output: () => ProcessOutput;
}

/** What runs in a container: its main process, and commands beside it. All end together. */
export class ContainerProcesses {
  readonly #parts: ContainerProcessParts;
  #owner: Owner | undefined;
  #main: Process | undefined;
  #handlers: Map<SignalName, SignalHandler> | undefined;

  constructor(parts: ContainerProcessParts) {
    this.#parts = parts;
  }

  /** Starts the main process; `exited` is told its exit code. */
  start(behaviour: ImageBehaviour, exited: (code: number) => void): void {
    startMainProcess(this.#processParts(), behaviour, this.#makeMain(), exited);
  }

  /** Starts a command beside it; `exited` is told its exit code, unless the container ends first. */
  exec(command: readonly string[], output: ProcessOutput, exited: (code: number) => void): void {
    const behaviour = commandLineBehaviour(command);
    if (behaviour === undefined) return exited(0);
    const process = this.#make([...command], output, new Map());
    startMainProcess(this.#processParts(), behaviour, process, exited);
  }

  /** A signal to the main process. The exit code with which it ends; undefined: it goes on. */
  signal(signal: SignalName): number | undefined {
    const handler = signal === 'SIGKILL' ? undefined : this.#handlers?.get(signal);
    return handler === undefined ? exitCodeOf(signal) : this.#handle(handler);
  }

  /** The container has ended. */
  end(): void {
    this.#owner?.crash();
    this.#owner = this.#main = this.#handlers = undefined;
  }

  #handle(handler: SignalHandler): number | undefined {
    try {
      const result = handler();
      return typeof result === 'number' ? result : undefined;
    } catch (error) {
      reportError(this.#processParts(), this.#makeMain(), error);
      return 1;
    }
  }

  #processParts(): MainProcessParts {
    const { simulation, who, node, config } = this.#parts;
    this.#owner ??= simulation.owner(`container ${who}/${config.name}`);
    return { simulation, who, node, owner: this.#owner, image: config.image };
  }

  #makeMain(): Process {
    const { command, args } = this.#parts.config;
    this.#handlers ??= new Map();
    this.#main ??= this.#make([...command, ...args], this.#parts.output(), this.#handlers);
    return this.#main;
  }

  #make(
    args: readonly string[],
    { stdout, stderr }: ProcessOutput,
    handlers: Map<SignalName, SignalHandler>,
  ): Process {
    const { config, fs, simulation } = this.#parts;
    return makeProcess({
      fs,
      args,
      env: this.#environment(),
      cwd: config.workingDir ?? '/',
      user: config.user,
      stdout,
      stderr,
      now: () => simulation.now,
      handlers,
    });
  }

  #environment(): Record<string, string> {
    const env: Record<string, string> = { PATH, HOSTNAME: this.#parts.hostname };
    for (const { name, value } of this.#parts.config.env) env[name] = value;
    return env;
  }
}
