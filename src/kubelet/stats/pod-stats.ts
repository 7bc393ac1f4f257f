import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { type Directory, isKernelError, type Place } from '../../kernel/index.ts';
import type { MountedVolume } from '../contracts.ts';
import type { PodContext } from '../pod/context.ts';
import {
  diskUsage,
  fileSystemUsage,
  filesUsage,
  NOTHING,
  projectUsage,
  sum,
  type Usage,
  watchProject,
} from './usage.ts';

/** What one container takes of the node. */
export interface ContainerStats {
  readonly name: string;
  /** Its writable layer. */
  readonly rootfs: Usage;
  readonly logs: Usage;
  /** Bytes of memory. */
  readonly memory: number;
}

/** What one volume holds. */
export interface VolumeStats {
  readonly name: string;
  readonly usage: Usage;
  /** On the node's own disk, so that it counts for the Pod's ephemeral storage. */
  readonly local: boolean;
}

/** What one Pod takes. Models PodStats of staging/src/k8s.io/kubelet/pkg/apis/stats. */
export interface PodStats {
  /** Those that run. */
  readonly containers: readonly ContainerStats[];
  /** Those on the node's disk and in its memory. */
  readonly volumes: readonly VolumeStats[];
  /** The Pod's own hosts file. */
  readonly hostsFile: Usage;
  /** Bytes of memory; containers that have ended may have left files in it. */
  readonly memory: number;
}

/**
 * Measures a Pod; undefined while none of its containers runs: then the runtime tells nothing of it. Everything that can be
 * large is counted already. Models ListPodStats of pkg/kubelet/stats/cri_stats_provider.go.
 */
export function podStats(context: PodContext, pod: DeepReadonly<Pod>): PodStats | undefined {
  const { runtime, volumes, layout } = context;
  const { uid } = pod.metadata;
  const running = runtime.containers(uid).filter(({ state }) => state === 'running');
  if (running.length === 0) return undefined;
  return {
    containers: running.map(({ id, name }) => ({
      name,
      rootfs: runtime.layerUsage?.(id) ?? NOTHING,
      logs: filesIn(layout.host, logDirectory(pod, name)),
      memory: runtime.memoryUsage?.(id) ?? 0,
    })),
    volumes: [...volumes.mountedVolumes(uid).values()].flatMap((mounted) =>
      volumeStats(layout.host, mounted),
    ),
    hostsFile: usageOf(layout.host, `${layout.podPath(uid).slice(1)}/etc-hosts`),
    memory: runtime.podMemoryUsage?.(uid) ?? 0,
  };
}

/** Of one that is neither on the node's disk nor in its memory: nothing. */
function volumeStats(host: Directory, mounted: MountedVolume): VolumeStats[] {
  const local = isLocal(mounted);
  const place = local || isEmptyDir(mounted) ? placeOf(host, mounted) : undefined;
  if (!place) return [];
  const usage = local ? projectUsage(place) : fileSystemUsage(place);
  return [{ name: mounted.outerName, local, usage }];
}

/** Told whenever a volume on the node's disk takes more bytes, or less, in the middle of the call. One listener each. */
export function watchVolumes(
  { volumes, layout }: PodContext,
  podUid: string,
  changed: (bytes: number) => void,
): void {
  for (const mounted of volumes.mountedVolumes(podUid).values()) {
    const place = isLocal(mounted) ? placeOf(layout.host, mounted) : undefined;
    if (place) watchProject(place, changed);
  }
}

function isLocal({ plugin, spec }: MountedVolume): boolean {
  return plugin.localEphemeral?.(spec.source) ?? false;
}

function isEmptyDir({ spec }: MountedVolume): boolean {
  return spec.volume?.emptyDir !== undefined;
}

function logDirectory({ metadata }: DeepReadonly<Pod>, container: string): string {
  const { namespace, name, uid } = metadata;
  return `var/log/pods/${namespace}_${name}_${uid}/${container}`;
}

function usageOf(host: Directory, path: string): Usage {
  const place = placeAt(host, path);
  return place ? diskUsage(place) : NOTHING;
}

/** The files of a directory, not the directory. Models fileMetricsByDir of pkg/kubelet/stats/host_stats_provider.go. */
function filesIn(host: Directory, path: string): Usage {
  const place = placeAt(host, path);
  return place ? filesUsage(place) : NOTHING;
}

function placeOf(host: Directory, { path }: MountedVolume): Place | undefined {
  return placeAt(host, path.slice(1));
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

/** What a Pod is measured by against the limit of its containers together. Models calcEphemeralStorage. */
export function podUsage({ containers, volumes, hostsFile }: PodStats): Usage {
  return sum([
    ...containers.flatMap(({ rootfs, logs }) => [rootfs, logs]),
    ...volumes.filter(({ local }) => local).map(({ usage }) => usage),
    hostsFile,
  ]);
}
