import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { VolumePlugin, VolumeSpec } from '../../plugin/index.ts';

/** A volume that is to be attached to a node, and who wants it there. */
export interface WantedVolume {
  readonly name: string;
  readonly node: string;
  plugin: VolumePlugin;
  spec: VolumeSpec;
  /** By uid. */
  readonly pods: Map<string, DeepReadonly<Pod>>;
  /** Its Pods were told that it is attached elsewhere. */
  multiAttachReported: boolean;
}

/** What a Pod wants attached. */
export interface Wish {
  readonly plugin: VolumePlugin;
  readonly spec: VolumeSpec;
  readonly pod: DeepReadonly<Pod>;
}

/**
 * What is to be attached where: only to nodes whose kubelet leaves it to the controller. Models
 * pkg/controller/volume/attachdetach/cache/desired_state_of_world.go.
 */
export class DesiredStateOfWorld {
  readonly #nodes = new Set<string>();
  /** By volume, then by node. */
  readonly #volumes = new Map<string, Map<string, WantedVolume>>();
  readonly #byPod = new Map<string, Set<WantedVolume>>();
  readonly #counts = new Map<string, number>();

  /** The controller attaches for this node. */
  addNode(node: string): void {
    this.#nodes.add(node);
  }

  /** The node is gone. It stays known while volumes are wanted there. Models DeleteNode. */
  removeNode(node: string): void {
    if (!this.#counts.get(node)) this.#nodes.delete(node);
  }

  hasNode(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** A Pod on a node wants a volume. */
  add(node: string, name: string, { plugin, spec, pod }: Wish): void {
    const wanted = this.#entry(node, name, plugin, spec);
    wanted.plugin = plugin;
    wanted.spec = spec;
    wanted.pods.set(pod.metadata.uid, pod);
    const own = this.#byPod.get(pod.metadata.uid) ?? new Set();
    this.#byPod.set(pod.metadata.uid, own.add(wanted));
  }

  /** A Pod wants nothing any more. Gives the volumes that it wanted. */
  removePod(uid: string): readonly WantedVolume[] {
    const own = [...(this.#byPod.get(uid) ?? [])];
    this.#byPod.delete(uid);
    for (const wanted of own) {
      wanted.pods.delete(uid);
      if (wanted.pods.size === 0) this.#drop(wanted);
    }
    return own;
  }

  get(node: string, name: string): WantedVolume | undefined {
    return this.#volumes.get(name)?.get(node);
  }

  /** Every volume with every node where it is wanted. */
  *all(): Generator<WantedVolume, void, void> {
    for (const nodes of this.#volumes.values()) yield* nodes.values();
  }

  /** Where a volume is wanted. */
  of(name: string): readonly WantedVolume[] {
    return [...(this.#volumes.get(name)?.values() ?? [])];
  }

  /** Pods of these nodes that want a volume. Models GetVolumePodsOnNodes. */
  podsOn(nodes: readonly string[], name: string): DeepReadonly<Pod>[] {
    return nodes.flatMap((node) => [...(this.get(node, name)?.pods.values() ?? [])]);
  }

  #entry(node: string, name: string, plugin: VolumePlugin, spec: VolumeSpec): WantedVolume {
    const nodes = this.#volumes.get(name) ?? new Map<string, WantedVolume>();
    this.#volumes.set(name, nodes);
    const known = nodes.get(node);
    if (known) return known;
    const made: WantedVolume = {
      name,
      node,
      plugin,
      spec,
      pods: new Map(),
      multiAttachReported: false,
    };
    nodes.set(node, made);
    this.#counts.set(node, (this.#counts.get(node) ?? 0) + 1);
    return made;
  }

  #drop({ name, node }: WantedVolume): void {
    const nodes = this.#volumes.get(name);
    nodes?.delete(node);
    if (nodes?.size === 0) this.#volumes.delete(name);
    this.#counts.set(node, (this.#counts.get(node) ?? 1) - 1);
  }
}
