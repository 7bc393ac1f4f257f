import { OperationError } from '../../base/index.ts';
import { BLOCK_SIZE, Directory, isKernelError, type Place } from '../../kernel/index.ts';
import { goWords } from '../../plugin/index.ts';
import {
  Cancellation,
  Cancelled,
  type Operation,
  type StepSubject,
  sleepUntil,
  step,
} from '../../sim/index.ts';
import type {
  ContainerConfig,
  ContainerRuntime,
  ExecOutcome,
  RuntimeContainerStatus,
  RuntimeImage,
  SandboxConfig,
} from '../contracts.ts';
import type { Machine } from '../machine/index.ts';
import { commandLineBehaviour } from './command-line.ts';
import { Container } from './container.ts';
import { startCommand } from './exec-sync.ts';
import { hostDevices } from './host-devices.ts';
import { makeImageTree } from './image-tree.ts';
import type { Images } from './images.ts';
import { mountSource } from './mount-sources.ts';
import { NodeImages } from './node-images.ts';
import { PodMemory } from './pod-memory.ts';
import type { ImageBehaviour } from './process.ts';
import { relabel } from './relabel.ts';
import { buildRoot, type EngineParts } from './root-file-system.ts';
import { type Sandbox, Sandboxes } from './sandbox.ts';

/**
 * The container runtime of a machine: it lives on when the kubelet dies, and ends with the power. Its calls are steps, named
 * as CRI has them. Models containerd's internal/cri/server.
 */
export class Runtime implements ContainerRuntime {
  onChange: ((podUid: string) => void) | undefined;
  onUsage: ((podUid: string, bytes: number) => void) | undefined;
  onLog: ((id: string, size: number | undefined) => void) | undefined;
  readonly machine: Machine;
  readonly images: Images;
  readonly #nodeImages: NodeImages;
  readonly #sandboxes = new Sandboxes();
  readonly #containers = new Map<string, Container>();
  readonly #memory = new PodMemory();
  /** Where the mounts of a container that was made but not started come from. */
  readonly #sources = new Map<string, readonly Place[]>();
  #parts: Omit<EngineParts, 'engine'> | undefined;
  #engine: Directory | undefined;

  constructor(machine: Machine, images: Images) {
    this.machine = machine;
    this.images = images;
    this.#nodeImages = new NodeImages(machine, images, () => this.#imagesOfContainers());
    machine.onPowerOff = this.#onPowerOff;
  }

  readonly #onPowerOff = (): void => this.#powerOff();

