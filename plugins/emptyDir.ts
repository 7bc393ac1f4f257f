/*
 * A directory of the Pod's own, empty when the Pod comes to the node and gone when it leaves: on the node's disk, in memory, or in
 * huge pages.
 */
import {
  type DeepReadonly,
  definePlugin,
  EMPTY_DIR_PLUGIN,
  type EmptyDirVolumeSource,
  setUpEmptyDirectory,
  tearDownEmptyDirectory,
  type VolumeContext,
  type VolumePlugin,
} from '../src/plugin/index.ts';

/**
 * `emptyDir`: `medium` `''` (disk, default), `Memory` (a tmpfs, as large as node, Pod and `sizeLimit` allow), `HugePages` or
 * `HugePages-<size>`. Models pkg/volume/emptydir/empty_dir.go.
 */
export const emptyDir: VolumePlugin<EmptyDirVolumeSource> = definePlugin<EmptyDirVolumeSource>({
  name: EMPTY_DIR_PLUGIN,
  source: 'emptyDir',
  supports: { windows: true },
  attributes: { readOnly: false, managed: true, seLinuxRelabel: true },
  localEphemeral: (source) => mediumOf(source) === '',

  setUp: (volume) =>
    setUpEmptyDirectory(volume, {
      name: volume.spec.name,
      medium: mediumOf(volume.source),
      mode: modeOf(volume),
      sizeLimit: volume.source.sizeLimit,
    }),

  tearDown: (volume) => tearDownEmptyDirectory(volume, volume.spec.name),

  /** The medium is found from what is mounted. */
  reconstruct: ({ name }) => ({
    name,
    source: {},
    volume: { name, emptyDir: {} },
    readOnly: false,
    mountOptions: [],
  }),
});

function mediumOf(source: DeepReadonly<EmptyDirVolumeSource>): string {
  return source.medium ?? '';
}

/** A mode of its own is a field of an alpha gate, and means nothing to Windows. */
function modeOf({ node, source }: VolumeContext<EmptyDirVolumeSource>): number | undefined {
  const own = node.gate('EmptyDirVolumeMode') && node.os !== 'windows';
  return own ? source.mode : undefined;
}
