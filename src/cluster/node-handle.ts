import type { Node as NodeObject } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { asNodeError } from '../face/index.ts';
import type { ClusterParts } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { KubeletHandle, NodeHandle } from './handles.ts';

/** A node, to look at and to act on. */
export function nodeHandle(parts: ClusterParts, { machine, kubelet }: ClusterNode): NodeHandle {
  const act = (syscall: string, path: string, action: () => void): void => {
    parts.simulation.outside(() => {
      try {
        action();
      } catch (error) {
        throw asNodeError(error, syscall, path);
      }
    });
  };
  return {
    name: machine.name,
    os: machine.os,
    get object() {
      return parts.store.get('Node', undefined, machine.name) as DeepReadonly<NodeObject>;
    },
    get fs() {
      return machine.fs;
    },
    mounts: () => machine.mounts(),
    mount: (request) => act('mount', String(request.target), () => machine.mount(request)),
    unmount: (path, options) => act('umount', path, () => machine.unmount(path, options)),
    mknod: (path, device) => act('mknod', path, () => machine.mknod(path, device)),
    setQuota: (path, quota) => act('quotactl', path, () => machine.namespace.setQuota(path, quota)),
    kubelet: kubeletHandle(parts, kubelet),
    shutdown: () => parts.simulation.outside(() => kubelet.shutDown(() => machine.reboot())),
    reboot: () => parts.simulation.outside(() => reboot(machine, kubelet)),
    fail: () =>
      parts.simulation.outside(() => {
        kubelet.stop();
        machine.reboot();
      }),
    recover: () => parts.simulation.outside(() => kubelet.start()),
  };
}

/** The machine goes down with its kubelet, and both come back. */
function reboot(machine: ClusterNode['machine'], kubelet: ClusterNode['kubelet']): void {
  const running = kubelet.running;
  kubelet.stop();
  machine.reboot();
  if (running) kubelet.start();
}

function kubeletHandle(
  { simulation }: ClusterParts,
  kubelet: ClusterNode['kubelet'],
): KubeletHandle {
  return {
    get running() {
      return kubelet.running;
    },
    stop: () => simulation.outside(() => kubelet.stop()),
    start: () => simulation.outside(() => kubelet.start()),
    restart: () =>
      simulation.outside(() => {
        kubelet.stop();
        kubelet.start();
      }),
    get volumeManager() {
      const { desired, actual } = kubelet.volumeManager;
      return { desired, actual };
    },
  };
}