  *runPodSandbox(config: SandboxConfig): Operation<string> {
    return yield* step('RunPodSandbox', this.#subject(config), () => {
      const key = `${this.machine.name}/${config.uid}/${config.attempt}`;
      const id = this.#id('sandbox', key);
      this.#memory.limit(config.uid, config.memoryLimit);
      this.#sandboxes.add({ id, config, containers: [], ready: true, made: 0 });
      this.onChange?.(config.uid);
      return id;
    });
  }

  *stopPodSandbox(id: string): Operation {
    const sandbox = this.#sandboxes.get(id);
    if (!sandbox) return;
    yield* step('StopPodSandbox', this.#subject(sandbox.config), () => {
      for (const container of sandbox.containers) container.crash();
      if (!sandbox.ready) return;
      sandbox.ready = false;
      this.onChange?.(sandbox.config.uid);
    });
  }

  *removePodSandbox(id: string): Operation {
    const sandbox = this.#sandboxes.get(id);
    if (!sandbox) return;
    yield* step('RemovePodSandbox', this.#subject(sandbox.config), () => {
      for (const container of [...sandbox.containers]) this.#remove(container);
      this.#sandboxes.delete(sandbox);
      if (this.#sandboxes.of(sandbox.config.uid).length === 0) {
        this.#memory.forget(sandbox.config.uid);
      }
      this.onChange?.(sandbox.config.uid);
    });
  }

  *createContainer(sandboxId: string, config: ContainerConfig): Operation<string> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (!sandbox) throw notFound('sandbox', sandboxId);
    const subject = { ...this.#subject(sandbox.config), container: config.name };
    return yield* step('CreateContainer', subject, () => this.#create(sandbox, config));
  }

  *startContainer(id: string): Operation {
    const container = this.#containers.get(id);
    if (!container) throw notFound('container', id);
    try {
      yield* step('StartContainer', this.#subjectOf(container), () => this.#start(container));
    } catch (error) {
      const failed = error instanceof OperationError && container.state === 'created';
      if (failed) container.failedToStart(error.message);
      throw error;
    }
  }

  *stopContainer(id: string, gracePeriodSeconds: number): Operation {
    const container = this.#containers.get(id);
    if (!container) return;
    yield* step('StopContainer', this.#subjectOf(container), () => {
      if (gracePeriodSeconds > 0) container.kill('SIGTERM');
      else container.crash();
    });
    if (container.state !== 'running') return;
    yield* this.#grace(container, gracePeriodSeconds * 1000);
    container.crash();
  }

  *execSync(id: string, command: readonly string[]): Operation<ExecOutcome> {
    const container = this.#containers.get(id);
    if (!container) throw notFound('container', id);
    const rest = yield* step('ExecSync', this.#subjectOf(container), () =>
      startCommand(container, command),
    );
    return yield* rest();
  }

  *removeContainer(id: string): Operation {
    const container = this.#containers.get(id);
    if (!container) return;
    yield* step('RemoveContainer', this.#subjectOf(container), () => this.#remove(container));
  }

  sandbox(podUid: string): { readonly id: string; readonly attempt: number } | undefined {
    const ready = this.#sandboxes.of(podUid).findLast((sandbox) => sandbox.ready);
    return ready && { id: ready.id, attempt: ready.config.attempt };
  }

  /** Every sandbox of a Pod that was not removed, ready or not, oldest first. */
  sandboxes(podUid: string): { id: string; attempt: number; ready: boolean }[] {
    return this.#sandboxes
      .of(podUid)
      .map(({ id, config, ready }) => ({ id, attempt: config.attempt, ready }));
  }

  containers(podUid: string): readonly RuntimeContainerStatus[] {
    return this.containersOf(podUid).map((container) => container.status());
  }

  /** The containers themselves, oldest first: for handles. */
  containersOf(podUid: string): readonly Container[] {
    return this.#sandboxes.of(podUid).flatMap(({ containers }) => containers);
  }

  /** The newest run of a container; `previous`: the one before. */
  container(podUid: string, name: string, previous = false): Container | undefined {
    return this.containersOf(podUid)
      .filter(({ config }) => config.name === name)
      .at(previous ? -2 : -1);
  }

  layerUsage(id: string): { bytes: number; inodes: number } {
    return this.#containers.get(id)?.layerUsage ?? { bytes: 0, inodes: 0 };
  }

  memoryUsage(id: string): number {
    return (this.#containers.get(id)?.memory.used ?? 0) * BLOCK_SIZE;
  }

  podMemoryUsage(podUid: string): number {
    return (this.#memory.get(podUid)?.used ?? 0) * BLOCK_SIZE;
  }

  get onImage(): ContainerRuntime['onImage'] {
    return this.#nodeImages.onChange;
  }

  set onImage(listener: ContainerRuntime['onImage']) {
    this.#nodeImages.onChange = listener;
  }

  imageStatus(image: string): { readonly present: boolean } | undefined {
    return this.#nodeImages.status(image);
  }

  pullImage(
    image: string,
    by: { readonly pod: string; readonly container: string },
  ): Operation<{ readonly size: number }> {
    return this.#nodeImages.pull(image, by);
  }

  removeImage(id: string): Operation {
    return this.#nodeImages.remove(id);
  }

  listImages(): RuntimeImage[] {
    return this.#nodeImages.all();
  }

  *reopenContainerLog(id: string): Operation {
    const container = this.#containers.get(id);
    if (!container) throw notFound('container', id);
    yield* step('ReopenContainerLog', this.#subjectOf(container), () => reopenLog(container));
  }

  logPath(id: string): string | undefined {
    return this.#containers.get(id)?.logPath;
  }

  logs(podUid: string, container: string, previous: boolean): string {
    return this.container(podUid, container, previous)?.logs() ?? '';
  }

  podUids(): Iterable<string> {
    return this.#sandboxes.podUids();
  }

  #create(sandbox: Sandbox, config: ContainerConfig): string {
    const { uid, namespace, name } = sandbox.config;
    const { machine } = this;
    const { simulation } = machine;
    const key = `${machine.name}/${uid}/${sandbox.config.attempt}/${sandbox.made++}`;
    const id = this.#id('container', key);
    const engine = this.#engineRoot();
    const sources = config.mounts.map((mount) => mountSource(engine, mount, id));
    const label = config.seLinuxFileLabel;
    for (const { hostPath, seLinuxRelabel } of config.mounts)
      if (label && seLinuxRelabel) relabel(engine, hostPath, label);
    const path = `var/log/pods/${namespace}_${name}_${uid}/${config.name}/${config.attempt}.log`;
    const container = new Container({
      simulation,
      id,
      config,
      podUid: uid,
      sandboxId: sandbox.id,
      who: `${namespace}/${name}`,
      node: machine.name,
      hostname: name,
      host: machine.root,
      memory: this.#memory.container(uid, config.memoryLimit),
      usage: (bytes) => this.onUsage?.(uid, bytes),
      logGrew: (id, size) => this.onLog?.(id, size),
      logPath: path,
      behaviour: this.#behaviour(config),
      changed: (one) => this.#changed(sandbox, one),
    });
    this.#sources.set(id, sources);
    this.#containers.set(id, container);
    sandbox.containers.push(container);
    this.#nodeImages.taken(config.image);
    this.#changed(sandbox, container);
    return id;
  }

  #start(container: Container): void {
    if (container.state !== 'created') {
      throw new OperationError(
        `failed to set starting state for container "${container.id}": container is already in ${container.state} state`,
      );
    }
    const sources = this.#sources.get(container.id) ?? [];
    this.#sources.delete(container.id);
    container.start(buildRoot(this.#engineParts(), container.config, sources));
  }

  *#grace(container: Container, ms: number): Operation {
    const { simulation } = this.machine;
    const ended = new Cancellation();
    container.whenExited(() => ended.cancel());
    try {
      yield* sleepUntil(simulation.now + ms, {
        class: 'work',
        reason: 'termination grace period',
        cancel: ended,
      });
    } catch (error) {
      if (!(error instanceof Cancelled && ended.cancelled)) throw error;
    }
  }

  #remove(container: Container): void {
    if (container.removed) return;
    const sandbox = this.#sandboxes.get(container.sandboxId);
    sandbox?.containers.splice(sandbox.containers.indexOf(container), 1);
    this.#containers.delete(container.id);
    this.#sources.delete(container.id);
    container.remove();
    this.#nodeImages.left(container.config.image);
  }

  *#imagesOfContainers(): Iterable<string> {
    for (const { config } of this.#containers.values()) yield config.image;
  }

  /** containerd finds its containers again after a boot: they have ended, nobody knows how. */
  #powerOff(): void {
    for (const sandbox of this.#sandboxes.all()) {
      sandbox.ready = false;
      for (const container of sandbox.containers) container.powerOff();
    }
    this.#sources.clear();
    this.#memory.clear();
    this.#engine = undefined;
  }

  #changed({ config }: Sandbox, container: Container): void {
    const { state, exitCode, reason, removed } = container;
    const what = removed ? 'removed' : state === 'running' ? 'started' : state;
    this.machine.simulation.trace.add(
      'container',
      {
        pod: config.name,
        uid: config.uid,
        container: container.config.name,
        state: what,
        ...(exitCode !== undefined && { exitCode }),
        ...(reason !== undefined && { reason }),
        restartCount: container.config.attempt,
      },
      this.machine.name,
    );
    this.onChange?.(config.uid);
  }

  #behaviour({ image, command, args }: ContainerConfig): ImageBehaviour | undefined {
    return this.images.find(image) ?? commandLineBehaviour([...command, ...args]);
  }

  #engineRoot(): Directory {
    if (this.#engine === undefined) {
      const caller = this.machine.engine.caller();
      this.#engine = new Directory(caller, caller.root);
    }
    return this.#engine;
  }

  #engineParts(): EngineParts {
    const { kernel, disks, root } = this.machine;
    this.#parts ??= {
      kernel,
      os: this.machine.os,
      image: makeImageTree(kernel, this.machine.os).fileSystem,
      layers: disks.images,
      proc: disks.proc,
      sys: disks.sys,
      hostDevices: () => hostDevices(root),
    };
    return { ...this.#parts, engine: this.#engineRoot() };
  }

  #id(purpose: string, key: string): string {
    return this.machine.simulation.random.fresh(purpose, key).hex(64);
  }

  #subjectOf({ config, podUid, sandboxId }: Container): StepSubject {
    const sandbox = this.#sandboxes.get(sandboxId);
    const subject = sandbox
      ? this.#subject(sandbox.config)
      : { node: this.machine.name, pod: podUid };
    return { ...subject, container: config.name };
  }

  #subject({ namespace, name }: SandboxConfig): StepSubject {
    return { node: this.machine.name, pod: `${namespace}/${name}` };
  }
}

function reopenLog(container: Container): void {
  if (container.state !== 'running') throw new OperationError('container is not running');
  try {
    container.log.reopen();
  } catch (error) {
    if (!isKernelError(error)) throw error;
    const { code } = error;
    const message = `failed to open log file "/${container.log.path}": ${goWords(error)}`;
    throw new OperationError(message, { code });
  }
}

function notFound(what: string, id: string): OperationError {
  return new OperationError(`an error occurred when try to find ${what} "${id}": not found`, {
    code: 'NotFound',
  });
}
