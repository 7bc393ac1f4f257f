import { messageOf, OperationError } from '../base/index.ts';
import type { VolumePlugin, VolumeSpec } from './types.ts';

/** What the plugin calls the device of a volume. Throws an OperationError. */
export function deviceNameOf(plugin: VolumePlugin, spec: VolumeSpec): string {
  try {
    return plugin.deviceName?.(spec) ?? spec.name;
  } catch (error) {
    throw new OperationError(
      `failed to GetVolumeName from volumePlugin for volumeSpec "${spec.name}" err=${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** The name of a volume that Pods share, as nodes and controllers tell each other. Models GetUniqueVolumeNameFromSpec. */
export function sharedVolumeName(plugin: VolumePlugin, spec: VolumeSpec): string {
  return `${plugin.name}/${deviceNameOf(plugin, spec)}`;
}

/**
 * Whether a volume may be attached to several nodes at once. Models IsMultiAttachAllowed of pkg/volume/util.
 */
export function isMultiAttachAllowed(spec: VolumeSpec | undefined): boolean {
  if (!spec) return true;
  if (spec.volume) return !spec.volume.azureDisk && !spec.volume.cinder;
  const modes = spec.persistentVolume?.spec.accessModes ?? [];
  return (
    modes.length === 0 || modes.some((one) => one === 'ReadWriteMany' || one === 'ReadOnlyMany')
  );
}
