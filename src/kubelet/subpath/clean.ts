import { messageOf, OperationError } from '../../base/index.ts';
import { type Directory, fileType } from '../../kernel/index.ts';
import type { NodeSystem } from '../../outside/index.ts';
import { asPathError, cleanupMountPoint, VolumeDirectory } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { Layout } from '../layout.ts';

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
  if (podDirectory.readdir('volume-subpaths').length === 0) {
    yield* remove(system, podDirectory, 'volume-subpaths');
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
