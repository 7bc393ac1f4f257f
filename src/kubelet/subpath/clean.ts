import { messageOf, OperationError } from '../../base/index.ts';
import { type Directory, fileType } from '../../kernel/index.ts';
import type { NodeSystem } from '../../outside/index.ts';
import { asPathError, cleanupMountPoint, VolumeDirectory } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { Layout } from '../layout.ts';
import { isWithin } from './names.ts';

/**
 * Takes away the binds that containers of a Pod had of one volume, and the directories that are empty then. It works from the
 * disk, so that a kubelet that was restarted finds them. Models pkg/volume/util/subpath doCleanSubPaths.
 */
export function* cleanSubPaths(
  { system, layout }: { readonly system: NodeSystem; readonly layout: Layout },
  podUid: string,
  innerName: string,
): Operation {
  const pods = layout.pods;
  if (!pods.exists(`${podUid}/volume-subpaths/${innerName}`)) return;
  const podDirectory = layout.pod(podUid);
  const top = `volume-subpaths/${innerName}`;
  for (const container of directoriesOf(podDirectory, top)) {
    const directory = `${top}/${container}`;
    for (const { name } of podDirectory.readdir(directory)) {
      yield* cleanOne(system, { podDirectory, directory, name, volume: innerName });
    }
    yield* remove(system, podDirectory, directory);
  }
  yield* remove(system, podDirectory, top);
  yield* removeEmptyDirectories(system, podDirectory, { base: '', end: 'volume-subpaths' });
}

/**
 * Removes a directory and those above it, as long as they are empty, down to but without the base. Throws an OperationError for
 * what is no directory, or not below the base. Models removeEmptyDirs of pkg/volume/util/subpath/subpath_linux.go.
 */
export function* removeEmptyDirectories(
  node: NodeSystem,
  directory: Directory,
  { base, end }: { readonly base: string; readonly end: string },
): Operation {
  if (base !== '' && !isWithin(end, base)) {
    throw new OperationError(`endDir "${end}" is not within baseDir "${base}"`);
  }
  for (let at = end; at !== base && at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    if (!directory.lexists(at)) continue;
    if (!isDirectoryAt(directory, at)) {
      throw new OperationError(`path "${directory.path()}/${at}" not a directory`);
    }
    if (directory.readdir(at).length > 0) return;
    yield* remove(node, directory, at);
  }
}

interface Bind {
  readonly podDirectory: Directory;
  readonly directory: string;
  readonly name: string;
  readonly volume: string;
}

function* cleanOne(node: NodeSystem, { podDirectory, directory, name, volume }: Bind): Operation {
  const path = `${directory}/${name}`;
  const place = new VolumeDirectory(podDirectory, path, { node, volume });
  try {
    if (isDirectoryAt(podDirectory, path)) yield* cleanupMountPoint(place);
    else yield* cleanFile(podDirectory, place, path);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const base = podDirectory.path();
    throw new OperationError(
      `error processing ${base}/${directory}: error cleaning subpath mount ${base}/${path}: ${messageOf(error)}`,
      { code: error.code, cause: error },
    );
  }
}

/** A bound file has a file below. */
function* cleanFile(podDirectory: Directory, place: VolumeDirectory, path: string): Operation {
  if (podDirectory.isMountPoint(path)) yield* place.unmount();
  yield* step('unlink', place.subject(), () =>
    asPathError(
      'remove',
      () => place.path,
      () => podDirectory.unlink(path),
    ),
  );
}

function* remove(node: NodeSystem, podDirectory: Directory, name: string): Operation {
  const path = (): string => `${podDirectory.path()}/${name}`;
  yield* step('rmdir', { node: node.name, path: path() }, () =>
    asPathError('remove', path, () => podDirectory.rmdir(name)),
  );
}

function directoriesOf(directory: Directory, path: string): string[] {
  return directory
    .readdir(path)
    .map(({ name }) => name)
    .filter((name) => isDirectoryAt(directory, `${path}/${name}`))
    .sort();
}

function isDirectoryAt(directory: Directory, path: string): boolean {
  return fileType(directory.lstat(path).mode) === 'directory';
}
