import { OperationError } from '../../base/index.ts';
import { Directory, fileType, inodeOf, type Place } from '../../kernel/index.ts';
import { asPathError, hasBacksteps } from '../../plugin/index.ts';

/**
 * A file below a directory, opened name by name, so that no link is followed, not even one that somebody puts there meanwhile.
 * Throws an OperationError for a link on the way, and for a path that leads out. Models doSafeOpen of
 * pkg/volume/util/subpath/subpath_linux.go.
 */
export function safeOpen(base: Directory, path: string): Place {
  if (hasBacksteps(path)) {
    throw new OperationError(`path "${path}" is not within "${base.path()}"`);
  }
  let at = base;
  let place = base.place;
  for (const name of path.split('/').filter((one) => one !== '' && one !== '.')) {
    const full = (): string => `${at.path()}/${name}`;
    place = asPathError('open', full, () => at.walk(name, false));
    if (fileType(inodeOf(place.entry).mode) === 'symlink') {
      throw new OperationError(`unexpected symlink found ${full()}`);
    }
    at = new Directory(base.caller, place);
  }
  return place;
}
