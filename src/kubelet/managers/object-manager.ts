import type { ConfigMap, Pod, Secret, Store } from '../../api/index.ts';
import { type DeepReadonly, OperationError, quoted } from '../../base/index.ts';
import type { ObjectReader } from '../../plugin/index.ts';
import { objectReferences, type ReferencedKind } from './references.ts';
import type { TokenManager } from './tokens.ts';

/** Where a kind of objects is read: a cache of the kubelet. */
export interface ObjectSource {
  get(kind: string, namespace: string | undefined, name: string): unknown;
}

/** One object, and the pods that may read it. */
interface Registered {
  readonly pods: Set<string>;
  /** Pods that show it in a volume. */
  readonly mounted: Set<string>;
  /** An immutable object, from when it was first read: nobody looks for changes of it any more. */
  frozen: unknown;
}

/**
 * Secrets and ConfigMaps as the kubelet gives them to volumes and containers: only to pods that were registered.
 * Models pkg/kubelet/util/manager/watch_based_manager.go.
 */
export class ObjectManager implements ObjectReader {
  readonly #source: ObjectSource;
  readonly #tokens: TokenManager;
  readonly #registered = new Map<string, Registered>();
  readonly #pods = new Map<string, DeepReadonly<Pod>>();

  constructor(source: ObjectSource, tokens: TokenManager) {
    this.#source = source;
    this.#tokens = tokens;
  }

  secret(namespace: string, name: string): DeepReadonly<Secret> {
    return this.#read('Secret', namespace, name) as DeepReadonly<Secret>;
  }

  configMap(namespace: string, name: string): DeepReadonly<ConfigMap> {
    return this.#read('ConfigMap', namespace, name) as DeepReadonly<ConfigMap>;
  }

  serviceAccountToken(
    pod: DeepReadonly<Pod>,
    request: { audience?: string | undefined; expirationSeconds: number },
  ): string {
    return this.#tokens.token(pod, request);
  }

  forgetTokens(podUid: string): void {
    this.#tokens.forget(podUid);
  }

  get(kind: string, namespace: string | undefined, name: string): unknown {
    return this.#source.get(kind, namespace, name);
  }

  /** The Pod may read what it names. Registering it again after a change is right. */
  register(pod: DeepReadonly<Pod>): void {
    const { uid = '', namespace = 'default' } = pod.metadata;
    if (this.#pods.get(uid)?.spec === pod.spec) return;
    this.unregister(uid);
    this.#pods.set(uid, pod);
    for (const { kind, name, mounted } of objectReferences(pod)) {
      const entry = this.#entry(keyOf(kind, namespace, name));
      entry.pods.add(uid);
      if (mounted) entry.mounted.add(uid);
    }
  }

  /** The Pod may not read anything any more. */
  unregister(podUid: string): void {
    const pod = this.#pods.get(podUid);
    if (!pod) return;
    this.#pods.delete(podUid);
    const { namespace = 'default' } = pod.metadata;
    for (const { kind, name } of objectReferences(pod)) {
      const key = keyOf(kind, namespace, name);
      const entry = this.#registered.get(key);
      entry?.pods.delete(podUid);
      entry?.mounted.delete(podUid);
      if (entry?.pods.size === 0) this.#registered.delete(key);
    }
  }

  /** Uids of the pods that show an object in a volume. */
  podsThatMount(kind: ReferencedKind, namespace: string, name: string): readonly string[] {
    return [...(this.#registered.get(keyOf(kind, namespace, name))?.mounted ?? [])];
  }

  #entry(key: string): Registered {
    let entry = this.#registered.get(key);
    if (!entry) {
      entry = { pods: new Set(), mounted: new Set(), frozen: undefined };
      this.#registered.set(key, entry);
    }
    return entry;
  }

  #read(kind: ReferencedKind, namespace: string, name: string): unknown {
    const entry = this.#registered.get(keyOf(kind, namespace, name));
    if (!entry) {
      throw new OperationError(`object ${quoted(namespace)}/${quoted(name)} not registered`);
    }
    if (entry.frozen) return entry.frozen;
    const found = this.#source.get(kind, namespace, name);
    if (!found) {
      throw new OperationError(`${kind.toLowerCase()} ${quoted(name)} not found`, {
        code: 'NotFound',
      });
    }
    if ((found as { immutable?: boolean }).immutable === true) entry.frozen = found;
    return found;
  }
}

/** Where objects are read when there is no cache of their own: the API server. */
export function storeSource(store: Pick<Store, 'get'>): ObjectSource {
  return { get: (kind, namespace, name) => store.get(kind, namespace, name) };
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
