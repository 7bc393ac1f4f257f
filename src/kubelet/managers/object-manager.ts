import type { ConfigMap, Pod, Secret } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { ObjectReader } from '../../plugin/index.ts';
import type { KubeletConfiguration } from '../contracts.ts';
import { CacheStore, GetStore } from './cache-store.ts';
import { type ObjectKey, type ObjectSource, type ObjectStore, textOfKey } from './object-store.ts';
import { objectReferences, type ReferencedKind } from './references.ts';
import type { TokenManager } from './tokens.ts';
import { WatchStore } from './watch-store.ts';

export type { ObjectSource } from './object-store.ts';

/** How objects are got at. */
export type ChangeDetection = KubeletConfiguration['configMapAndSecretChangeDetectionStrategy'];

export interface ObjectManagerParts {
  readonly source: ObjectSource;
  readonly tokens: TokenManager;
  readonly strategy: ChangeDetection;
  /** Virtual time, ms. */
  readonly now: () => number;
  /** Milliseconds between two syncs of a Pod: a watch stops when nobody reads for five of them. Default 1 min. */
  readonly syncPeriod?: number;
  /** How long `Cache` believes what it has read, ms. */
  readonly maxAge: () => number;
}

/**
 * Secrets and ConfigMaps as the kubelet gives them to volumes and containers: only to pods that were registered. Models
 * pkg/kubelet/secret and pkg/kubelet/configmap.
 */
export class ObjectManager implements ObjectReader {
  readonly #parts: ObjectManagerParts;
  readonly #store: ObjectStore;
  readonly #pods = new Map<string, DeepReadonly<Pod>>();
  /** By object: uids of the pods that show it in a volume. */
  readonly #mounted = new Map<string, Set<string>>();

  constructor(parts: ObjectManagerParts) {
    this.#parts = parts;
    this.#store = storeOf(parts);
  }

  secret(namespace: string, name: string): DeepReadonly<Secret> {
    return this.#store.get({ kind: 'Secret', namespace, name }) as DeepReadonly<Secret>;
  }

  configMap(namespace: string, name: string): DeepReadonly<ConfigMap> {
    return this.#store.get({ kind: 'ConfigMap', namespace, name }) as DeepReadonly<ConfigMap>;
  }

  serviceAccountToken(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): string {
    return this.#parts.tokens.token(pod, request);
  }

  forgetTokens(podUid: string): void {
    this.#parts.tokens.forget(podUid);
  }

  get(kind: string, namespace: string | undefined, name: string): unknown {
    return this.#parts.source.get(kind, namespace, name);
  }

  /** A sync of the Pod begins: it may read what it names. Models RegisterPod. */
  register(pod: DeepReadonly<Pod>): void {
    const { uid } = pod.metadata;
    const before = this.#pods.get(uid);
    // Only `Cache` has to know of each sync.
    if (before?.spec === pod.spec && this.#parts.strategy !== 'Cache') return;
    this.#pods.set(uid, pod);
    for (const key of keysOf(pod)) {
      this.#store.add(key, uid);
      if (key.mounted) this.#show(key, uid);
    }
    if (before) this.#drop(before, pod);
  }

  /** The Pod may not read anything any more. Models UnregisterPod. */
  unregister(podUid: string): void {
    const pod = this.#pods.get(podUid);
    if (!pod) return;
    this.#pods.delete(podUid);
    this.#drop(pod, undefined);
  }

  /** Uids of the pods that show an object in a volume. */
  podsThatMount(kind: ReferencedKind, namespace: string, name: string): readonly string[] {
    return [...(this.#mounted.get(textOfKey({ kind, namespace, name })) ?? [])];
  }

  #show(key: ObjectKey, uid: string): void {
    const text = textOfKey(key);
    const pods = this.#mounted.get(text) ?? new Set();
    this.#mounted.set(text, pods.add(uid));
  }

  #drop(pod: DeepReadonly<Pod>, now: DeepReadonly<Pod> | undefined): void {
    const { uid } = pod.metadata;
    const kept = new Set(now ? keysOf(now).map(textOfKey) : []);
    for (const key of keysOf(pod)) {
      const text = textOfKey(key);
      this.#store.delete(key, uid);
      if (kept.has(text)) continue;
      const pods = this.#mounted.get(text);
      pods?.delete(uid);
      if (pods?.size === 0) this.#mounted.delete(text);
    }
  }
}

function storeOf(parts: ObjectManagerParts): ObjectStore {
  const { strategy, source, now, maxAge, syncPeriod = 60_000 } = parts;
  if (strategy === 'Get') return new GetStore(source);
  if (strategy === 'Cache') return new CacheStore(source, now, maxAge);
  return new WatchStore(source, now, 5 * syncPeriod);
}

function keysOf(pod: DeepReadonly<Pod>): (ObjectKey & { readonly mounted: boolean })[] {
  const { namespace = 'default' } = pod.metadata;
  return objectReferences(pod).map((reference) => ({ ...reference, namespace }));
}
