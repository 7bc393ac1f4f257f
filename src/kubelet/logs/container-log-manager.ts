import { messageOf, milliseconds, quoted } from '../../base/index.ts';
import { type Directory, isKernelError } from '../../kernel/index.ts';
import { amountOf } from '../../plugin/index.ts';
import { type Operation, sleepUntil, TickLoop } from '../../sim/index.ts';
import type { RuntimeContainerStatus } from '../contracts.ts';
import type { PodContext } from '../pod/context.ts';
import { isFailure } from '../volume-manager/failure.ts';
import { rotateLog } from './rotate-log.ts';

/** Milliseconds between two looks, until 1.29. */
const PERIOD = 10_000;

/** A log that a running container prints to. */
interface RunningLog {
  readonly container: RuntimeContainerStatus;
  /** Below `/` of the node. */
  readonly path: string;
}

/**
 * Puts logs of running containers aside that have become too large. The real one looks at them every ten seconds; this one when a
 * log has grown beyond what it may be, at the tick at which the real one would have seen it. Models
 * pkg/kubelet/logs/container_log_manager.go.
 */
export class ContainerLogManager {
  readonly #context: PodContext;
  readonly #maxSize: number;
  readonly #loop: TickLoop;
  /** Containers to look at, by id. */
  readonly #wanted = new Set<string>();
  /** What was said last of one that could not be put aside, by id. */
  readonly #said = new Map<string, string>();
  #retrying = false;

  constructor(context: PodContext) {
    this.#context = context;
    const { configuration, owner, rules, system } = context;
    const { containerLogMaxSize, containerLogMonitorInterval } = configuration;
    const size = amountOf(containerLogMaxSize);
    const off = size < 0 || !rules.gate('CRIContainerLogRotation');
    this.#maxSize = off ? Number.POSITIVE_INFINITY : size;
    const period = milliseconds(containerLogMonitorInterval, 'containerLogMonitorInterval');
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${system.name}: container logs`,
      period: rules.before('1.30') ? PERIOD : period,
      pass: () => this.#rotateLogs(),
    });
  }

  readonly #onLog = (id: string, size: number | undefined): void => this.#grew(id, size);

  /** Looks at the logs that it finds, and is told of the others. */
  start(): void {
    if (this.#maxSize === Number.POSITIVE_INFINITY) return;
    this.#context.runtime.onLog = this.#onLog;
    for (const { container, path } of this.#running())
      if (this.#isDue(path)) this.#want(container.id);
  }

  stop(): void {
    this.#context.runtime.onLog = undefined;
  }

  get #host(): Directory {
    return this.#context.layout.host;
  }

  #grew(id: string, size: number | undefined): void {
    if (size === undefined || size >= this.#maxSize) this.#want(id);
  }

  #want(id: string): void {
    this.#wanted.add(id);
    this.#loop.wake();
  }

  /** What cannot be told is looked at. */
  #isDue(path: string): boolean {
    try {
      const size = sizeOf(this.#host, path);
      return size === undefined || size >= this.#maxSize;
    } catch (error) {
      if (!isKernelError(error)) throw error;
      return true;
    }
  }

  *#running(): Iterable<RunningLog> {
    const { runtime } = this.#context;
    for (const uid of runtime.podUids()) {
      for (const container of runtime.containers(uid)) {
        const path = container.state === 'running' ? runtime.logPath?.(container.id) : undefined;
        if (path !== undefined) yield { container, path };
      }
    }
  }

  /** Those of containers that have ended grow no more. */
  *#rotateLogs(): Operation {
    const logs = [...this.#running()].filter(({ container }) => this.#wanted.has(container.id));
    this.#wanted.clear();
    for (const log of logs) yield* this.#processContainer(log);
  }

  /** One whose log was lost on the way gets a new one. */
  *#processContainer(log: RunningLog): Operation {
    const found = yield* this.#attempt(log, 'reopen', () => this.#ensure(log));
    if (found) yield* this.#attempt(log, 'rotate', () => this.#rotate(log));
  }

  *#ensure(log: RunningLog): Operation {
    if (sizeOf(this.#host, log.path) === undefined) yield* this.#reopen(log);
  }

  *#reopen({ container: { id } }: RunningLog): Operation {
    const { runtime } = this.#context;
    if (runtime.reopenContainerLog) yield* runtime.reopenContainerLog(id);
  }

  *#rotate(log: RunningLog): Operation {
    const { path, container } = log;
    if ((sizeOf(this.#host, path) ?? 0) < this.#maxSize) return;
    const { configuration, rules, system } = this.#context;
    const slash = path.lastIndexOf('/');
    yield* rotateLog({
      subject: { node: system.name, pod: podOf(path), container: container.name },
      directory: this.#host.open(path.slice(0, slash)),
      directoryPath: `/${path.slice(0, slash)}`,
      name: path.slice(slash + 1),
      id: container.id,
      maxFiles: configuration.containerLogMaxFiles,
      mode: rules.before('1.33') ? 0o644 : undefined,
      now: system.simulation.now,
      reopen: () => this.#reopen(log),
      log: (message) => this.#context.log('error', message),
    });
  }

  /** False: it failed. That is told once, and tried again at each tick. */
  *#attempt(
    log: RunningLog,
    what: keyof typeof FAILURES,
    operation: () => Operation,
  ): Operation<boolean> {
    const { id } = log.container;
    try {
      yield* operation();
      if (what === 'rotate') this.#said.delete(id);
      return true;
    } catch (error) {
      if (!isFailure(error)) throw error;
      const side = this.#context.rules.before('1.21') ? 'before' : 'now';
      const message = `${FAILURES[what][side](`/${log.path}`, id)}: ${messageOf(error)}`;
      if (this.#said.get(id) !== message) this.#context.log('error', message);
      this.#said.set(id, message);
      this.#wanted.add(id);
      this.#again();
      return false;
    }
  }

  #again(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    const { owner, system } = this.#context;
    system.simulation.spawn(`${system.name}: container logs`, owner, this.#retry());
  }

  *#retry(): Operation {
    const reason = 'log of a container to be put aside';
    yield* sleepUntil(this.#loop.nextTick(), { class: 'retry', reason });
    this.#retrying = false;
    this.#loop.wake();
  }
}

/** What is said of a failure, until 1.20 and since. */
const FAILURES = {
  reopen: {
    before: (path: string, id: string) =>
      `Container ${quoted(id)} log ${quoted(path)} doesn't exist, reopen container log failed`,
    now: () => "Container log doesn't exist, reopen container log failed",
  },
  rotate: {
    before: (path: string, id: string) =>
      `Failed to rotate log ${quoted(path)} for container ${quoted(id)}`,
    now: () => 'Failed to rotate log for container',
  },
} as const;

/** `namespace/name` of the Pod that a log is of, by the name of its directory. */
function podOf(path: string): string {
  const [namespace, name] = (path.split('/')[3] ?? '').split('_');
  return `${namespace}/${name}`;
}

/** Undefined: there is no such file. */
function sizeOf(host: Directory, path: string): number | undefined {
  try {
    return host.stat(path).size;
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
