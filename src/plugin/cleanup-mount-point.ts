import { OperationError } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import type { VolumeDirectory } from './volume-directory.ts';

/**
 * Unmounts a directory and removes it; one that is not there is fine. Only an empty directory is removed, so that data below a
 * mount that failed is never lost. Throws an OperationError `failed to cleanup mount point /p` when something else is still mounted
 * there. Models k8s.io/mount-utils mount_helper_unix.go CleanupMountPoint.
 */
export function* cleanupMountPoint(dir: VolumeDirectory): Operation {
  if (!dir.exists()) return;
  if (dir.isMountPoint()) yield* dir.unmount();
  if (dir.isMountPoint()) throw new OperationError(`failed to cleanup mount point ${dir.path}`);
  // On Windows a link was there, and nothing is below it.
  if (dir.exists()) yield* dir.rmdir();
}
