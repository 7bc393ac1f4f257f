import { ContainerNotRunningError, SimulationError } from '../../base/index.ts';
import { asNodeError, createFace, type NodeFs } from '../../face/index.ts';
import {
  ALL_CAPABILITIES,
  BLOCK_SIZE,
  type Caller,
  CONTAINER_CAPABILITIES,
  type Directory,
  explainPath,
  KernelError,
  type MemoryGroup,
  type MountInfo,
  type MountRequest,
  type PathExplanation,
  walk,
  withCwd,
} from '../../kernel/index.ts';
import type { ContainerConfig, RuntimeContainerStatus } from '../contracts.ts';
import { ContainerLog } from './container-log.ts';
import { ContainerProcesses, type ProcessOutput } from './container-processes.ts';
import type { MainProcessParts } from './main-process.ts';
import type { ImageBehaviour } from './process.ts';
import type { ContainerRoot } from './root-file-system.ts';
import { exitCodeOf, signalOf } from './signals.ts';

/** Whose rights a file face has. */
export interface User {
  uid?: number;
  gid?: number;
  groups?: number[];
}

/** What a container is made from. */
export interface ContainerParts extends Omit<MainProcessParts, 'owner' | 'image'> {
  readonly id: string;
  readonly podUid: string;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly hostname: string;
  /** Of its log on the node's disk, below `/`. */
  readonly logPath: string;
  readonly host: Directory;
  /** Who is charged for what it writes to memory. */
  readonly memory: MemoryGroup;
  /** Told when its writable layer or its log takes more bytes, or less. */
  readonly usage: (bytes: number) => void;
  /** Told how large its log is now; undefined: it is not where it was. */
  readonly logGrew: (id: string, size: number | undefined) => void;
  /** What its image or its command does; undefined: it runs until it is told to end. */
  readonly behaviour: ImageBehaviour | undefined;
  /** Told whenever its state changed. */
  readonly changed: (container: Container) => void;
}

/** Pages of memory that a process takes while it runs: about what a shell needs. */
const PROCESS_PAGES = 128;

/** One run of a container: from its creation to its removal. It lives on when the kubelet dies. */
export class Container {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly podUid: string;
  readonly createdAt: number;
  state: 'created' | 'running' | 'exited' = 'created';
  removed = false;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  readonly #parts: ContainerParts;
  #root: ContainerRoot | undefined;
  #log: ContainerLog | undefined;
  readonly #processes: ContainerProcesses;
  #fs: NodeFs | undefined;
  #whenExited: (() => void)[] = [];
  /** Of memory, for its main process. */
  #pages = 0;

