import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { type Directory, isKernelError, type Place } from '../../kernel/index.ts';
import type { MountedVolume } from '../contracts.ts';
import type { PodContext } from '../pod/context.ts';
import { diskUsage, NOTHING, sum, type Usage } from './usage.ts';

/** What one container takes of the node's disks. */
export interface ContainerStats {
  readonly name: string;
  /** Its writable layer. */
  readonly rootfs: Usage;
  readonly logs: Usage;
}

/** What one volume holds. */
export interface VolumeStats {
  readonly name: string;
  readonly usage: Usage;
  /** On the node's own disk, so that it counts for the Pod's ephemeral storage. */
  readonly local: boolean;
  /** In memory. */
  readonly memory: boolean;
}

/** What one Pod takes. Models PodStats of staging/src/k8s.io/kubelet/pkg/apis/stats. */
export interface PodStats {
  readonly containers: readonly ContainerStats[];
  readonly volumes: readonly VolumeStats[];
  /** The Pod's own hosts file. */
  readonly hostsFile: Usage;
}

/** Measures a Pod. Looks at every file of its volumes. Models pkg/kubelet/stats. */
export function podStats(context: PodContext, pod: DeepReadonly<Pod>): PodStats {
  const { runtime, volumes, layout } = context;
  const { uid } = pod.metadata;
  const newest = new Map(runtime.containers(uid).map((run) => [run.name, run]));
  const containers = [...newest.values()].map(({ id, name }) => ({
    name,
    rootfs: runtime.layerUsage?.(id) ?? NOTHING,
    logs: usageBelow(layout.host, logDirectory(pod, name)),
  }));
  return {
    containers,
    volumes: [...volumes.mountedVolumes(uid).values()].map((mounted) =>
      volumeStats(layout, mounted),
    ),
    hostsFile: usageBelow(layout.host, `${layout.podPath(uid).slice(1)}/etc-hosts`),
  };
}

function volumeStats(
  { host }: { host: Directory },
  { outerName: name, plugin, spec, path }: MountedVolume,
): VolumeStats {
  const local = plugin.localEphemeral?.(spec.source) ?? false;
  const place = placeAt(host, path.slice(1));
  if (!place) return { name, local, memory: false, usage: NOTHING };
  return { name, local, memory: isInMemory(place), usage: diskUsage(place) };
}

function isInMemory({ mount }: Place): boolean {
  return mount.fileSystem.type === 'tmpfs';
}

function logDirectory({ metadata }: DeepReadonly<Pod>, container: string): string {
  const { namespace, name, uid } = metadata;
  return `var/log/pods/${namespace}_${name}_${uid}/${container}`;
}

function usageBelow(host: Directory, path: string): Usage {
  const place = placeAt(host, path);
  return place ? diskUsage(place) : NOTHING;
}

function placeAt(host: Directory, path: string): Place | undefined {
  try {
    return host.walk(path);
  } catch (error) {
    if (isKernelError(error)) return undefined;
    throw error;
  }
}

/** What a container is measured by against its limit: logs, and its layer unless images have a disk of their own. */
export function containerUsage({ rootfs, logs }: ContainerStats, dedicatedImages: boolean): Usage {
  return dedicatedImages ? logs : sum([rootfs, logs]);
}

/** What a Pod is measured by against the limit of its containers together. Models podLocalEphemeralStorageUsage. */
export function podUsage({ containers, volumes, hostsFile }: PodStats): Usage {
  return sum([
    ...containers.flatMap(({ rootfs, logs }) => [rootfs, logs]),
    ...volumes.filter(({ local }) => local).map(({ usage }) => usage),
    hostsFile,
  ]);
}
