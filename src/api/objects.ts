import { compare, type DeepReadonly } from '../base/index.ts';
import type { KubernetesObject } from './types.ts';

export type StoredObject = DeepReadonly<KubernetesObject>;

/** The objects by kind and key, with what is needed to take writes back. Pods are indexed by node. */
export class Objects {
  readonly #kinds = new Map<string, Map<string, StoredObject>>();
  readonly #sorted = new Map<string, readonly string[]>();
  readonly #podsByNode = new Map<string, Map<string, StoredObject>>();
  #undo: (() => void)[] | undefined;

  get(kind: string, key: string): StoredObject | undefined {
    return this.#kinds.get(kind)?.get(key);
  }

  /** All of a kind in the order of their keys. */
  list(kind: string): StoredObject[] {
    const all = this.#kinds.get(kind);
    if (!all) return [];
    let keys = this.#sorted.get(kind);
    if (!keys) {
      keys = [...all.keys()].sort(compare);
      this.#sorted.set(kind, keys);
    }
    return keys.flatMap((key) => all.get(key) ?? []);
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.size ?? 0;
  }

  kinds(): string[] {
    return [...this.#kinds.keys()].sort(compare);
  }

  podsOnNode(node: string): Iterable<StoredObject> {
    return this.#podsByNode.get(node)?.values() ?? [];
  }

  /** Writes one, or removes it (undefined). */
  set(kind: string, key: string, object: StoredObject | undefined): void {
    const all = this.#kinds.get(kind) ?? new Map<string, StoredObject>();
    this.#kinds.set(kind, all);
    const old = all.get(key);
    this.#undo?.push(() => this.set(kind, key, old));
    if (!old !== !object) this.#sorted.delete(kind);
    if (object) all.set(key, object);
    else all.delete(key);
    if (kind === 'Pod') this.#index(key, old, object);
  }

  /** From here on writes can be taken back. */
  begin(): void {
    this.#undo = [];
  }

  /** Ends what `begin` began; takes the writes back unless they are to be kept. */
  end(keep: boolean): void {
    const undo = this.#undo ?? [];
    this.#undo = undefined;
    if (!keep) for (const action of undo.reverse()) action();
  }

  #index(key: string, old: StoredObject | undefined, object: StoredObject | undefined): void {
    const [before, now] = [nodeOf(old), nodeOf(object)];
    if (before !== undefined && before !== now) this.#podsByNode.get(before)?.delete(key);
    if (now === undefined || !object) return;
    const pods = this.#podsByNode.get(now) ?? new Map<string, StoredObject>();
    this.#podsByNode.set(now, pods.set(key, object));
  }
}

function nodeOf(pod: StoredObject | undefined): string | undefined {
  const spec = pod?.['spec'] as { nodeName?: string } | undefined;
  return spec?.nodeName || undefined;
}
