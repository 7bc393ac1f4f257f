import type { Pod } from '../api/index.ts';
import { Informer, type InformerEvent } from '../api/informer.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Owner } from '../sim/index.ts';
import type { KubeletDependencies } from './kubelet.ts';
import type { ObjectSource } from './managers/object-manager.ts';
import type { ReferencedKind } from './managers/references.ts';

/** Who wants to know what changed in the API. */
export interface CacheListeners {
  /** A Pod of this node. */
  readonly pod: (event: InformerEvent<DeepReadonly<Pod>>) => void;
  /** An object that pods may show. */
  readonly object: (kind: ReferencedKind, namespace: string, name: string) => void;
  /** The kubelet's own Node. */
  readonly node: (type: string) => void;
  /** A PersistentVolume has another size. */
  readonly resized: (persistentVolume: string) => void;
}

/** What one life of a kubelet sees of the API: it watches what it needs, and asks for the rest. */
export class Caches implements ObjectSource {
  readonly #dependencies: KubeletDependencies;
  readonly #owner: Owner;
  readonly #objects = new Map<string, Informer<ReferencedKind>>();
  #all: { stop(): void }[] = [];

  constructor(dependencies: KubeletDependencies, owner: Owner) {
    this.#dependencies = dependencies;
    this.#owner = owner;
  }

  /** Watches from now on. The node's pods as they are. */
  start(listeners: CacheListeners): DeepReadonly<Pod>[] {
    const pods = this.#watchPods(listeners);
    this.#watchObjects('Secret', listeners);
    this.#watchObjects('ConfigMap', listeners);
    this.#watchNode(listeners);
    this.#watchVolumes(listeners);
    return pods;
  }

  stop(): void {
    for (const informer of this.#all) informer.stop();
    this.#all = [];
  }

  /** From the kubelet's cache where it has one, else from the API server. */
  get(kind: string, namespace: string | undefined, name: string): unknown {
    const cache = this.#objects.get(kind);
    return cache ? cache.get(namespace, name) : this.read(kind, namespace, name);
  }

  read(kind: string, namespace: string | undefined, name: string): unknown {
    return this.#dependencies.store.get(kind, namespace, name);
  }

  get #common(): Pick<KubeletDependencies, 'store' | 'simulation'> & { owner: Owner } {
    const { store, simulation } = this.#dependencies;
    return { store, simulation, owner: this.#owner };
  }

  #watchPods({ pod: onEvent }: CacheListeners): DeepReadonly<Pod>[] {
    const { name } = this.#dependencies.machine;
    const filter = ({ spec }: DeepReadonly<Pod>): boolean => spec.nodeName === name;
    const informer = new Informer<'Pod'>({ ...this.#common, kind: 'Pod', filter, onEvent });
    this.#all.push(informer);
    return informer.list();
  }

  #watchObjects(kind: ReferencedKind, listeners: CacheListeners): void {
    const informer = new Informer<ReferencedKind>({
      ...this.#common,
      kind,
      onEvent: ({ object: { metadata } }) =>
        listeners.object(kind, metadata.namespace ?? 'default', metadata.name),
    });
    this.#all.push(informer);
    this.#objects.set(kind, informer);
  }

  #watchNode(listeners: CacheListeners): void {
    const { name } = this.#dependencies.machine;
    const informer = new Informer<'Node'>({
      ...this.#common,
      kind: 'Node',
      filter: ({ metadata }) => metadata.name === name,
      onEvent: ({ type }) => listeners.node(type),
    });
    this.#all.push(informer);
  }

  /** Upstream looks at the volumes of each Pod at each of its syncs. */
  #watchVolumes(listeners: CacheListeners): void {
    const informer = new Informer<'PersistentVolume'>({
      ...this.#common,
      kind: 'PersistentVolume',
      onEvent: ({ object: { metadata, spec }, old }) => {
        if (!old || old.spec.capacity?.storage === spec.capacity?.storage) return;
        listeners.resized(metadata.name);
      },
    });
    this.#all.push(informer);
  }
}
