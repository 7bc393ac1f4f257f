import { OperationError } from '../base/index.ts';
import { asPathError, asSystemError } from '../plugin/index.ts';
import type { Operation } from '../sim/index.ts';
import { failed, type Orphan, sayUnread, tryTo } from './orphan.ts';
import { removeOneFilesystem } from './remove-one-filesystem.ts';
import { subPaths, volumePaths } from './volumes-on-disk.ts';

/** Only what is empty is removed. Models removeOrphanedPodVolumeDirs of pkg/kubelet/kubelet_volumes.go. */
export function* removeVolumes(orphan: Orphan): Operation {
  const { pod, base } = orphan;
  for (const path of volumePaths(pod, base)) {
    const why = `failed to rmdir() volume at path ${base}/${path}`;
    yield* remove(orphan, `${base}/${path}`, why, () => asSystemError(() => pod.rmdir(path)));
  }
  const bound = boundPaths(orphan);
  if (!bound) return;
  for (const path of bound) yield* removeSubPath(orphan, path);
  if (!pod.lexists('volumes')) return;
  const why = 'error occurred when trying to remove the volumes dir';
  yield* remove(orphan, `${base}/volumes`, why, () =>
    removeOneFilesystem(pod, 'volumes', `${base}/volumes`, 'directories'),
  );
}

/** Undefined: they cannot be read, and that is an error like others. */
function boundPaths(orphan: Orphan): string[] | undefined {
  const { pod, base, log } = orphan;
  try {
    return subPaths(pod, base, (path, error) => sayUnread(log, path, error));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const why = 'error occurred during reading of volume-subpaths dir from disk';
    failed(orphan, 'volumes', why, error);
    return undefined;
  }
}

function* removeSubPath(orphan: Orphan, path: string): Operation {
  const { pod, base } = orphan;
  const full = `${base}/${path}`;
  const take = (): void => {
    const isDirectory = (pod.lstat(path).mode & 0o170000) === 0o040000;
    if (isDirectory) pod.rmdir(path);
    else pod.unlink(path);
  };
  const why = `failed to rmdir() subpath at path ${full}`;
  yield* remove(orphan, full, why, () => asPathError('remove', () => full, take));
}

function* remove(orphan: Orphan, path: string, why: string, action: () => void): Operation {
  const error = yield* tryTo(orphan, 'rmdir', path, action);
  if (error) failed(orphan, 'volumes', why, error);
}
