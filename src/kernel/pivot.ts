import type { Place } from './caller.ts';
import { fail } from './errno.ts';
import { isUnder } from './memfs.ts';
import { attachMount, detachMount, type Mount } from './mount.ts';

/**
 * Makes `target` the root of a tree of mounts, and mounts the root that was at `putOld`. EINVAL when it is no mount point, when `putOld`
 * is not below it, or when one of the mounts that they are on is shared; EBUSY when one of the two is on the root. Models
 * path_pivot_root of fs/namespace.c.
 */
export function pivot(root: Mount, target: Place, putOld: Place): void {
  const { mount } = target;
  if (putOld.mount.group !== undefined || mount.parent?.group !== undefined) fail('EINVAL');
  if (target.entry.dead) fail('ENOENT');
  if (mount === root || putOld.mount === root) fail('EBUSY');
  if (target.entry !== mount.root || mount.parent === undefined) fail('EINVAL');
  if (!isReachable(putOld, target)) fail('EINVAL');
  detachMount(mount);
  attachMount(root, putOld.mount, putOld.entry);
}

/** Models is_path_reachable. */
function isReachable(place: Place, from: Place): boolean {
  let { mount, entry } = place;
  while (mount !== from.mount) {
    const { parent, mountPoint } = mount;
    if (parent === undefined || mountPoint === undefined) return false;
    mount = parent;
    entry = mountPoint;
  }
  return isUnder(entry, from.entry);
}
