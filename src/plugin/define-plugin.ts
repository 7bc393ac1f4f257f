import { SimulationError } from '../base/index.ts';
import type { VolumePlugin } from './types.ts';

/**
 * A volume type, checked by its type and frozen. Throws a SimulationError (`BAD_OPTION`) when it lacks what it needs after a
 * restart of the kubelet.
 */
export function definePlugin<Source>(plugin: VolumePlugin<Source>): VolumePlugin<Source> {
  checkPlugin(plugin);
  return Object.freeze(plugin);
}

/** What can be told to follow from the source alone: a restarted kubelet does not know it. */
const FROM_SOURCE = ['deviceName', 'deviceMountPath'] as const;

/**
 * Throws a SimulationError when a restarted kubelet would give its volumes other names than they had, and so leave their devices
 * mounted, or unmount them in use. Upstream has no plugin without ConstructVolumeSpec.
 */
export function checkPlugin<Source>(plugin: VolumePlugin<Source>): void {
  const field = FROM_SOURCE.find((name) => plugin[name] !== undefined);
  if (field === undefined || plugin.reconstruct !== undefined) return;
  throw new SimulationError(
    'BAD_OPTION',
    `plugin ${plugin.name}: reconstruct is required with ${field}: a restarted kubelet has no other way to the source that ${field} is given`,
  );
}

/** The directory of a plugin below `volumes/` and `plugins/` of a Pod: `/` becomes `~`. Models utilstrings.EscapeQualifiedName. */
export function escapePluginName(name: string): string {
  return name.replaceAll('/', '~');
}

/** The plugin's name from its directory. */
export function unescapePluginName(directory: string): string {
  return directory.replaceAll('~', '/');
}
