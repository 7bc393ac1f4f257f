import { ApiError, type Pod, type PodCondition, type Volume } from '../api/index.ts';
import { type DeepReadonly, SimulationError } from '../base/index.ts';
import type { VolumeState } from '../kubelet/index.ts';
import type { ClusterParts } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import { ContainerView } from './container-handle.ts';
import type { WaitingFor } from './explanation.ts';
import type { ContainerHandle, NodeHandle, PodHandle, VolumeHandle } from './handles.ts';
import { nodeHandle } from './node-handle.ts';
import { unservedSource } from './unserved.ts';
import { waitingOf } from './waiting/index.ts';
import type { VolumeOfPod } from './waiting/volumes.ts';

/** A Pod by its uid. */
export class PodView implements PodHandle {
  readonly #parts: ClusterParts;
  #last: DeepReadonly<Pod>;

  constructor(parts: ClusterParts, name: string, namespace: string) {
    this.#parts = parts;
    const pod = parts.store.get('Pod', namespace, name) as DeepReadonly<Pod> | undefined;
    if (!pod) throw ApiError.notFound('pods', name);
    this.#last = pod;
  }

  get name(): string {
    return this.#last.metadata.name;
  }

  get namespace(): string {
    return this.#last.metadata.namespace ?? 'default';
  }

  get uid(): string {
    return this.#last.metadata.uid ?? '';
  }

  /** The uid under which its node has it: another one, if it shows a static Pod. */
  get nodeUid(): string {
    return this.#last.metadata.annotations?.['kubernetes.io/config.mirror'] ?? this.uid;
  }

  get object(): DeepReadonly<Pod> {
    const now = this.#parts.store.get('Pod', this.namespace, this.name) as
      | DeepReadonly<Pod>
      | undefined;
    if (now?.metadata.uid === this.uid) this.#last = now;
    return this.#last;
  }

  get phase(): string {
    return this.object.status?.phase ?? 'Pending';
  }

  get conditions(): readonly DeepReadonly<PodCondition>[] {
    return this.object.status?.conditions ?? [];
  }

  get node(): NodeHandle {
    const node = this.#node();
    return (node && nodeHandle(this.#parts, node)) as NodeHandle;
  }

  container(name?: string): ContainerHandle {
    const names = this.#containerNames();
    const { containers } = this.object.spec;
    const wanted = name ?? (containers.length === 1 ? containers[0]?.name : undefined);
    if (wanted === undefined) throw this.#missing('container', undefined, names);
    if (!names.includes(wanted)) throw this.#missing('container', wanted, names);
    return new ContainerView(this, wanted, {
      node: () => this.#node(),
      waiting: () => this.waiting,
    });
  }

  get containers(): ContainerHandle[] {
    return this.#containerNames().map((name) => this.container(name));
  }

  get volumes(): VolumeHandle[] {
    return this.#volumes().map(({ handle }) => handle);
  }

  get waiting(): WaitingFor[] {
    const volumes = this.#volumes().map(({ handle, state }): VolumeOfPod => {
      const { uniqueName, specName } = state ?? {};
      return { ...handle, ...(uniqueName && { uniqueName }), ...(specName && { specName }) };
    });
    const { uid, nodeUid, object } = this;
    return waitingOf({ uid, nodeUid, object, volumes }, this.#parts);
  }

  #volumes(): { handle: VolumeHandle; state: VolumeState | undefined }[] {
    const { volumes = [] } = this.object.spec;
    const states = this.#states();
    return volumes.map((volume, index) => {
      const state = states.get(volume.name);
      const reason = state?.reason ?? this.#unserved(index);
      return { handle: volumeHandle(volume, state, reason), state };
    });
  }

  volume(name: string): VolumeHandle {
    const found = this.volumes.find((volume) => volume.name === name);
    if (!found)
      throw this.#missing(
        'volume',
        name,
        this.volumes.map((volume) => volume.name),
      );
    return found;
  }

  #node(): ClusterNode | undefined {
    const { nodeName } = this.object.spec;
    return nodeName === undefined ? undefined : this.#parts.nodes.get(nodeName);
  }

  #unserved(index: number): string | undefined {
    const plugins = this.#node()?.plugins;
    return plugins && unservedSource(this.#parts, plugins, this.object, index);
  }

  #states(): Map<string, VolumeState> {
    const manager = this.#node()?.kubelet.volumeManager;
    const { object, nodeUid } = this;
    const pod = { ...object, metadata: { ...object.metadata, uid: nodeUid } };
    return new Map((manager?.states(pod) ?? []).map((state) => [state.outerName, state]));
  }

  #containerNames(): string[] {
    const { initContainers = [], containers, ephemeralContainers = [] } = this.object.spec;
    return [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  }

  #missing(what: string, name: string | undefined, known: readonly string[]): SimulationError {
    const list = known.join(', ');
    const text =
      name === undefined
        ? `has several ${what}s: say which of ${list}`
        : `has no ${what} ${JSON.stringify(name)}; known: ${list}`;
    return new SimulationError('NOT_FOUND', `Pod ${this.namespace}/${this.name} ${text}`);
  }
}

function volumeHandle(
  volume: DeepReadonly<Volume>,
  state: VolumeState | undefined,
  reason: string | undefined,
): VolumeHandle {
  const type = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
  return {
    name: volume.name,
    type,
    plugin: state?.plugin?.name ?? '',
    state: state?.state ?? 'waiting',
    ...(reason !== undefined && { reason }),
    ...(state?.path !== undefined && { path: state.path }),
    ...(state?.mountedAt !== undefined && { mountedAt: new Date(state.mountedAt) }),
  };
}
