import type { VolumePlugin, VolumeSpec } from '../../plugin/index.ts';
import type { Cancellation } from '../../sim/index.ts';

/** How sure it is that a volume is attached to a node. No entry: it is not. */
export interface Attachment {
  state: 'attached' | 'uncertain';
  /** Since when it is to go, ms. */
  detachRequested?: number | undefined;
  /** The node's next status is waited for. */
  awaitsStatus?: boolean;
  /** Waits for the node's patience to end. */
  expiry?: Cancellation | undefined;
}

/** A volume that is, or may be, attached somewhere. */
export interface AttachedVolume {
  readonly name: string;
  /** Undefined while only the name is known: a node said that it is attached. */
  plugin: VolumePlugin | undefined;
  spec: VolumeSpec | undefined;
  devicePath: string;
  readonly nodes: Map<string, Attachment>;
}

/** What became of a volume on a node. */
export interface AttachmentFound {
  readonly state: Attachment['state'];
  readonly plugin?: VolumePlugin | undefined;
  readonly spec?: VolumeSpec | undefined;
  readonly devicePath?: string | undefined;
}

/** What one node has, and what it is told. */
interface NodeEntry {
  /** What may be attached to it. */
  readonly attached: Set<string>;
  /** What it says that it has mounted, or is about to: `status.volumesInUse`. */
  inUse: Set<string>;
  /** Not shown as attached any more although it is. */
  readonly hidden: Set<string>;
}

/**
 * What is attached where. Models pkg/controller/volume/attachdetach/cache/actual_state_of_world.go.
 */
export class ActualStateOfWorld {
  readonly #volumes = new Map<string, AttachedVolume>();
  readonly #nodes = new Map<string, NodeEntry>();
  /** Nodes whose `status.volumesAttached` is to be written. */
  readonly #dirty = new Set<string>();

  get(name: string): AttachedVolume | undefined {
    return this.#volumes.get(name);
  }

  all(): Iterable<AttachedVolume> {
    return this.#volumes.values();
  }

  /** A volume is attached to a node, or may be. */
  mark(name: string, node: string, found: AttachmentFound): void {
    const volume = this.#volume(name);
    if (found.plugin) volume.plugin = found.plugin;
    if (found.spec) volume.spec = found.spec;
    if (found.devicePath !== undefined) volume.devicePath = found.devicePath;
    const known = volume.nodes.get(node);
    const entry = this.#node(node);
    if (found.state === 'attached') entry.hidden.delete(name);
    if (known) known.state = found.state;
    else {
      volume.nodes.set(node, { state: found.state });
      entry.attached.add(name);
      // Until the node says something else it is taken to have mounted it.
      entry.inUse.add(name);
    }
    this.#dirty.add(node);
  }

  /** A volume of which a node only told the name. */
  describe(name: string, plugin: VolumePlugin, spec: VolumeSpec): void {
    const volume = this.#volumes.get(name);
    if (!volume) return;
    volume.plugin = plugin;
    volume.spec = spec;
  }

  remove(name: string, node: string): void {
    const volume = this.#volumes.get(name);
    volume?.nodes.get(node)?.expiry?.cancel();
    volume?.nodes.delete(node);
    if (volume?.nodes.size === 0) this.#volumes.delete(name);
    const entry = this.#node(node);
    entry.attached.delete(name);
    entry.hidden.delete(name);
    this.#dirty.add(node);
  }

  setInUse(node: string, names: readonly string[]): void {
    this.#node(node).inUse = new Set(names);
  }

  isInUse(name: string, node: string): boolean {
    return this.#nodes.get(node)?.inUse.has(name) ?? false;
  }

  /** What may be attached to a node. */
  namesOn(node: string): Iterable<string> {
    return this.#nodes.get(node)?.attached ?? [];
  }

  /** Whether a node is told that a volume is attached. */
  hide(name: string, node: string, hidden: boolean): void {
    const names = this.#node(node).hidden;
    if (hidden) names.add(name);
    else names.delete(name);
    this.#dirty.add(node);
  }

  /** What a node is told: `status.volumesAttached`. */
  shownOn(node: string): { name: string; devicePath: string }[] {
    const shown: { name: string; devicePath: string }[] = [];
    const { attached, hidden } = this.#node(node);
    for (const name of attached) {
      const volume = this.#volumes.get(name);
      if (volume?.nodes.get(node)?.state !== 'attached' || hidden.has(name)) continue;
      shown.push({ name, devicePath: volume.devicePath });
    }
    return shown;
  }

  /** The node is to be told anew. */
  markDirty(node: string): void {
    this.#dirty.add(node);
  }

  /** Nodes that are to be told anew; from now on they count as told. */
  takeDirty(): string[] {
    const nodes = [...this.#dirty];
    this.#dirty.clear();
    return nodes;
  }

  #volume(name: string): AttachedVolume {
    const known = this.#volumes.get(name);
    if (known) return known;
    const made: AttachedVolume = {
      name,
      plugin: undefined,
      spec: undefined,
      devicePath: '',
      nodes: new Map(),
    };
    this.#volumes.set(name, made);
    return made;
  }

  #node(node: string): NodeEntry {
    let entry = this.#nodes.get(node);
    if (!entry) {
      entry = { attached: new Set(), inUse: new Set(), hidden: new Set() };
      this.#nodes.set(node, entry);
    }
    return entry;
  }
}
