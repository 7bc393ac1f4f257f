import type { PersistentVolume, Volume } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { compare } from '../base/index.ts';
import type { PluginRegistry } from './registry.ts';
import type { VolumeSpec } from './types.ts';

const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';

/** The spec of an inline volume. Its `readOnly` is that of its source. */
export function inlineSpec(volume: DeepReadonly<Volume>, plugins: PluginRegistry): VolumeSpec {
  const source = sourceOf(volume, plugins);
  return {
    name: volume.name,
    source,
    volume,
    readOnly: readOnlyOf(source),
    mountOptions: [],
  };
}

/** The spec of a PersistentVolume. Whether it is read-only is said by who uses it, not by its source. */
export function persistentSpec(
  volume: DeepReadonly<PersistentVolume>,
  readOnly: boolean,
  plugins: PluginRegistry,
): VolumeSpec {
  return {
    name: volume.metadata.name ?? '',
    source: sourceOf(volume.spec, plugins),
    persistentVolume: volume,
    readOnly,
    mountOptions: mountOptionsOf(volume),
  };
}

/** The annotation goes before the field. Models pkg/volume/util MountOptionFromSpec. */
export function mountOptionsOf(volume: DeepReadonly<PersistentVolume>): readonly string[] {
  const annotated = volume.metadata.annotations?.[MOUNT_OPTIONS];
  if (annotated !== undefined) return joinMountOptions(annotated.split(','));
  return volume.spec.mountOptions ?? [];
}

/** Without duplicates, and sorted: so upstream does it. Models pkg/volume/util JoinMountOptions. */
export function joinMountOptions(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort(compare);
}

function sourceOf(fields: object, plugins: PluginRegistry): VolumeSpec['source'] {
  const field = plugins.sourceField(fields);
  const found = field === undefined ? undefined : Object.entries(fields).find(([k]) => k === field);
  return found?.[1] ?? {};
}

function readOnlyOf(source: unknown): boolean {
  return (
    typeof source === 'object' &&
    source !== null &&
    'readOnly' in source &&
    source.readOnly === true
  );
}
