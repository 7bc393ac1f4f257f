import { OperationError } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import type { FileSteps } from './file-steps.ts';
import type { OwnershipProgress, VolumeContext } from './types.ts';

const READ_WRITE = 0o660;
const READ_ONLY = 0o440;
const EXECUTE = 0o110;
const SETGID = 0o2000;

/** Whose a volume's files shall be. */
export interface OwnershipOptions {
  /** The volume is read-only for containers: the group may only read. */
  readonly readOnly: boolean;
  /** Default: always the whole tree. */
  readonly policy?: 'Always' | 'OnRootMismatch' | undefined;
}

type OwnedVolume = Pick<
  VolumeContext,
  'fsGroup' | 'dir' | 'node' | 'log' | 'ownershipProgress' | 'onOwned'
>;

/**
 * Gives a volume to the Pod's fsGroup: group, permission bits and setgid, children before their directory. Without an fsGroup,
 * and on Windows, nothing happens. What fails is logged, and the walk goes on.
 * Models pkg/volume/volume_linux.go ChangePermissions.
 */
export function* setVolumeOwnership(volume: OwnedVolume, options: OwnershipOptions): Operation {
  const { fsGroup, node, onOwned } = volume;
  if (fsGroup === undefined || node.os === 'windows') return;
  const { simulation } = node;
  const start = simulation.now;
  let failed = true;
  try {
    yield* changeOwnership(volume, fsGroup, options);
    failed = false;
  } finally {
    onOwned?.((simulation.now - start) / 1000, failed);
  }
}

function* changeOwnership(
  volume: OwnedVolume,
  fsGroup: number,
  options: OwnershipOptions,
): Operation {
  const { dir } = volume;
  const root = dir.stat();
  const bits = options.readOnly ? READ_ONLY : READ_WRITE;
  if (options.policy === 'OnRootMismatch' && isOwned(root, fsGroup, bits)) return;
  const { ownershipProgress: progress } = volume;
  const log = (message: string): void => volume.log('error', message);
  const walk: Walk = { files: dir.files(), gid: fsGroup, bits, log, progress };
  progress?.begin();
  try {
    yield* changeChildren(walk, '');
    yield* change(walk, '', false);
  } finally {
    progress?.end();
  }
}

interface Walk {
  readonly files: FileSteps;
  readonly gid: number;
  readonly bits: number;
  readonly log: (message: string) => void;
  readonly progress: OwnershipProgress | undefined;
}

/** The root has the group, setgid, and at least the bits that the walk would give. */
function isOwned(root: { gid: number; mode: number }, gid: number, bits: number): boolean {
  const wanted = bits | EXECUTE | SETGID;
  return root.gid === gid && (root.mode & wanted) === wanted;
}

function* changeChildren(walk: Walk, directory: string): Operation {
  for (const { name, type } of walk.files.directory.readdir(directory === '' ? '.' : directory)) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (type === 'directory') yield* changeChildren(walk, path);
    yield* change(walk, path, type === 'symlink');
  }
}

function* change(walk: Walk, path: string, isLink: boolean): Operation {
  const { files, gid, bits } = walk;
  walk.progress?.change();
  const place = path === '' ? '.' : path;
  const { mode } = files.directory.lstat(place);
  yield* logged(walk, files.lchown(place, -1, gid));
  if (isLink) return;
  const isDirectory = (mode & 0o170000) === 0o040000;
  const wanted = (mode & 0o7777) | bits | (isDirectory ? EXECUTE | SETGID : 0);
  yield* logged(walk, files.chmod(place, wanted));
}

function* logged(walk: Walk, operation: Operation): Operation {
  try {
    yield* operation;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    walk.log(`Failed to change ownership: ${error.message}`);
  }
}
