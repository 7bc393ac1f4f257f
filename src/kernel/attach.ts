import { fail } from './errno.ts';
import type { Entry } from './memfs.ts';
import { attachMount, detachMount, type Mount } from './mount.ts';
import { discard, put } from './mount-tree.ts';
import type { MountNamespace } from './namespace.ts';
import { propagate, propagationTargets } from './propagation.ts';

/** Where a tree of mounts goes. */
export interface Destination {
  readonly namespace: MountNamespace;
  readonly parent: Mount;
  readonly mountPoint: Entry;
}

/** Attaches a new tree of mounts, and copies of it wherever that propagates to. ENOSPC. Models attach_recursive_mnt. */
export function attachTree(source: Mount, to: Destination): void {
  try {
    demandRoom(source, to, to.namespace.size + count(source));
  } catch (error) {
    discard(source);
    throw error;
  }
  const copies = propagate(source, to.parent, to.mountPoint, attachMount);
  put(source, to.parent, to.mountPoint, false);
  for (const [copy, on] of copies) put(copy, on, to.mountPoint, false);
}

/** Moves a tree of mounts, and attaches copies of it wherever the new place propagates to. ENOSPC. */
export function moveTree(source: Mount, to: Destination): void {
  demandRoom(source, to, to.namespace.size);
  const copies = propagate(source, to.parent, to.mountPoint, attachMount);
  detachMount(source);
  put(source, to.parent, to.mountPoint, true);
  for (const [copy, on] of copies) put(copy, on, to.mountPoint, false);
}

function count(tree: Mount): number {
  let mounts = 1;
  if (tree.children !== undefined) for (const one of tree.children.values()) mounts += count(one);
  return mounts;
}

/** ENOSPC when a namespace would have too many mounts. Models count_mounts. */
function demandRoom(source: Mount, to: Destination, size: number): void {
  const { mountMax } = to.namespace.kernel;
  if (size > mountMax) fail('ENOSPC');
  const targets = propagationTargets(source, to.parent, to.mountPoint);
  if (targets.length === 0) return;
  const more = count(source);
  const sizes = new Map<MountNamespace, number>([[to.namespace, size]]);
  for (const { namespace } of targets) {
    if (namespace === undefined) continue;
    sizes.set(namespace, (sizes.get(namespace) ?? namespace.size) + more);
  }
  for (const one of sizes.values()) if (one > mountMax) fail('ENOSPC');
}
