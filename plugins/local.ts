/*
 * A directory (or, later, a block device) of one node, through a PersistentVolume that says which node it is.
 */
import {
  cleanupMountPoint,
  definePlugin,
  fileType,
  hasBackstepsOn,
  type LocalVolumeSource,
  mountsOfSame,
  type NodeSystem,
  type Operation,
  OperationError,
  parentOf,
  quoted,
  setVolumeOwnership,
  type VolumeContext,
  type VolumePlugin,
} from '../src/plugin/index.ts';

type Volume = VolumeContext<LocalVolumeSource>;

/**
 * `local`: `path` on the node, bound into the Pod's directory. Throws an OperationError `path "/p" does not exist`, `only directory and
 * block device are supported`. Models pkg/volume/local/local.go.
 */
export const local: VolumePlugin<LocalVolumeSource> = definePlugin<LocalVolumeSource>({
  name: 'kubernetes.io/local-volume',
  source: 'local',
  in: { from: '1.7' },
  canSupport: ({ persistentVolume }) => persistentVolume !== undefined,
  accessModes: ['ReadWriteOnce'],
  supports: { mountOptions: true, block: true, windows: true },

  newMounter({ node, source }) {
    kindOf(node, source.path);
  },

  deviceName: ({ name }) => name,

  /** A directory is its own place on the node. */
  deviceMountPath: ({ source }, node) =>
    source.path && isBlockDevice(node, source.path) ? undefined : source.path,

  deviceMounter: {
    *mountDevice({ node, source, dir }) {
      if (kindOf(node, source.path) === 'directory') return;
      throw new OperationError(
        `local: failed to mount device ${source.path} at ${dir.path} (fstype: ${source.fsType ?? ''}), error disks with filesystems are not simulated yet`,
      );
    },

    /** A directory of the node is left as it is. */
    *unmountDevice() {},
  },

  *setUp(volume) {
    const { dir, source, spec, readOnly } = volume;
    if (hasBackstepsOn(volume.node, source.path)) {
      throw new OperationError(`invalid path: ${source.path} must not contain '..'`);
    }
    if (dir.isMountPoint()) return;
    const others = mountsInOtherPods(volume);
    if (others > 0) warnOfOtherGroup(volume);
    if (volume.node.os !== 'windows') yield* dir.create(0o750);
    yield* bind(volume, { readOnly, options: spec.mountOptions });
    if (readOnly || others > 0) return;
    yield* setVolumeOwnership(volume, { readOnly, policy: volume.fsGroupChangePolicy });
  },

  tearDown: ({ dir }) => cleanupMountPoint(dir),

  blockMapper: {
    *map({ source }) {
      return source.path;
    },
    *unmap() {},
  },

  /** The path is not known any more; where it is mounted shows the same files. */
  reconstruct: ({ name, dir }) => ({
    name,
    source: { path: dir.path },
    readOnly: false,
    mountOptions: [],
  }),
});

/** Models getGlobalLocalPath. */
function kindOf(node: NodeSystem, path: string): 'directory' | 'block-device' {
  if (!path) throw new OperationError('local volume source is nil or local path is not set');
  if (!node.root.exists(path)) throw new OperationError(`path ${quoted(path)} does not exist`);
  const kind = fileType(node.root.stat(path).mode);
  if (kind === 'directory' || kind === 'block-device') return kind;
  throw new OperationError('only directory and block device are supported');
}

function isBlockDevice({ root }: NodeSystem, path: string): boolean {
  return root.exists(path) && fileType(root.stat(path).mode) === 'block-device';
}

/** What a failed mount leaves is taken away again. */
function* bind(
  { dir, deviceMountPath, source, log }: Volume,
  options: { readOnly: boolean; options: readonly string[] },
): Operation {
  try {
    yield* dir.bind(deviceMountPath ?? source.path, options);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    log('error', `Mount of volume ${dir.path} failed: ${error.message}`);
    yield* cleanupMountPoint(dir);
    throw error;
  }
}

/** How often the same directory is mounted below the directories of other pods. Models filterPodMounts. */
function mountsInOtherPods({ node, podDirectory, deviceMountPath, source }: Volume): number {
  const pods = `${parentOf(podDirectory.path())}/`;
  const mounts = mountsOfSame(node, deviceMountPath ?? source.path);
  return mounts.filter((mountPoint) => mountPoint.startsWith(pods)).length;
}

function warnOfOtherGroup({ fsGroup, spec, node, deviceMountPath, source, event }: Volume): void {
  if (fsGroup === undefined) return;
  const { gid } = node.root.stat(deviceMountPath ?? source.path);
  if (gid === fsGroup) return;
  event(
    'Warning',
    'AlreadyMountedVolume',
    `The requested fsGroup is ${fsGroup}, but the volume ${spec.name} has GID ${gid}. The volume may not be shareable.`,
  );
}
