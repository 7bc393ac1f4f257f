import { OperationError, quoted } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { escapePluginName } from './define-plugin.ts';
import { asPathError } from './errors.ts';
import { hugePageSize } from './huge-pages.ts';
import { setVolumeOwnership } from './ownership.ts';
import { memoryVolumeSize } from './pod-memory.ts';
import type { VolumeContext } from './types.ts';
import type { VolumeDirectory } from './volume-directory.ts';

/** Upstream's name of emptyDir: whoever wraps one keeps its marker below this name. */
export const EMPTY_DIR_PLUGIN = 'kubernetes.io/empty-dir';

const TMPFS = 0x01021994;
const HUGETLBFS = 0x958458f6;

/** A directory that a Pod owns: on the node's disk, or in memory. */
export interface EmptyDirectory {
  /** The name of its marker: the volume's own, or `wrapped_<volume>`. */
  readonly name: string;
  /** `''`, `Memory`, `HugePages`, `HugePages-<size>`. */
  readonly medium: string;
  /** Of the directory. Default 0777 on the disk, and what is mounted keeps its own. */
  readonly mode?: number | undefined;
  readonly sizeLimit?: string | number | undefined;
}

/**
 * Makes the directory, and marks it ready. One that is ready already is left as it is, unless it has vanished: a reboot loses
 * memory, and keeps the marker. Models pkg/volume/emptydir/empty_dir.go SetUpAt.
 */
export function* setUpEmptyDirectory(volume: VolumeContext, empty: EmptyDirectory): Operation {
  const { dir } = volume;
  const marker = markerOf(dir, empty.name);
  if (isReady(marker)) {
    if (empty.medium === 'Memory' && isMounted(volume)) return;
    if (empty.medium === '') {
      if (dir.exists()) return;
      volume.log(
        'warning',
        `volume ready file dir ${marker.path} exist, but volume dir ${dir.path} does not. Remove ready dir`,
      );
      yield* marker.removeAll();
    }
  }
  const failure = yield* caught(setUpMedium(volume, empty));
  if (dir.exists()) yield* setVolumeOwnership(volume, { readOnly: false });
  if (failure !== undefined) throw failure;
  yield* setReady(marker);
}

/** Whether the marker says that the volume is set up. Models pkg/volume/util IsReady. */
export function isReady(marker: VolumeDirectory): boolean {
  return marker.base.exists(`${marker.name}/ready`);
}

/** Makes a marker directory and the file that says so. Models pkg/volume/util SetReady. */
export function* setReady(marker: VolumeDirectory): Operation {
  yield* marker.create(0o750);
  yield* marker.files().write('ready', new Uint8Array(0), 0o666);
}

function markerOf(dir: VolumeDirectory, name: string): VolumeDirectory {
  return readyMarker(dir, EMPTY_DIR_PLUGIN, name);
}

/** Where a plugin notes that a volume of a Pod is set up: `plugins/<plugin>/<name>` below the Pod's directory. */
export function readyMarker(dir: VolumeDirectory, plugin: string, name: string): VolumeDirectory {
  return dir.beside(`plugins/${escapePluginName(plugin)}/${name}`);
}

