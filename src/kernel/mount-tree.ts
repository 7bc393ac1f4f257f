import type { Place } from './caller.ts';
import type { Entry } from './memfs.ts';
import { attachMount, detachMount, type Mount, mountOn, mountTree } from './mount.ts';
import { makePrivate } from './peer-group.ts';
import { topOf } from './walk.ts';

/** Forgets a tree of mounts that was never attached. */
export function discard(tree: Mount): void {
  for (const mount of [...mountTree(tree)]) {
    detachMount(mount);
    makePrivate(mount);
    mount.releaseIfUnused();
  }
}

/** Attaches a copy; what was there already moves on top of it. Models attach_recursive_mnt with its tucking. */
export function put(copy: Mount, on: Mount, mountPoint: Entry, moved: boolean): void {
  const under = mountOn(on, mountPoint);
  if (under !== undefined) detachMount(under);
  attachMount(copy, on, mountPoint);
  const { namespace } = on;
  for (const mount of mountTree(copy)) {
    if (namespace !== undefined && !moved) namespace.size++;
    mount.namespace = namespace;
  }
  if (under === undefined) return;
  const top = topOf(copy, copy.root);
  attachMount(under, top.mount, top.entry);
}

/** What stays of the children of mounts that go: it slides down to where the lowest of those was. */
export function slidesOf(gone: ReadonlySet<Mount>): [Mount, Mount, Entry][] {
  const slides: [Mount, Mount, Entry][] = [];
  for (const mount of gone) {
    for (const child of mount.children?.values() ?? []) {
      if (gone.has(child)) continue;
      const place = firstKept(mount, gone);
      if (place !== undefined) slides.push([child, place.mount, place.entry]);
    }
  }
  return slides;
}

function firstKept(mount: Mount, gone: ReadonlySet<Mount>): Place | undefined {
  let at = mount;
  for (;;) {
    const { parent, mountPoint } = at;
    if (parent === undefined || mountPoint === undefined) return undefined;
    if (!gone.has(parent)) return { mount: parent, entry: mountPoint };
    at = parent;
  }
}
