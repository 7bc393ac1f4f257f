import type { VersionRules } from '../api/index.ts';
import { messageOf, OperationError } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { asPathError, asSystemError } from '../plugin/index.ts';
import { type Operation, step } from '../sim/index.ts';
import type { Layout } from './layout.ts';
import { removeOneFilesystem } from './remove-one-filesystem.ts';
import { hasMountedVolumes, subPaths, volumePaths } from './volumes-on-disk.ts';

/** What is left of a Pod that nobody knows any more. */
export interface OrphanParts {
  readonly system: NodeSystem;
  readonly rules: VersionRules;
  readonly layout: Layout;
  /** A volume of it may still be mounted. */
  readonly possiblyMounted: (podUid: string) => boolean;
}

/** The Pod, its directory, and what went wrong with it so far. */
interface Orphan extends OrphanParts {
  readonly uid: string;
  readonly pod: Directory;
  /** Of the directory; absolute. */
  readonly base: string;
  readonly errors: OperationError[];
}

/**
 * Removes what a Pod left below `pods/`: nothing while a volume may be mounted, and never a file below `volumes/`. Throws an
 * OperationError that says why it stays. Models pkg/kubelet/kubelet_volumes.go cleanupOrphanedPodDirs.
 */
export function* removePodDirectory(parts: OrphanParts, uid: string): Operation {
  const { layout, rules } = parts;
  demandUnmounted(parts, uid);
  const pod = layout.pods.open(uid);
  const orphan = { ...parts, uid, pod, base: layout.podPath(uid), errors: [] };
  if (rules.before('1.21')) yield* removeWhole(orphan);
  else {
    yield* removeVolumes(orphan);
    demandNone(orphan);
    yield* removeRest(orphan);
  }
  demandNone(orphan);
  layout.forget(uid);
}

/** The code of the error that a volume is still mounted: once it is not, the directory can go. */
export const MOUNTED = 'Mounted';

/** What cannot be looked at counts as mounted. Models podVolumesExist. */
function demandUnmounted({ layout, possiblyMounted }: OrphanParts, uid: string): void {
  let why = 'Orphaned pod found, but volumes are not cleaned up';
  try {
    if (!possiblyMounted(uid) && !hasMountedVolumes(layout, uid)) return;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    why += `: error occurred during checking mounted volumes from disk: ${messageOf(error)}`;
  }
  throw new OperationError(why, { code: MOUNTED });
}

/** The first one is told. */
function demandNone({ errors: [first] }: Orphan): void {
  if (first) throw first;
}

/** Up to 1.20 the directory went in one piece, and any directory of a volume kept it. */
function* removeWhole(orphan: Orphan): Operation {
  const { pod, base, uid, rules, layout } = orphan;
  const orphaned = `orphaned pod "${uid}" found, but`;
  if (volumePaths(pod, base).length > 0)
    throw new OperationError(`${orphaned} volume paths are still present on disk`);
  if (rules.atLeast('1.9') && pod.exists('volume-subpaths'))
    throw new OperationError(`${orphaned} volume subpaths are still present on disk`);
  const why = 'error occurred when trying to remove the pod directory';
  yield* act(orphan, 'remove', base, why, () => removeOneFilesystem(layout.pods, uid, base, 'all'));
}

/** Models removeOrphanedPodVolumeDirs. */
function* removeVolumes(orphan: Orphan): Operation {
  const { pod, base } = orphan;
  for (const path of volumePaths(pod, base)) {
    const why = `failed to rmdir() volume at path ${base}/${path}`;
    yield* act(orphan, 'rmdir', `${base}/${path}`, why, () => asSystemError(() => pod.rmdir(path)));
  }
  const bound = boundPaths(orphan);
  if (!bound) return;
  for (const path of bound) yield* removeSubPath(orphan, path);
  if (!pod.lexists('volumes')) return;
  const why = 'error occurred when trying to remove the volumes dir';
  yield* act(orphan, 'rmdir', `${base}/volumes`, why, () =>
    removeOneFilesystem(pod, 'volumes', `${base}/volumes`, 'directories'),
  );
}

/** Undefined: they cannot be read, and that is an error like others. */
function boundPaths({ pod, base, uid, errors }: Orphan): string[] | undefined {
  try {
    return subPaths(pod, base);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const why = 'error occurred during reading of volume-subpaths dir from disk';
    errors.push(failed(uid, why, error));
    return undefined;
  }
}

function* removeSubPath(orphan: Orphan, path: string): Operation {
  const { pod, base } = orphan;
  const full = `${base}/${path}`;
  const isDirectory = (pod.lstat(path).mode & 0o170000) === 0o040000;
  const remove = (): void => (isDirectory ? pod.rmdir(path) : pod.unlink(path));
  const why = `failed to rmdir() subpath at path ${full}`;
  yield* act(orphan, 'rmdir', full, why, () => asPathError('remove', () => full, remove));
}

/** The directory of volumes is gone: between its removal and this nothing else happens. */
function* removeRest(orphan: Orphan): Operation {
  const { pod, base, uid, layout } = orphan;
  for (const name of children(orphan)) {
    const full = `${base}/${name}`;
    const why = `error occurred when trying to remove subdir "${full}"`;
    yield* act(orphan, 'remove', full, why, () => removeOneFilesystem(pod, name, full, 'all'));
  }
  const why = 'error occurred when trying to remove the pod directory';
  yield* act(orphan, 'rmdir', base, why, () => asSystemError(() => layout.pods.rmdir(uid)));
}

function children({ layout, uid, base }: Orphan): string[] {
  try {
    const read = () => layout.pods.readdir(uid);
    return asPathError('open', () => base, read).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw failed(uid, 'error occurred during reading the pod dir from disk', error);
  }
}

/** One thing that is removed: a failure gets upstream's words, and does not keep the rest from being tried. */
function* act(
  { system, uid, errors }: Orphan,
  name: string,
  path: string,
  why: string,
  action: () => void,
): Operation {
  try {
    yield* step(name, { node: system.name, path }, action);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    errors.push(failed(uid, why, error));
  }
}

function failed(uid: string, why: string, error: OperationError): OperationError {
  const message = `orphaned pod "${uid}" found, but ${why}: ${messageOf(error)}`;
  return new OperationError(message, { cause: error });
}