/** Runs, and gives back what went wrong in the simulated world. */
function* caught(operation: Operation): Operation<OperationError | undefined> {
  try {
    yield* operation;
    return undefined;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}

function* setUpMedium(volume: VolumeContext, empty: EmptyDirectory): Operation {
  const { medium } = empty;
  if (medium === '') return yield* setUpDirectory(volume, empty);
  if (medium === 'Memory') return yield* setUpTmpfs(volume, empty);
  if (medium === 'HugePages' || medium.startsWith('HugePages-')) {
    return yield* setUpHugePages(volume, empty);
  }
  throw new OperationError(`unknown storage medium ${quoted(medium)}`);
}

/** The umask may not narrow the mode: it is set again. */
function* setUpDirectory({ dir, log }: VolumeContext, { mode = 0o777 }: EmptyDirectory): Operation {
  yield* dir.create(mode);
  if ((dir.stat().mode & 0o1777) === mode) return;
  yield* dir.chmod(mode);
  const now = dir.stat().mode & 0o1777;
  if (now === mode) return;
  log(
    'error',
    `Expected directory ${quoted(dir.path)} permissions to be: ${mode.toString(8)}; got: ${now.toString(8)}`,
  );
}

function* setUpTmpfs(volume: VolumeContext, empty: EmptyDirectory): Operation {
  yield* setUpDirectory(volume, empty);
  if (volume.node.os === 'windows' || mediumOf(volume.dir) === 'Memory') return;
  const size = memoryVolumeSize(volume.node, volume.pod, empty.sizeLimit);
  yield* volume.dir.mount({
    type: 'tmpfs',
    source: 'tmpfs',
    ...(size > 0 && { size }),
    options: volume.node.gate('NodeSwap') ? ['noswap'] : [],
  });
  yield* setModeOfMount(volume, empty);
}

/** What is mounted has a mode of its own, which only one that was asked for replaces. */
function* setModeOfMount({ dir }: VolumeContext, { mode }: EmptyDirectory): Operation {
  if (mode !== undefined) yield* dir.chmod(mode);
}

function* setUpHugePages(volume: VolumeContext, empty: EmptyDirectory): Operation {
  yield* setUpDirectory(volume, empty);
  const { dir, pod } = volume;
  if (mediumOf(dir) === 'HugePages') return checkPageSize(volume, empty.medium);
  const pageSize = hugePageSize(empty.medium, pod);
  yield* dir.mount({ type: 'hugetlbfs', source: 'nodev', options: [`pagesize=${pageSize}`] });
  yield* setModeOfMount(volume, empty);
}

/** What is mounted already must have the pages that the volume asks for. */
function checkPageSize({ dir, node, pod }: VolumeContext, medium: string): void {
  const { path } = dir;
  const mount = node.namespace.mounts().findLast(({ mountPoint }) => mountPoint === path);
  const option = mount?.options.find((one) => one.startsWith('pagesize='));
  const which = `pod ${pod.metadata.uid}: mounted dir ${path} pagesize`;
  if (option === undefined) throw new OperationError(`${which} is not determined`);
  const mounted = option.slice('pagesize='.length);
  const wanted = medium === 'HugePages' ? mounted : medium.slice('HugePages-'.length);
  if (mounted.replace(/i$/, '') === wanted.replace(/i$/, '')) return;
  throw new OperationError(`${which} '${mounted}' and requested medium size '${wanted}' differ`);
}

function isMounted({ dir, node }: VolumeContext): boolean {
  return node.os !== 'windows' && dir.isMountPoint();
}

/** What is mounted on it now, from the filesystem's magic number. */
function mediumOf(dir: VolumeDirectory): 'Memory' | 'HugePages' | '' {
  if (!dir.isMountPoint()) return '';
  const { type } = asPathError(
    'statfs',
    () => dir.path,
    () => dir.base.statfs(dir.name),
  );
  return type === TMPFS ? 'Memory' : type === HUGETLBFS ? 'HugePages' : '';
}

/**
 * Removes the marker, whatever is mounted, and the directory with all that is in it. Not being there is success.
 * Models pkg/volume/emptydir/empty_dir.go TearDownAt.
 */
export function* tearDownEmptyDirectory(volume: VolumeContext, name: string): Operation {
  const { dir } = volume;
  const marker = markerOf(dir, name);
  if (marker.exists()) yield* marker.removeAll();
  if (!dir.exists()) {
    return volume.log(
      'warning',
      `Warning: Unmount skipped because path does not exist: ${dir.path}`,
    );
  }
  if (volume.node.os !== 'windows' && mediumOf(dir) !== '') yield* dir.unmount();
  yield* dir.removeAll();
}
