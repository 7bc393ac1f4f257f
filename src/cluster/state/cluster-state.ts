import type { MountInfo } from '../../kernel/index.ts';
import type { PendingTask } from '../../sim/index.ts';
import type { ClusterParts } from '../cluster.ts';
import type { ClusterNode } from '../cluster-node.ts';
import type { ContainerHandle, PodHandle } from '../handles.ts';
import { PodView } from '../pod-handle.ts';
import { Anonymous } from './anonymous.ts';
import { filesBelow } from './files.ts';

/** What a node has. */
export interface NodeState {
  readonly kubelet: 'running' | 'stopped';
  /** One line for each mount of the host. */
  readonly mounts: readonly string[];
  /** The disk, by path: mode, owner and content. */
  readonly files: Readonly<Record<string, string>>;
  readonly desired: unknown;
  readonly actual: unknown;
}

/** What a container has. */
export interface ContainerState {
  readonly state: string;
  readonly reason?: string;
  readonly restartCount: number;
  readonly exitCode?: number;
  readonly mounts: readonly string[];
  /** Its own filesystem, without volumes, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A picture of a cluster, without uids and absolute times. Equal states are deep-equal. */
export interface ClusterState {
  /** By `Kind namespace/name`. Events and Leases, which only get older, are left out. */
  readonly objects: Readonly<Record<string, unknown>>;
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** By `namespace/pod/container`. */
  readonly containers: Readonly<Record<string, ContainerState>>;
  /** What will go on: tasks that can, in their order, and then timers, soonest first. */
  readonly pending: readonly PendingTask[];
}

const LEFT_OUT: ReadonlySet<string> = new Set(['Event', 'Lease']);

/** Pictures a cluster as it is now. Changes nothing. */
export function clusterState(parts: ClusterParts): ClusterState {
  const { store, simulation, nodes } = parts;
  const anonymous = new Anonymous();
  const kinds = store.kinds().filter((kind) => !LEFT_OUT.has(kind));
  const stored = kinds.flatMap((kind) => store.list(kind));
  const nameOf = ({ kind, metadata }: (typeof stored)[number]): string =>
    `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  for (const object of stored) anonymous.name(object.metadata.uid ?? '', nameOf(object));
  const pods = store.list('Pod').map(({ metadata }) => {
    return new PodView(parts, metadata.name, metadata.namespace);
  });
  const state = {
    objects: Object.fromEntries(stored.map((object) => [nameOf(object), object])),
    nodes: Object.fromEntries([...nodes].map(([name, node]) => [name, nodeState(node)])),
    containers: Object.fromEntries(pods.flatMap(containersOf)),
    pending: simulation.pending(),
  };
  return deepFreeze(anonymous.value(state)) as ClusterState;
}

function nodeState({ kubelet, machine }: ClusterNode): NodeState {
  const { desired, actual } = kubelet.volumeManager;
  return {
    kubelet: kubelet.running ? 'running' : 'stopped',
    mounts: machine.mounts().map(lineOf),
    files: filesBelow(machine.fs, '/'),
    desired,
    actual,
  };
}

function containersOf(pod: PodHandle): [string, ContainerState][] {
  return pod.containers.map((container) => [
    `${pod.namespace}/${pod.name}/${container.name}`,
    containerState(container),
  ]);
}

function containerState(container: ContainerHandle): ContainerState {
  const { state, reason, restartCount, exitCode } = container;
  const running = state === 'running';
  return {
    state,
    ...(reason !== undefined && { reason }),
    restartCount,
    ...(exitCode !== undefined && { exitCode }),
    mounts: running ? container.mounts().map(lineOf) : [],
    files: running ? filesBelow(container.fsAs({ uid: 0 }), '/') : {},
  };
}

function lineOf({ mountPoint, type, source, root, options }: MountInfo): string {
  return `${mountPoint} ${type} ${source} ${root} ${options.join(',')}`;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const one of Object.values(value)) deepFreeze(one);
  return Object.freeze(value);
}
