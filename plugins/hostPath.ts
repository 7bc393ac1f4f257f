/*
 * A file, directory, socket or device of the node itself. Nothing is mounted below the Pod's directory: containers get the path.
 */
import {
  definePlugin,
  FileSteps,
  type FileType,
  fileType,
  type HostPathVolumeSource,
  hasBackstepsOn,
  type Operation,
  OperationError,
  type VolumeContext,
  type VolumePlugin,
} from '../src/plugin/index.ts';

/** What a type needs to be there, what its error calls it, and what is made when it is missing. */
interface Check {
  readonly is: FileType;
  readonly words: string;
  readonly make?: 'directory' | 'file';
}

const CHECKS: Readonly<Record<string, Check>> = {
  DirectoryOrCreate: { is: 'directory', words: 'a directory', make: 'directory' },
  Directory: { is: 'directory', words: 'a directory' },
  FileOrCreate: { is: 'file', words: 'a file', make: 'file' },
  File: { is: 'file', words: 'a file' },
  Socket: { is: 'socket', words: 'a socket file' },
  CharDevice: { is: 'character-device', words: 'a character device' },
  BlockDevice: { is: 'block-device', words: 'a block device' },
};

/** What may be deleted with its PersistentVolume. */
const DELETABLE = /^\/tmp\/.+/;

/**
 * `hostPath`: a `path` of the node, checked by `type`. SetUp throws an OperationError `hostPath type check failed: /p is not a
 * directory`. Models pkg/volume/hostpath/host_path.go.
 */
export const hostPath: VolumePlugin<HostPathVolumeSource> = definePlugin<HostPathVolumeSource>({
  name: 'kubernetes.io/host-path',
  source: 'hostPath',
  accessModes: ['ReadWriteOnce'],
  supports: { fsGroup: false, windows: true, metrics: false },
  attributes: { managed: false, seLinuxRelabel: false },

  *setUp(volume) {
    const { path, type = '' } = volume.source;
    if (hasBackstepsOn(volume.node, path)) {
      throw new OperationError(`invalid HostPath \`${path}\`: must not contain '..'`);
    }
    if (type === '') return;
    const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
    if (!check) throw new OperationError(`${type} is an invalid volume type`);
    const { root } = volume.node;
    if (check.make && !root.exists(path)) return yield* make(volume, check.make);
    if (root.exists(path) && fileType(root.stat(path).mode) === check.is) return;
    throw new OperationError(`hostPath type check failed: ${path} is not ${check.words}`);
  },

  /** What is on the node stays there. */
  *tearDown() {},

  pathOnNode: ({ source }) => source.path,

  provisioner: {
    optional: 'enableHostPathProvisioner',
    createdBy: 'hostpath-dynamic-provisioner',
    *provision({ name, id, node }) {
      const path = `/tmp/hostpath_pv/${id}`;
      yield* new FileSteps(node.root, { node, volume: name }).mkdirAll(path, 0o750);
      return { path };
    },
  },

  deleter: {
    *delete(spec, node) {
      const { path } = spec.source;
      if (!DELETABLE.test(path)) {
        throw new OperationError(
          `host_path deleter only supports /tmp/.+ but received provided ${path}`,
        );
      }
      yield* new FileSteps(node.root, { node, volume: spec.name }).removeAll(path);
    },
  },

  recycler: { minimumTimeoutSeconds: 60, incrementSecondsPerGibibyte: 30 },

  /** It has no directory of its own to be found by; upstream takes the name for the path. */
  reconstruct: ({ name }) => ({
    name,
    source: { path: name },
    volume: { name, hostPath: { path: name } },
    readOnly: false,
    mountOptions: [],
  }),
});

/** A link that leads nowhere can be in a directory's way: that is left to the container runtime. */
function* make(volume: VolumeContext<HostPathVolumeSource>, what: 'directory' | 'file'): Operation {
  const files = volume.dir.filesOfNode();
  const { path } = volume.source;
  if (what === 'file') return yield* files.write(path, new Uint8Array(0), 0o644);
  try {
    yield* files.mkdirAll(path, 0o755);
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'EEXIST') throw error;
  }
}