  constructor(parts: ContainerParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.config = parts.config;
    this.podUid = parts.podUid;
    this.createdAt = parts.simulation.now;
    this.#processes = new ContainerProcesses({
      ...parts,
      fs: () => this.fs,
      output: () => this.log,
    });
    parts.memory.onOutOfMemory = this.#onOutOfMemory;
  }

  readonly #onOutOfMemory = (): void => this.crash('OOMKilled');
  readonly #onLayerUsage = (blocks: number): void => this.#parts.usage(blocks * BLOCK_SIZE);

  /** Calls something once it has ended. */
  whenExited(told: () => void): void {
    this.#whenExited.push(told);
  }

  get sandboxId(): string {
    return this.#parts.sandboxId;
  }

  /** What it prints. */
  get log(): ContainerLog {
    if (this.#log) return this.#log;
    const { id, host, logPath, simulation, usage, logGrew } = this.#parts;
    const grew = (size: number | undefined): void => logGrew(id, size);
    this.#log = new ContainerLog(host, logPath, { clock: simulation, usage, grew });
    return this.#log;
  }

  /** Where its log is, below `/` of the node; undefined while it has printed nothing. */
  get logPath(): string | undefined {
    return this.#log?.path;
  }

  /** Who is charged for what it writes to memory. */
  get memory(): MemoryGroup {
    return this.#parts.memory;
  }

  /** The container's mounts, once it was started. */
  get root(): ContainerRoot | undefined {
    return this.#root;
  }

  /** What its writable layer takes, with the directory that it is. Models Usage of containerd's overlay snapshotter. */
  get layerUsage(): { bytes: number; inodes: number } {
    const layer = this.#root?.layer;
    if (!layer) return { bytes: 0, inodes: 0 };
    return { bytes: BLOCK_SIZE + layer.used, inodes: 1 + layer.ownInodes };
  }

  /** `node:fs` of its main process; once it has ended, read-only. Throws ContainerNotRunningError when it never ran or is removed. */
  get fs(): NodeFs {
    this.#demandRoot();
    this.#fs ??= createFace(this.#caller(this.config.user), { guard: () => this.#demandRoot() });
    return this.#fs;
  }

  /** `node:fs` of another user in it, without groups but those that are given. */
  fsAs(user: User): NodeFs {
    this.#demandRoot();
    const { uid = this.config.user.uid, gid = this.config.user.gid, groups = [] } = user;
    return createFace(this.#caller({ uid, gid, groups }), { guard: () => this.#demandRoot() });
  }

  /** Its /proc/self/mountinfo. */
  mounts(): MountInfo[] {
    return this.#demandRoot().namespace.mounts();
  }

  /** Why a path gives its main process what it gives. */
  explainPath(path: string): PathExplanation {
    return explainPath(this.#caller(this.config.user), path);
  }

  /** mount(2) by its main process. EPERM unless it is root in a privileged container. */
  mount(request: MountRequest): void {
    const { target } = request;
    const path = typeof target === 'string' ? target : '';
    this.#privileged('mount', path, ({ namespace }) => namespace.mount(request));
  }

  /** umount(2) by its main process. EPERM unless it is root in a privileged container. */
  unmount(path: string, options: { lazy?: boolean } = {}): void {
    this.#privileged('umount', path, ({ namespace }) => namespace.unmount(path, options));
  }

  /** Its main process starts to run, in these mounts. */
  start(root: ContainerRoot): void {
    this.#root = root;
    root.layer.onUsage = this.#onLayerUsage;
    this.#pages = this.memory.charge(PROCESS_PAGES);
    this.state = 'running';
    this.startedAt = this.#parts.simulation.now;
    this.#tell();
    const { behaviour } = this.#parts;
    if (behaviour === undefined) return;
    this.#processes.start(behaviour, (code) => this.exit(code));
  }

  /** It could not be started. Models containerd's state StartError. */
  failedToStart(message: string): void {
    this.startedAt = 0;
    this.#end(128, 'StartError', message);
  }

  /** Its main process ends with a code. Does nothing when it does not run. */
  exit(code = 0): void {
    if (!Number.isInteger(code)) {
      throw new SimulationError('BAD_OPTION', `exit: ${String(code)} is not an exit code`);
    }
    const status = code & 0xff;
    if (this.state === 'running') this.#end(status, status === 0 ? 'Completed' : 'Error');
  }

  /** Its main process is killed. Default SIGKILL. */
  crash(reason: 'SIGKILL' | 'SIGSEGV' | 'OOMKilled' = 'SIGKILL'): void {
    if (this.state !== 'running') return;
    if (reason === 'OOMKilled') this.#end(137, 'OOMKilled');
    else this.exit(exitCodeOf(signalOf(reason)));
  }

  /** A signal to its main process, by name. Throws a SimulationError for a name that is none. */
  kill(name: string): void {
    const signal = signalOf(name);
    if (this.state !== 'running') return;
    const code = this.#processes.signal(signal);
    if (code !== undefined) this.exit(code);
  }

  /** Starts a command beside its main process; `exited` is told its exit code, unless the container ends first. */
  exec(command: readonly string[], output: ProcessOutput, exited: (code: number) => void): void {
    this.#processes.exec(command, output, exited);
  }

  /** The power is gone: what is left is its layer on the disk. */
  powerOff(): void {
    const namespace = this.#root?.namespace;
    if (this.state === 'running') this.#end(255, 'Unknown');
    if (namespace === undefined) return;
    for (const mount of [...(namespace.root.children?.values() ?? [])]) namespace.detach(mount);
  }

  /** Its mounts and its layer are gone. */
  remove(): void {
    if (this.removed) return;
    if (this.state === 'running') this.crash();
    this.removed = true;
    this.#log?.remove();
    this.#root?.namespace.dispose();
    this.#root = undefined;
    this.#fs = undefined;
    this.#tell();
  }

  /** What was printed. */
  logs(): string {
    return this.#log?.text ?? '';
  }

  status(): RuntimeContainerStatus {
    const { id, config, podUid, state, createdAt, startedAt, finishedAt } = this;
    const { exitCode, reason, message } = this;
    return {
      id,
      name: config.name,
      podUid,
      sandboxId: this.sandboxId,
      attempt: config.attempt,
      image: config.image,
      state,
      createdAt,
      startedAt,
      finishedAt,
      exitCode,
      reason,
      message,
    };
  }

  #end(code: number, reason: string, message?: string): void {
    this.state = 'exited';
    this.finishedAt = this.#parts.simulation.now;
    this.exitCode = code;
    this.reason = reason;
    this.message = message;
    this.memory.uncharge(this.#pages);
    this.#pages = 0;
    this.#processes.end();
    this.#log?.close();
    const namespace = this.#root?.namespace;
    if (namespace) {
      const place = { mount: namespace.root, entry: namespace.root.root };
      namespace.remountReadOnly(place, true, { recursive: true, force: true });
    }
    this.#tell();
    for (const told of this.#whenExited.splice(0)) told();
  }

  #tell(): void {
    this.#parts.changed(this);
  }

  #demandRoot(): ContainerRoot {
    if (this.#root !== undefined) return this.#root;
    const why = this.removed ? 'was removed' : 'has never run';
    throw new ContainerNotRunningError(
      `container ${this.config.name} of ${this.#parts.who} ${why}`,
    );
  }

  #caller(user: { uid: number; gid: number; groups: readonly number[] }): Caller {
    const { namespace } = this.#demandRoot();
    const { uid, gid, groups } = user;
    const root = this.config.privileged ? ALL_CAPABILITIES : CONTAINER_CAPABILITIES;
    const cwd = this.config.workingDir ?? '/';
    const { memory } = this;
    const capabilities = uid === 0 ? root : 0;
    const caller = namespace.caller({ uid, gid, groups, capabilities, memory });
    return cwd === '/' ? caller : withCwd(caller, walk(namespace.caller(), cwd));
  }

  #privileged(syscall: string, path: string, action: (root: ContainerRoot) => void): void {
    const root = this.#demandRoot();
    try {
      const allowed = this.config.privileged && this.config.user.uid === 0;
      if (!allowed || this.state !== 'running') throw new KernelError('EPERM');
      action(root);
    } catch (error) {
      throw asNodeError(error, syscall, path);
    }
  }
}
