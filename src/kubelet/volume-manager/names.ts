import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import {
  containersOf,
  sharedVolumeName,
  type VolumePlugin,
  type VolumeSpec,
} from '../../plugin/index.ts';

/** Whether volumes of a plugin have to be attached to the node first. */
export function isAttachable(plugin: VolumePlugin): boolean {
  return plugin.attacher !== undefined;
}

/** Whether a plugin mounts a device once per node, before it sets volumes up for pods. */
export function isDeviceMountable(plugin: VolumePlugin): boolean {
  return plugin.deviceMounter !== undefined;
}

/**
 * The key of both worlds. Pods share a volume that is attached or device-mounted; any other volume is a Pod's own. Throws an
 * OperationError when the plugin cannot name it. Models pkg/volume/util GetUniqueVolumeNameFromSpec,
 * GetUniqueVolumeNameFromSpecWithPod.
 */
export function uniqueVolumeName(plugin: VolumePlugin, spec: VolumeSpec, podUid: string): string {
  if (!isAttachable(plugin) && !isDeviceMountable(plugin)) {
    return `${plugin.name}/${podUid}-${spec.name}`;
  }
  return sharedVolumeName(plugin, spec);
}

/**
 * The volumes that some container of a Pod mounts, or has as a device: no other is ever set up. Models pkg/volume/util
 * GetPodVolumeNames.
 */
export function usedVolumeNames(pod: DeepReadonly<Pod>): Set<string> {
  const names = new Set<string>();
  for (const { volumeMounts, volumeDevices } of containersOf(pod)) {
    if (volumeMounts) for (const { name } of volumeMounts) names.add(name);
    if (volumeDevices) for (const { name } of volumeDevices) names.add(name);
  }
  return names;
}
