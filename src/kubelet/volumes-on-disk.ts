import { messageOf, OperationError, quoted } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import { asPathError, isDirectoryLink } from '../plugin/index.ts';
import type { Layout } from './layout.ts';

/** Told of a directory of a Pod that could not be read, before that is thrown. */
export type Unread = (path: string, error: Error) => void;

/**
 * Whether something is mounted where a Pod has its volumes. Throws an OperationError when that cannot be read. Models
 * getMountedVolumePathListFromDisk.
 */
export function hasMountedVolumes(layout: Layout, uid: string, unread?: Unread): boolean {
  if (!layout.pods.exists(uid)) return false;
  const pod = openPod(layout, uid);
  return volumePaths(pod, layout.podPath(uid), unread).some(
    (path) =>
      isMounted(pod, path) || (pod.exists(`${path}/mount`) && isMounted(pod, `${path}/mount`)),
  );
}

/** On Windows a link stands for what is mounted. */
function isMounted(pod: Directory, path: string): boolean {
  const os = pod.caller.kernel.paths === undefined ? 'linux' : 'windows';
  return isDirectoryLink({ os }, pod, path) || pod.isMountPoint(path);
}

/** Where a file is in its place, nothing can be told of its volumes. */
function openPod(layout: Layout, uid: string): Directory {
  const path = `${layout.podPath(uid)}/volumes`;
  try {
    return asPathError(
      'stat',
      () => path,
      () => layout.pods.open(uid),
    );
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const message = `error checking if path ${quoted(path)} exists: ${messageOf(error)}`;
    throw new OperationError(message, { cause: error });
  }
}

/** The same, where what cannot be read counts as mounted. Models podVolumesExist. */
export function mayHaveMountedVolumes(layout: Layout, uid: string): boolean {
  try {
    return hasMountedVolumes(layout, uid);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return true;
  }
}

/**
 * Where the volumes of a Pod are, below its directory. Throws an OperationError when that cannot be read. Models
 * getPodVolumePathListFromDisk.
 */
export function volumePaths(pod: Directory, base: string, unread?: Unread): string[] {
  return names(pod, 'volumes', base, unread).flatMap((plugin) =>
    below(pod, `volumes/${plugin}`, base, 'readdirent').map(
      (volume) => `volumes/${plugin}/${volume}`,
    ),
  );
}

/** What was bound for subPaths. Throws as volumePaths does. Models getPodVolumeSubpathListFromDisk. */
export function subPaths(pod: Directory, base: string, unread?: Unread): string[] {
  return names(pod, 'volume-subpaths', base, unread).flatMap((volume) =>
    below(pod, `volume-subpaths/${volume}`, base, 'open').flatMap((container) => {
      const directory = `volume-subpaths/${volume}/${container}`;
      return below(pod, directory, base, 'readdirent').map((index) => `${directory}/${index}`);
    }),
  );
}

/** None when the directory is missing. */
function names(pod: Directory, path: string, base: string, unread?: Unread): string[] {
  if (!pod.exists(path)) return [];
  try {
    return read(pod, path, base, 'open');
  } catch (error) {
    if (error instanceof OperationError) unread?.(`${base}/${path}`, error);
    throw error;
  }
}

function below(pod: Directory, path: string, base: string, call: string): string[] {
  try {
    return read(pod, path, base, call);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const message = `could not read directory ${base}/${path}: ${messageOf(error)}`;
    throw new OperationError(message, { cause: error });
  }
}

/** `call`: how Go names what failed. It opens what it takes for a directory, and lists what it does not. */
function read(pod: Directory, path: string, base: string, call: string): string[] {
  const entries = asPathError(
    call,
    () => `${base}/${path}`,
    () => pod.readdir(path),
  );
  return entries.map(({ name }) => name);
}
