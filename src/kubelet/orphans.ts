import type { VersionRules } from '../api/index.ts';
import { messageOf, OperationError } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { asPathError } from '../plugin/index.ts';
import { type Operation, step } from '../sim/index.ts';
import type { Layout } from './layout.ts';

/** What is left of a Pod that nobody knows any more. */
export interface OrphanParts {
  readonly system: NodeSystem;
  readonly rules: VersionRules;
  readonly layout: Layout;
  /** A volume of it may still be mounted. */
  readonly possiblyMounted: (podUid: string) => boolean;
}

/**
 * Removes what a Pod left below `pods/`: nothing while a volume may be mounted, and never a file below `volumes/`. Throws an
 * OperationError that says why it stays. Models pkg/kubelet/kubelet_volumes.go cleanupOrphanedPodDirs.
 */
export function* removePodDirectory(parts: OrphanParts, uid: string): Operation {
  const { layout, possiblyMounted } = parts;
  const pod = layout.pods.open(uid);
  if (possiblyMounted(uid) || hasMounts(pod)) {
    throw new OperationError('Orphaned pod found, but volumes are not cleaned up', {
      code: MOUNTED,
    });
  }
  if (parts.rules.before('1.21')) return yield* removeWhole(parts, pod, uid);
  const errors: OperationError[] = [];
  yield* removeVolumes(parts, pod, uid, errors);
  yield* removeSubPaths(parts, pod, uid, errors);
  yield* removeVolumesDirectory(parts, pod, uid, errors);
  const [first] = errors;
  if (first) throw first;
  yield* removeRest(parts, pod, uid);
  layout.forget(uid);
}

/** Up to 1.20 the directory went in one piece, and any directory of a volume kept it. */
function* removeWhole(parts: OrphanParts, pod: Directory, uid: string): Operation {
  const orphaned = `orphaned pod "${uid}" found, but`;
  if (volumePaths(pod).length > 0)
    throw new OperationError(`${orphaned} volume paths are still present on disk`);
  if (parts.rules.atLeast('1.9') && pod.exists('volume-subpaths'))
    throw new OperationError(`${orphaned} volume subpaths are still present on disk`);
  const { layout } = parts;
  const path = layout.podPath(uid);
  const why = 'error occurred when trying to remove the pod directory';
  yield* act(parts, 'remove', path, why, uid, () => layout.pods.removeAll(uid));
  layout.forget(uid);
}

/** The code of the error that a volume is still mounted: once it is not, the directory can go. */
export const MOUNTED = 'Mounted';

function* removeVolumes(
  parts: OrphanParts,
  pod: Directory,
  uid: string,
  errors: OperationError[],
): Operation {
  for (const path of volumePaths(pod)) {
    const full = `${parts.layout.podPath(uid)}/${path}`;
    const why = `failed to rmdir() volume at path ${full}`;
    yield* collected(
      errors,
      act(parts, 'rmdir', full, why, uid, () => pod.rmdir(path)),
    );
  }
}

/** What is left of directories goes all the same; a file stops it. */
function* removeVolumesDirectory(
  parts: OrphanParts,
  pod: Directory,
  uid: string,
  errors: OperationError[],
): Operation {
  if (!pod.exists('volumes')) return;
  const full = `${parts.layout.podPath(uid)}/volumes`;
  const why = 'error occurred when trying to remove the volumes dir';
  yield* collected(
    errors,
    act(parts, 'rmdir', full, why, uid, () => removeEmpty(pod, 'volumes')),
  );
}

function* removeSubPaths(
  parts: OrphanParts,
  pod: Directory,
  uid: string,
  errors: OperationError[],
): Operation {
  for (const path of subPaths(pod)) {
    const full = `${parts.layout.podPath(uid)}/${path}`;
    const why = `failed to rmdir() subpath at path ${full}`;
    const remove = (): void => (isDirectory(pod, path) ? pod.rmdir(path) : pod.unlink(path));
    yield* collected(errors, act(parts, 'rmdir', full, why, uid, remove));
  }
}

function* subPaths(pod: Directory): Generator<string> {
  for (const volume of names(pod, 'volume-subpaths')) {
    for (const container of names(pod, `volume-subpaths/${volume}`)) {
      const directory = `volume-subpaths/${volume}/${container}`;
      for (const index of names(pod, directory)) yield `${directory}/${index}`;
    }
  }
}

/** One failure does not keep the rest from being tried. */
function* collected(errors: OperationError[], operation: Operation): Operation {
  try {
    yield* operation;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    errors.push(error);
  }
}

function* removeRest(parts: OrphanParts, pod: Directory, uid: string): Operation {
  const base = parts.layout.podPath(uid);
  for (const { name } of pod.readdir()) {
    const full = `${base}/${name}`;
    const why = `error occurred when trying to remove subdir "${full}"`;
    yield* act(parts, 'remove', full, why, uid, () => pod.removeAll(name));
  }
  const why = 'error occurred when trying to remove the pod directory';
  yield* act(parts, 'rmdir', base, why, uid, () => parts.layout.pods.rmdir(uid));
}

/** One thing that is removed; what goes wrong gets upstream's words. */
function* act(
  { system }: OrphanParts,
  name: string,
  path: string,
  why: string,
  uid: string,
  action: () => void,
): Operation {
  try {
    yield* step(name, { node: system.name, path }, () => asPathError('remove', () => path, action));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const words = error.code === 'ENOTEMPTY' ? 'directory not empty' : messageOf(error);
    throw new OperationError(`orphaned pod "${uid}" found, but ${why}: ${words}`, { cause: error });
  }
}

/** Directories without anything in them, deepest first; ENOTEMPTY where there is a file. */
function removeEmpty(pod: Directory, path: string): void {
  for (const name of names(pod, path)) {
    if (isDirectory(pod, `${path}/${name}`)) removeEmpty(pod, `${path}/${name}`);
  }
  pod.rmdir(path);
}

/** Whether something is mounted where a Pod has its volumes. Models getMountedVolumePathListFromDisk. */
export function hasMountedVolumes({ pods }: Layout, uid: string): boolean {
  return pods.exists(uid) && hasMounts(pods.open(uid));
}

function hasMounts(pod: Directory): boolean {
  return volumePaths(pod).some(
    (path) =>
      pod.isMountPoint(path) || (pod.exists(`${path}/mount`) && pod.isMountPoint(`${path}/mount`)),
  );
}

function volumePaths(pod: Directory): string[] {
  return names(pod, 'volumes').flatMap((plugin) =>
    names(pod, `volumes/${plugin}`).map((volume) => `volumes/${plugin}/${volume}`),
  );
}

function names(directory: Directory, path: string): string[] {
  if (!directory.exists(path) || !isDirectory(directory, path)) return [];
  return directory.readdir(path).map(({ name }) => name);
}

function isDirectory(directory: Directory, path: string): boolean {
  return (directory.lstat(path).mode & 0o170000) === 0o040000;
}
