import type { NewObject, Pod, Store } from '../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../base/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { KubeletContext } from '../contracts.ts';
import { podKey } from '../pod/containers.ts';
import { CONFIG_HASH } from './pod-of-manifest.ts';

/** On a mirror Pod: the hash of the static Pod that it shows. */
const CONFIG_MIRROR = 'kubernetes.io/config.mirror';

/** Whether a Pod of the API only shows one that the kubelet has from a file. */
export function isMirrorPod({ metadata }: DeepReadonly<Pod>): boolean {
  return metadata.annotations?.[CONFIG_MIRROR] !== undefined;
}

/** Whether a Pod comes from a file. */
export function isStaticPod(pod: DeepReadonly<Pod>): boolean {
  return pod.metadata.annotations?.[CONFIG_HASH] !== undefined && !isMirrorPod(pod);
}

export interface MirrorPodsParts {
  readonly system: KubeletContext['system'];
  readonly log: KubeletContext['log'];
  readonly store: Store;
}

/**
 * The Pods in the API that show the static pods of this node: made where one is missing, made anew where one shows something
 * else or is being deleted. Models pkg/kubelet/pod/mirror_client.go.
 */
export class MirrorPods {
  readonly #parts: MirrorPodsParts;
  /** By `namespace/name`. */
  readonly #mirrors = new Map<string, DeepReadonly<Pod>>();

  constructor(parts: MirrorPodsParts) {
    this.#parts = parts;
  }

  set(mirror: DeepReadonly<Pod>): void {
    this.#mirrors.set(podKey(mirror), mirror);
  }

  delete(mirror: DeepReadonly<Pod>): void {
    this.#mirrors.delete(podKey(mirror));
  }

  /** `namespace/name` of each. */
  names(): string[] {
    return [...this.#mirrors.keys()];
  }

  /** The uid under which the API has a Pod: that of its mirror, if it is static. */
  apiUid(pod: DeepReadonly<Pod>): string | undefined {
    if (!isStaticPod(pod)) return pod.metadata.uid;
    const mirror = this.#mirrors.get(podKey(pod));
    return mirror && isMirrorOf(mirror, pod) ? mirror.metadata.uid : undefined;
  }

  /** Makes sure that a static Pod is shown as it is. What the API server refuses is logged. Models the mirror part of SyncPod. */
  *ensure(pod: DeepReadonly<Pod>): Operation {
    const mirror = this.#mirrors.get(podKey(pod));
    if (mirror) {
      if (mirror.metadata.deletionTimestamp === undefined && isMirrorOf(mirror, pod)) return;
      yield* this.remove(podKey(pod));
    }
    if (!this.#parts.store.get('Node', undefined, this.#parts.system.name)) return;
    yield* this.#guarded(pod, 'CreateMirrorPod', () => this.#create(pod));
  }

  /** Takes a mirror away, whatever it shows. False: that did not work. */
  *remove(name: string): Operation<boolean> {
    const mirror = this.#mirrors.get(name);
    if (!mirror) return true;
    const { namespace, name: own, uid } = mirror.metadata;
    return yield* this.#guarded(mirror, 'DeleteMirrorPod', () => {
      if (this.#parts.store.get('Pod', namespace, own)?.metadata.uid !== uid) return;
      const options = { gracePeriodSeconds: 0, preconditions: { uid } };
      this.#parts.store.delete('Pod', namespace, own, options);
    });
  }

  *#guarded(pod: DeepReadonly<Pod>, name: string, action: () => void): Operation<boolean> {
    const { system, log } = this.#parts;
    try {
      yield* step(name, { node: system.name, pod: podKey(pod) }, action);
      return true;
    } catch (error) {
      const refused = error instanceof Error && error.name === 'ApiError';
      if (!refused && !(error instanceof OperationError)) throw error;
      log('error', `Failed ${name} for ${podKey(pod)}: ${messageOf(error)}`);
      return false;
    }
  }

  #create(pod: DeepReadonly<Pod>): void {
    const { store, system } = this.#parts;
    const node = store.get('Node', undefined, system.name);
    if (!node) return;
    const { uid: _, annotations, ...metadata } = pod.metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name: node.metadata.name };
    store.create({
      ...pod,
      kind: 'Pod',
      metadata: {
        ...metadata,
        annotations: { ...annotations, [CONFIG_MIRROR]: annotations?.[CONFIG_HASH] ?? '' },
        ownerReferences: [{ ...owner, uid: node.metadata.uid, controller: true }],
      },
    } as NewObject & { kind: 'Pod' });
  }
}

function isMirrorOf(mirror: DeepReadonly<Pod>, pod: DeepReadonly<Pod>): boolean {
  return mirror.metadata.annotations?.[CONFIG_MIRROR] === pod.metadata.annotations?.[CONFIG_HASH];
}
