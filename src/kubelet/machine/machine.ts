import { windowsPaths } from '../../base/index.ts';
import { createFace, type NodeFs } from '../../face/index.ts';
import { loadTree } from '../../face/trees.ts';
import {
  type Directory,
  Kernel,
  type MountInfo,
  type MountNamespace,
  type MountRequest,
} from '../../kernel/index.ts';
import type { ExecResult, NodeSystem } from '../../outside/index.ts';
import type { Operation, RandomStream, Simulation } from '../../sim/index.ts';
import { defaultConfiguration } from '../configuration.ts';
import { hardThresholds } from '../eviction/thresholds.ts';
import { checkNodeOptions } from './check-options.ts';
import { bootHost, type HostDisks, installHost, makeDisks, shutDownHost } from './host.ts';
import { type DeviceRequest, makeDeviceFile } from './make-device.ts';
import type { MountFlags, NodeOptions } from './node-options.ts';
import { findProgram, type Programs } from './programs.ts';
import { baseAmount, type NodeResources, nodeResources, quantity } from './resources.ts';

/** What a machine needs of the cluster it is in. */
export interface MachineDependencies {
  readonly simulation: Simulation;
  /** What its executables do. */
  readonly programs?: Programs;
  /** Whether a feature gate of its kubelet is on. Default: none is. */
  readonly gate?: (name: string) => boolean;
}

/**
 * The machine of a node: a kernel, a disk, programs. It lives on when its kubelet dies; a reboot keeps only the disk.
 */
export class Machine implements NodeSystem {
  readonly name: string;
  readonly os: 'linux' | 'windows';
  readonly options: NodeOptions;
  readonly simulation: Simulation;
  readonly kernel: Kernel;
  readonly disks: HostDisks;
  readonly root: Directory;
  readonly resources: NodeResources;
  /** What the container engine sees: the host's own namespace unless its mount flags say otherwise. */
  engine: MountNamespace;
  /** Told when the power goes out, before the mounts are gone: containers end there. */
  onPowerOff: (() => void) | undefined;
  readonly #programs: Programs;
  readonly #gate: (name: string) => boolean;
  #boots = 1;
  #fs: NodeFs | undefined;

  /** Throws a SimulationError BAD_OPTION for a bad option. */
  constructor(options: NodeOptions, dependencies: MachineDependencies) {
    checkNodeOptions(options);
    const { simulation } = dependencies;
    this.options = options;
    this.name = options.name;
    this.os = options.os ?? 'linux';
    this.simulation = simulation;
    this.#programs = dependencies.programs ?? new Map();
    this.#gate = dependencies.gate ?? (() => false);
    this.resources = nodeResources({
      ...options,
      evictionHard: evictionHardOf(options),
    });
    this.kernel = new Kernel({
      now: () => simulation.now,
      defaultTmpfsSize: Math.floor(this.#capacity('memory') / 2),
      paths: this.os === 'windows' ? windowsPaths : undefined,
    });
    this.disks = makeDisks(this.kernel, this.#diskSizes(), this.os);
    this.root = installHost(this.kernel, this.disks, this);
    bootHost(this.namespace, this.disks, this.os);
    if (options.files !== undefined) loadTree(this.root, options.files);
    this.engine = this.#startEngine();
  }

  get namespace(): MountNamespace {
    return this.kernel.rootNamespace;
  }

  /** `node:fs` of root on the host. */
  get fs(): NodeFs {
    this.#fs ??= createFace(this.root.caller);
    return this.#fs;
  }

  get mountFlags(): MountFlags {
    return this.options.containerRuntime?.mountFlags ?? 'shared';
  }

  /** What Linux draws anew whenever it starts. */
  get bootID(): string {
    return this.simulation.random.fresh('boot-id', `${this.name}#${this.#boots}`).uuid();
  }

  /** Bytes of memory that it has. */
  get memory(): number {
    return this.#capacity('memory');
  }

  get allocatableMemory(): number {
    return this.allocatable('memory') ?? 0;
  }

  random(purpose: string, key?: string): RandomStream {
    const name = key === undefined ? this.name : `${this.name}/${key}`;
    return this.simulation.random.stream(purpose, name);
  }

  gate(name: string): boolean {
    return this.#gate(name);
  }

  hasBinary(program: string): boolean {
    return flag(this.options.binaries, program);
  }

  hasKernelModule(name: string): boolean {
    return flag(this.options.kernelModules, name);
  }

  allocatable(resource: string): number | undefined {
    const amount = this.resources.allocatable[resource];
    return amount === undefined ? undefined : baseAmount(resource, amount);
  }

  *exec(program: string, args: readonly string[], cwd: Directory): Operation<ExecResult> {
    const run = findProgram(program, {
      programs: this.#programs,
      cwd,
      has: (name) => this.hasBinary(name),
    });
    const result = yield* run({ args, cwd, node: this });
    const { exitCode } = result;
    this.simulation.trace.add(
      'exec',
      { program, args: [...args], cwd: cwd.path(), exitCode },
      this.name,
    );
    return result;
  }

  /** The host's /proc/self/mountinfo. */
  mounts(): MountInfo[] {
    return this.namespace.mounts();
  }

  /** mount(8) by root on the host. Throws the kernel's error. */
  mount(request: MountRequest): void {
    this.namespace.mount(request);
    const { type, source = type, options } = request;
    const target =
      typeof request.target === 'string' ? request.target : this.namespace.pathOf(request.target);
    this.simulation.trace.add(
      'mount',
      { target, source, fstype: type, ...(options && { options: [...options] }) },
      this.name,
    );
  }

  /** umount(8) by root on the host. Throws the kernel's error. */
  unmount(path: string, options: { lazy?: boolean } = {}): void {
    this.namespace.unmount(path, options);
    this.simulation.trace.add('unmount', { target: path }, this.name);
  }

  /** mknod(1) by root on the host. A block device has zeroes behind it. */
  mknod(path: string, request: DeviceRequest): void {
    makeDeviceFile(this.kernel, this.root.caller, path, request);
  }

  /** The power goes out and comes back: containers end, mounts and what was in memory are gone, the disk stays. */
  reboot(): void {
    this.onPowerOff?.();
    if (this.engine !== this.namespace) this.engine.dispose();
    shutDownHost(this.namespace);
    this.#boots++;
    bootHost(this.namespace, this.disks, this.os);
    this.engine = this.#startEngine();
    this.simulation.trace.add('lifecycle', { who: this.name, what: 'rebooted' }, this.name);
  }

  #startEngine(): MountNamespace {
    if (this.mountFlags === 'shared') return this.namespace;
    const engine = this.namespace.clone();
    engine.setPropagation('/', this.mountFlags, { recursive: true });
    return engine;
  }

  #diskSizes(): { root: number; images: number | undefined } {
    const images = this.options.imageFilesystem;
    return {
      root: this.#capacity('ephemeral-storage'),
      images: images && quantity('imageFilesystem.size', images.size ?? '100Gi'),
    };
  }

  #capacity(resource: string): number {
    return baseAmount(resource, this.resources.capacity[resource] ?? '0');
  }
}

/** What the kubelet of these options keeps free. */
function evictionHardOf({ kubeletConfiguration }: NodeOptions): Readonly<Record<string, string>> {
  return hardThresholds({ ...defaultConfiguration, ...kubeletConfiguration });
}

function flag(flags: Readonly<Record<string, boolean>> | undefined, name: string): boolean {
  return flags !== undefined && Object.hasOwn(flags, name) ? flags[name] !== false : true;
}
