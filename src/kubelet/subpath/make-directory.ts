import { OperationError } from '../../base/index.ts';
import { Directory, isKernelError, readPath } from '../../kernel/index.ts';
import { asPathError, cleanPath } from '../../plugin/index.ts';
import { isWithin } from './names.ts';

/**
 * Makes a directory below a volume, with missing parents, all of the given mode whatever the umask. Links on the way are
 * followed only as long as they stay inside. Throws an OperationError otherwise. Models
 * pkg/volume/util/subpath/subpath_linux.go doSafeMakeDir.
 */
export function makeDirectoryInside(volume: Directory, subPath: string, mode: number): void {
  const parts = cleanPath(readPath(volume.caller, subPath))
    .split('/')
    .filter((part) => part !== '.');
  const base = volume.path();
  let at = volume;
  for (const [i, part] of parts.entries()) {
    const next = existing(at, part);
    if (!next) return makeAll(at, parts.slice(i), mode);
    if (!isWithin(next.path(), base)) {
      throw new OperationError(`path ${next.path()} is outside of allowed base ${base}`);
    }
    at = next;
  }
}

/** The directory of that name, links followed; undefined when nothing has that name. */
function existing(directory: Directory, name: string): Directory | undefined {
  const path = (): string => `${directory.path()}/${name}`;
  if (!directory.lexists(name)) return undefined;
  return asPathError('open', path, () => directory.open(name));
}

/** Nothing that can be made here can be a link, unless somebody else put it there meanwhile. */
function makeAll(parent: Directory, names: readonly string[], mode: number): void {
  let at = parent;
  for (const name of names) {
    const path = (): string => `${at.path()}/${name}`;
    asPathError('mkdir', path, () => {
      try {
        at.mkdir(name, mode);
      } catch (error) {
        if (!isKernelError(error, 'EEXIST')) throw error;
      }
    });
    const made = new Directory(at.caller, at.walk(name, false));
    asPathError('chmod', path, () => made.chmod('.', mode));
    at = made;
  }
}
