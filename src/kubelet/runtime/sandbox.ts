import type { SandboxConfig } from '../contracts.ts';
import type { Container } from './container.ts';

/** One sandbox of a Pod, with its containers, oldest first. */
export interface Sandbox {
  readonly id: string;
  readonly config: SandboxConfig;
  readonly containers: Container[];
  ready: boolean;
  /** Containers that were ever made in it. */
  made: number;
}

/** Sandboxes by id and by Pod. */
export class Sandboxes {
  readonly #byId = new Map<string, Sandbox>();
  readonly #byPod = new Map<string, Sandbox[]>();

  get(id: string): Sandbox | undefined {
    return this.#byId.get(id);
  }

  /** Of a Pod, oldest first. */
  of(podUid: string): readonly Sandbox[] {
    return this.#byPod.get(podUid) ?? [];
  }

  podUids(): Iterable<string> {
    return this.#byPod.keys();
  }

  all(): Iterable<Sandbox> {
    return this.#byId.values();
  }

  add(sandbox: Sandbox): void {
    this.#byId.set(sandbox.id, sandbox);
    const { uid } = sandbox.config;
    const list = this.#byPod.get(uid);
    if (list) list.push(sandbox);
    else this.#byPod.set(uid, [sandbox]);
  }

  delete(sandbox: Sandbox): void {
    const { uid } = sandbox.config;
    this.#byId.delete(sandbox.id);
    const rest = this.of(uid).filter((other) => other !== sandbox);
    if (rest.length > 0) this.#byPod.set(uid, rest);
    else this.#byPod.delete(uid);
  }
}
