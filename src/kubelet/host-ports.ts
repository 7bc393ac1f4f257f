import type { Pod } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';

/** Which Pod has which ports of the node. */
export class HostPorts {
  readonly #owners = new Map<string, string>();
  readonly #pods = new Map<string, readonly string[]>();

  /** Takes a Pod's ports; false: one of them is another's, and nothing is taken. */
  admit(pod: DeepReadonly<Pod>): boolean {
    const { uid } = pod.metadata;
    const ports = portsOf(pod);
    if (ports.some((port) => (this.#owners.get(port) ?? uid) !== uid)) return false;
    for (const port of ports) this.#owners.set(port, uid);
    if (ports.length > 0) this.#pods.set(uid, ports);
    return true;
  }

  release(uid: string): void {
    for (const port of this.#pods.get(uid) ?? []) this.#owners.delete(port);
    this.#pods.delete(uid);
  }
}

function portsOf({ spec }: DeepReadonly<Pod>): string[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort }) => (hostPort ?? 0) > 0)
      .map(({ hostPort, protocol }) => `${protocol ?? 'TCP'}/${hostPort}`),
  );
}
