import { OperationError } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import { asPathError, asSystemError } from '../plugin/index.ts';

/** What is removed: whatever is there, or directories only. */
export type Removed = 'all' | 'directories';

/**
 * Removes a path and all below it, and never goes into something that is mounted. One thing that cannot go does not keep the
 * rest; the first error is thrown, as an OperationError. Models pkg/util/removeall RemoveAllOneFilesystem and
 * RemoveDirsOneFilesystem.
 *
 * @param full the same path, absolute
 */
export function removeOneFilesystem(
  directory: Directory,
  path: string,
  full: string,
  what: Removed,
): void {
  if (!directory.lexists(path)) return;
  if (!isDirectory(directory, path)) {
    if (what === 'all')
      return asPathError(
        'remove',
        () => full,
        () => directory.unlink(path),
      );
    return asSystemError(() => directory.rmdir(path));
  }
  if (directory.isMountPoint(path)) {
    throw new OperationError(`cannot delete directory ${full}: it is a mount point`);
  }
  const failed = removeChildren(directory, path, full, what);
  const call = (): void => directory.rmdir(path);
  try {
    if (what === 'all') asPathError('remove', () => full, call);
    else asSystemError(call);
  } catch (error) {
    throw failed ?? error;
  }
}

function removeChildren(
  directory: Directory,
  path: string,
  full: string,
  what: Removed,
): OperationError | undefined {
  let first: OperationError | undefined;
  for (const { name } of asPathError(
    'open',
    () => full,
    () => directory.readdir(path),
  )) {
    try {
      removeOneFilesystem(directory, `${path}/${name}`, `${full}/${name}`, what);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      first ??= error;
    }
  }
  return first;
}

function isDirectory(directory: Directory, path: string): boolean {
  return (directory.lstat(path).mode & 0o170000) === 0o040000;
}
