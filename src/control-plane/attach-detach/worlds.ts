import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { VolumePlugin, VolumeSpec } from '../../plugin/index.ts';

/** A volume that is to be attached to a node, and who wants it there. */
export interface WantedVolume {
  readonly name: string;
  readonly node: string;
  plugin: VolumePlugin;
  spec: VolumeSpec;
  readonly pods: Map<string, DeepReadonly<Pod>>;
  /** Its Pods were told that it is attached elsewhere. */
  multiAttachReported: boolean;
}

/** What is to be attached where. Models pkg/controller/volume/attachdetach/cache/desired_state_of_world.go. */
export class DesiredWorld {
  readonly #nodes = new Map<string, Map<string, WantedVolume>>();

  /** A Pod on a node wants a volume. */
  add(
    node: string,
    name: string,
    of: {
      readonly plugin: VolumePlugin;
      readonly spec: VolumeSpec;
      readonly pod: DeepReadonly<Pod>;
    },
  ): void {
    const { plugin, spec, pod } = of;
    const volumes = this.#nodes.get(node) ?? new Map<string, WantedVolume>();
    this.#nodes.set(node, volumes);
    const known = volumes.get(name);
    const wanted = known ?? {
      name,
      node,
      plugin,
      spec,
      pods: new Map(),
      multiAttachReported: false,
    };
    volumes.set(name, wanted);
    wanted.plugin = plugin;
    wanted.spec = spec;
    wanted.pods.set(pod.metadata.uid, pod);
  }

  /** A Pod wants nothing any more. */
  removePod(uid: string): boolean {
    let changed = false;
    for (const [node, volumes] of this.#nodes) {
      for (const [name, { pods }] of volumes) {
        if (pods.delete(uid)) changed = true;
        if (pods.size === 0) volumes.delete(name);
      }
      if (volumes.size === 0) this.#nodes.delete(node);
    }
    return changed;
  }

  get(node: string, name: string): WantedVolume | undefined {
    return this.#nodes.get(node)?.get(name);
  }

  *all(): Generator<WantedVolume, void> {
    for (const volumes of this.#nodes.values()) yield* volumes.values();
  }

  /** Pods of other nodes that want a volume. */
  podsElsewhere(name: string, node: string): DeepReadonly<Pod>[] {
    return [...this.#nodes].flatMap(([other, volumes]) =>
      other === node ? [] : [...(volumes.get(name)?.pods.values() ?? [])],
    );
  }
}

/** How sure it is that a volume is attached to a node. No entry: it is not. */
export interface Attachment {
  state: 'attached' | 'uncertain';
  /** Since when it is to go, ms. */
  detachRequested?: number | undefined;
}

/** A volume that is, or may be, attached somewhere. */
export interface ActualAttachments {
  readonly name: string;
  plugin: VolumePlugin | undefined;
  spec: VolumeSpec | undefined;
  devicePath: string;
  readonly nodes: Map<string, Attachment>;
}

/** What is attached where. Models pkg/controller/volume/attachdetach/cache/actual_state_of_world.go. */
export class ActualWorld {
  readonly volumes: Map<string, ActualAttachments> = new Map();
  /** What nodes say that they have mounted, or are about to: `status.volumesInUse`. */
  readonly #inUse = new Map<string, Set<string>>();
  /** Volumes that are not shown as attached any more although they are. */
  readonly #hidden = new Map<string, Set<string>>();

  /** A volume is attached to a node, or may be. */
  mark(
    name: string,
    node: string,
    of: {
      readonly state: Attachment['state'];
      readonly plugin?: VolumePlugin | undefined;
      readonly spec?: VolumeSpec | undefined;
      readonly devicePath?: string | undefined;
    },
  ): void {
    const nodes = new Map<string, Attachment>();
    const volume = this.volumes.get(name) ?? {
      name,
      plugin: undefined,
      spec: undefined,
      devicePath: '',
      nodes,
    };
    this.volumes.set(name, volume);
    if (of.plugin) volume.plugin = of.plugin;
    if (of.spec) volume.spec = of.spec;
    if (of.devicePath !== undefined) volume.devicePath = of.devicePath;
    const known = volume.nodes.get(node);
    if (known) known.state = of.state;
    else {
      volume.nodes.set(node, { state: of.state });
      // Until the node says something else it is taken to have mounted it.
      this.#ofNode(node).add(name);
    }
  }

  remove(name: string, node: string): void {
    const volume = this.volumes.get(name);
    volume?.nodes.delete(node);
    if (volume?.nodes.size === 0) this.volumes.delete(name);
    this.#hidden.get(node)?.delete(name);
  }

  setInUse(node: string, names: readonly string[]): void {
    this.#inUse.set(node, new Set(names));
  }

  isInUse(name: string, node: string): boolean {
    return this.#inUse.get(node)?.has(name) ?? false;
  }

  /** Whether a node is told that a volume is attached. */
  hide(name: string, node: string, hidden: boolean): void {
    const names = this.#hidden.get(node) ?? new Set<string>();
    this.#hidden.set(node, names);
    if (hidden) names.add(name);
    else names.delete(name);
  }

  /** What a node is told: `status.volumesAttached`. */
  shownOn(node: string): { name: string; devicePath: string }[] {
    const hidden = this.#hidden.get(node);
    const shown: { name: string; devicePath: string }[] = [];
    for (const { name, devicePath, nodes } of this.volumes.values()) {
      if (nodes.get(node)?.state !== 'attached' || hidden?.has(name)) continue;
      shown.push({ name, devicePath });
    }
    return shown;
  }

  #ofNode(node: string): Set<string> {
    const names = this.#inUse.get(node) ?? new Set<string>();
    this.#inUse.set(node, names);
    return names;
  }
}
