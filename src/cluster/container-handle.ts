import type { ContainerStatus } from '../api/index.ts';
import {
  ContainerNotRunningError,
  type DeepReadonly,
  isAbsoluteOnWindows,
  SimulationError,
} from '../base/index.ts';
import { asNodeError, type NodeFs } from '../face/index.ts';
import type { MountInfo, MountRequest } from '../kernel/index.ts';
import type { Container } from '../kubelet/index.ts';
import type { ClusterNode } from './cluster-node.ts';
import { type Explanation, explainIn, explainWaiting, type WaitingFor } from './explanation.ts';
import type { ContainerHandle, PodHandle } from './handles.ts';

/** A Pod, and the uid under which its node has it. */
export type PodOfContainer = PodHandle & { readonly nodeUid: string };

/** A container by its Pod's uid and its name. State and counts come from the Pod's status, files from the runtime. */
export class ContainerView implements ContainerHandle {
  readonly name: string;
  readonly #pod: PodOfContainer;
  readonly #node: () => ClusterNode | undefined;
  readonly #waiting: () => WaitingFor[];

  constructor(
    pod: PodOfContainer,
    name: string,
    { node, waiting }: { node: () => ClusterNode | undefined; waiting: () => WaitingFor[] },
  ) {
    this.#pod = pod;
    this.name = name;
    this.#node = node;
    this.#waiting = waiting;
  }

  get state(): 'waiting' | 'running' | 'terminated' {
    const state = this.#status()?.state;
    if (state?.terminated) return 'terminated';
    return state?.running ? 'running' : 'waiting';
  }

  get reason(): string {
    const state = this.#status()?.state;
    return (state?.waiting?.reason ?? state?.terminated?.reason) as string;
  }

  get restartCount(): number {
    return this.#status()?.restartCount ?? 0;
  }

  get exitCode(): number {
    return this.#status()?.state?.terminated?.exitCode as number;
  }

  get fs(): NodeFs {
    return this.#container().fs;
  }

  fsAs(user: { uid?: number; gid?: number; groups?: number[] }): NodeFs {
    return this.#container().fsAs(user);
  }

  mounts(): MountInfo[] {
    return this.#container().mounts();
  }

  mount(request: MountRequest): void {
    coded('mount', () => this.#container().mount(request));
  }

  unmount(path: string, options: { lazy?: boolean } = {}): void {
    coded('umount', () => this.#container().unmount(path, options));
  }

  exit(code = 0): void {
    this.#container().exit(code);
  }

  crash(reason: 'SIGKILL' | 'SIGSEGV' | 'OOMKilled' = 'SIGKILL'): void {
    this.#container().crash(reason);
  }

  kill(signal: string): void {
    this.#container().kill(signal);
  }

  logs(options: { previous?: boolean } = {}): string {
    const previous = options.previous ?? false;
    return this.#node()?.runtime.container(this.#pod.nodeUid, this.name, previous)?.log.text ?? '';
  }

  explain(path: string): Explanation {
    const windows = this.#node()?.machine.os !== 'linux';
    if (!path.startsWith('/') && !(windows && isAbsoluteOnWindows(path))) {
      throw new SimulationError('BAD_OPTION', `explain: ${JSON.stringify(path)} is not absolute`);
    }
    const container = this.#node()?.runtime.container(this.#pod.nodeUid, this.name);
    if (!container?.root) return explainWaiting(path, this.#waiting());
    const waiting = container.state === 'running' ? [] : this.#waiting();
    return explainIn(container, this.#pod.object, path, waiting);
  }

  #status(): DeepReadonly<ContainerStatus> | undefined {
    const { status } = this.#pod.object;
    const all = [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
      ...(status?.ephemeralContainerStatuses ?? []),
    ];
    return all.find(({ name }) => name === this.name);
  }

  #container(): Container {
    const found = this.#node()?.runtime.container(this.#pod.nodeUid, this.name);
    if (found) return found;
    throw new ContainerNotRunningError(
      `container ${this.name} of Pod ${this.#pod.namespace}/${this.#pod.name} has never run, or was removed`,
    );
  }
}

/** Node's error for the kernel's. */
function coded(syscall: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw asNodeError(error, syscall);
  }
}
