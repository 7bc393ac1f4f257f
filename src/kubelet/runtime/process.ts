import { type Duration, milliseconds } from '../../base/index.ts';
import type { NodeFs } from '../../face/node-fs.ts';
import { type Operation, sleepUntil } from '../../sim/index.ts';
import type { SignalName } from './signals.ts';

/** Where a process writes text: its standard output or error. */
export interface Output {
  /** Appends text, or bytes of UTF-8. */
  write(text: string | Uint8Array): void;
}

/** What a signal does: a number ends the process with that exit code, anything else lets it go on. */
export type SignalHandler = () => unknown;

/** The main process of a container, as an image's behaviour has it. */
export interface Process {
  /** `node:fs` with the process's user, in its container. */
  readonly fs: NodeFs;
  /** Its whole command line: the container's command and args. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly stdout: Output;
  readonly stderr: Output;
  /** Virtual time, in milliseconds since 1970. */
  now(): number;
  /** Waits; `settle` does not wait for it. @example yield* process.sleep('5s') */
  sleep(duration: Duration): Operation;
  /** Handles a signal instead of ending by it. SIGKILL cannot be handled. */
  on(signal: SignalName, handler: SignalHandler): void;
}

/** What an image's main process does: its exit code, 0 when there is none. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is meant
export type ImageBehaviour = (process: Process) => Operation<unknown> | number | void;

/** The parts of a process that its container knows. */
export interface ProcessParts {
  readonly fs: () => NodeFs;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly now: () => number;
  readonly handlers: Map<SignalName, SignalHandler>;
}

/** A process of these parts; its `fs` is made when it is first used. */
export function makeProcess(parts: ProcessParts): Process {
  return new ContainerProcess(parts);
}

class ContainerProcess implements Process {
  readonly #parts: ProcessParts;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly now: () => number;

  constructor(parts: ProcessParts) {
    const { uid, gid, groups } = parts.user;
    this.#parts = parts;
    this.args = parts.args;
    this.env = parts.env;
    this.cwd = parts.cwd;
    this.uid = uid;
    this.gid = gid;
    this.groups = groups;
    this.stdout = parts.stdout;
    this.stderr = parts.stderr;
    this.now = parts.now;
  }

  get fs(): NodeFs {
    return this.#parts.fs();
  }

  readonly sleep = (duration: Duration): Operation =>
    sleepUntil(this.now() + milliseconds(duration, 'sleep'), { class: 'process', reason: 'sleep' });

  readonly on = (signal: SignalName, handler: SignalHandler): void => {
    this.#parts.handlers.set(signal, handler);
  };
}
