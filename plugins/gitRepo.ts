/*
 * A working copy of a git repository, cloned once when the Pod comes to the node, into an emptyDir on the node's disk.
 */
import {
  cleanPath,
  compare,
  type Directory,
  definePlugin,
  type GitRepoVolumeSource,
  goSlice,
  isReady,
  messageOf,
  type Operation,
  OperationError,
  quoted,
  readyMarker,
  setReady,
  setUpEmptyDirectory,
  setVolumeOwnership,
  stepOf,
  tearDownEmptyDirectory,
  type VolumeContext,
  type VolumePlugin,
  wrappedName,
} from '../src/plugin/index.ts';

type Volume = VolumeContext<GitRepoVolumeSource>;

const NAME = 'kubernetes.io/git-repo';
const GATE = 'GitRepoVolumeDriver';

/**
 * `gitRepo`: `git clone -- <repository> [<directory>]`, then, with a `revision`, `git checkout` and `git reset --hard`. It is never
 * cloned again, and a clone that failed half-way is not taken back. Throws an OperationError `failed to exec 'git …': <output>: exit
 * status 128`. Models pkg/volume/git_repo/git_repo.go.
 */
export const gitRepo: VolumePlugin<GitRepoVolumeSource> = definePlugin<GitRepoVolumeSource>({
  name: NAME,
  source: 'gitRepo',
  supports: { windows: true },
  attributes: { readOnly: false, managed: true, seLinuxRelabel: true },
  localEphemeral: () => true,

  newMounter({ source }) {
    const { repository, revision = '', directory = '' } = source;
    refuseFlag(repository, 'repository');
    refuseFlag(revision, 'revision');
    refuseFlag(directory, 'directory');
    if (revision === '' || directory === '' || !cleanPath(directory).includes('/')) return;
    throw new OperationError(
      `${quoted(directory)} is not a valid directory, it must not contain a directory separator`,
    );
  },

  *setUp(volume) {
    if (!volume.node.gate(GATE)) {
      throw new OperationError(
        `git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate \`${GATE}\``,
      );
    }
    const marker = readyMarker(volume.dir, NAME, volume.spec.name);
    if (isReady(marker)) return;
    yield* setUpEmptyDirectory(volume, { name: wrappedName(volume), medium: '' });
    yield* clone(volume);
    yield* setReady(marker);
  },

  tearDown: (volume) => tearDownEmptyDirectory(volume, wrappedName(volume)),

  reconstruct: ({ name }) => ({
    name,
    source: { repository: '' },
    volume: { name, gitRepo: { repository: '' } },
    readOnly: false,
    mountOptions: [],
  }),
});

function refuseFlag(value: string, field: string): void {
  if (!value.startsWith('-')) return;
  throw new OperationError(`${quoted(value)} is an invalid value for ${field}`);
}

function* clone(volume: Volume): Operation {
  const { repository, revision = '', directory = '' } = volume.source;
  const root = volume.dir.open();
  yield* git(volume, ['clone', '--', repository, ...(directory === '' ? [] : [directory])], root);
  if (revision === '') return;
  const copy = root.open(workingCopy(root, directory));
  yield* git(volume, ['checkout', revision], copy);
  yield* git(volume, ['reset', '--hard'], copy);
  yield* setVolumeOwnership(volume, { readOnly: false });
}

/** The volume itself, or the one thing that is in it. */
function workingCopy(root: Directory, directory: string): string {
  const entries = root.readdir().sort((a, b) => compare(a.name, b.name));
  if (directory !== '' && cleanPath(directory) === '.') return '.';
  const [only] = entries;
  if (only && entries.length === 1) return only.name;
  const shown = entries.map((e) => (e.type === 'directory' ? `d ${e.name}/` : `- ${e.name}`));
  throw new OperationError(`unexpected directory contents: ${goSlice(shown)}`);
}

function* git(volume: Volume, args: readonly string[], cwd: Directory): Operation {
  const failed = (output: string, error: string): OperationError =>
    new OperationError(`failed to exec 'git ${args.join(' ')}': ${output}: ${error}`);
  let result: { output: string; exitCode: number };
  try {
    result = yield* stepOf('exec', volume.dir.subject(), () => volume.exec('git', args, cwd));
  } catch (error) {
    if (error instanceof OperationError) throw failed('', messageOf(error));
    throw error;
  }
  if (result.exitCode !== 0) throw failed(result.output, `exit status ${result.exitCode}`);
}
