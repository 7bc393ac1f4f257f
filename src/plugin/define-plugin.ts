import type { VolumePlugin } from './types.ts';

/** A volume type, checked by its type and frozen. */
export function definePlugin<Source>(plugin: VolumePlugin<Source>): VolumePlugin<Source> {
  return Object.freeze(plugin);
}

/** The directory of a plugin below `volumes/` and `plugins/` of a Pod: `/` becomes `~`. Models utilstrings.EscapeQualifiedName. */
export function escapePluginName(name: string): string {
  return name.replaceAll('/', '~');
}

/** The plugin's name from its directory. */
export function unescapePluginName(directory: string): string {
  return directory.replaceAll('~', '/');
}
