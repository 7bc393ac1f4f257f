import type { Node as NodeObject } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { asNodeError } from '../face/index.ts';
import type { ClusterParts } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { KubeletHandle, NodeHandle } from './handles.ts';

/** A node, to look at and to act on. */
export function nodeHandle(parts: ClusterParts, node: ClusterNode): NodeHandle {
  return new Handle(parts, node);
}

class Handle implements NodeHandle {
  readonly #parts: ClusterParts;
  readonly #machine: ClusterNode['machine'];
  readonly #kubelet: ClusterNode['kubelet'];
  readonly name: string;
  readonly os: NodeHandle['os'];
  readonly kubelet: KubeletHandle;

  constructor(parts: ClusterParts, { machine, kubelet }: ClusterNode) {
    this.#parts = parts;
    this.#machine = machine;
    this.#kubelet = kubelet;
    this.name = machine.name;
    this.os = machine.os;
    this.kubelet = new KubeletControl(parts, kubelet);
  }

  get object(): DeepReadonly<NodeObject> {
    return this.#parts.store.get('Node', undefined, this.name) as DeepReadonly<NodeObject>;
  }

  get fs(): NodeHandle['fs'] {
    return this.#machine.fs;
  }

  readonly mounts: NodeHandle['mounts'] = () => this.#machine.mounts();

  readonly mount: NodeHandle['mount'] = (request) =>
    this.#act('mount', String(request.target), () => this.#machine.mount(request));

  readonly unmount: NodeHandle['unmount'] = (path, options) =>
    this.#act('umount', path, () => this.#machine.unmount(path, options));

  readonly mknod: NodeHandle['mknod'] = (path, device) =>
    this.#act('mknod', path, () => this.#machine.mknod(path, device));

  readonly setQuota: NodeHandle['setQuota'] = (path, quota) =>
    this.#act('quotactl', path, () => this.#machine.namespace.setQuota(path, quota));

  readonly shutdown = (): void =>
    this.#outside(() => this.#kubelet.shutDown(() => this.#machine.reboot()));

  readonly reboot = (): void => this.#outside(() => reboot(this.#machine, this.#kubelet));

  readonly fail = (): void =>
    this.#outside(() => {
      this.#kubelet.stop();
      this.#machine.reboot();
    });

  readonly recover = (): void => this.#outside(() => this.#kubelet.start());

  #outside(action: () => void): void {
    this.#parts.simulation.outside(action);
  }

  #act(syscall: string, path: string, action: () => void): void {
    this.#outside(() => {
      try {
        action();
      } catch (error) {
        throw asNodeError(error, syscall, path);
      }
    });
  }
}

/** The machine goes down with its kubelet, and both come back. */
function reboot(machine: ClusterNode['machine'], kubelet: ClusterNode['kubelet']): void {
  const running = kubelet.running;
  kubelet.stop();
  machine.reboot();
  if (running) kubelet.start();
}

class KubeletControl implements KubeletHandle {
  readonly #parts: ClusterParts;
  readonly #kubelet: ClusterNode['kubelet'];

  constructor(parts: ClusterParts, kubelet: ClusterNode['kubelet']) {
    this.#parts = parts;
    this.#kubelet = kubelet;
  }

  get running(): boolean {
    return this.#kubelet.running;
  }

  get volumeManager(): KubeletHandle['volumeManager'] {
    const { desired, actual } = this.#kubelet.volumeManager;
    return { desired, actual };
  }

  readonly stop = (): void => this.#parts.simulation.outside(() => this.#kubelet.stop());

  readonly start = (): void => this.#parts.simulation.outside(() => this.#kubelet.start());

  readonly restart = (): void =>
    this.#parts.simulation.outside(() => {
      this.#kubelet.stop();
      this.#kubelet.start();
    });
}
