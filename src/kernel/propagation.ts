import type { Entry } from './memfs.ts';
import { isUnder } from './memfs.ts';
import { type Mount, mountOn, mountsBelow, mountTree } from './mount.ts';
import { joinGroup, type PeerGroup, setMaster } from './peer-group.ts';

/** How a copy of a mount takes part in propagation. */
export interface CloneFlags {
  /** It becomes a slave of the original's peers. */
  readonly slave?: boolean;
  /** It becomes shared, in a group of its own if need be. */
  readonly shared?: boolean;
}

/** A mount like another, at an entry of the same filesystem. Models clone_mnt. */
export function cloneMount(old: Mount, root: Entry, flags: CloneFlags = {}): Mount {
  const { kernel } = old.fileSystem;
  const mount = kernel.newMount(old.fileSystem, root);
  mount.flags = old.flags;
  if (flags.slave) setMaster(mount, old.group);
  else {
    if (old.group !== undefined) joinGroup(mount, old.group);
    setMaster(mount, old.master);
  }
  if (flags.shared && mount.group === undefined) joinGroup(mount, kernel.newGroup());
  return mount;
}

/** Where a copy puts a child of the tree it copies. */
type Attach = (mount: Mount, parent: Mount, mountPoint: Entry) => void;

/** A copy of a mount and what is mounted below `root`; unbindable ones are left out unless `unbindable`. Models copy_tree. */
export function copyTree(
  source: Mount,
  root: Entry,
  attach: Attach,
  flags: CloneFlags = {},
  unbindable = false,
): Mount {
  const top = cloneMount(source, root, flags);
  copyChildren(source, top, root, attach, flags, unbindable);
  return top;
}

function copyChildren(
  from: Mount,
  to: Mount,
  root: Entry,
  attach: Attach,
  flags: CloneFlags,
  unbindable: boolean,
): void {
  for (const child of mountsBelow(from, root)) {
    const point = child.mountPoint;
    if (point === undefined || (child.unbindable && !unbindable)) continue;
    const copy = cloneMount(child, child.root, flags);
    attach(copy, to, point);
    copyChildren(child, copy, child.root, attach, flags, unbindable);
  }
}

/** Copies of a tree for every mount that a mount on `parent` propagates to. Models propagate_mnt of fs/pnode.c. */
export function propagate(
  source: Mount,
  parent: Mount,
  mountPoint: Entry,
  attach: Attach,
): [Mount, Mount][] {
  const copies: [Mount, Mount][] = [];
  if (parent.group === undefined) return copies;
  const fresh = unsharedIn(source);
  for (const mount of fresh) joinGroup(mount, mount.fileSystem.kernel.newGroup());
  spread(source, parent, mountPoint, fresh, (mount, from, flags) => {
    const copy = copyTree(from, from.root, attach, flags);
    copies.push([copy, mount]);
    return copy;
  });
  return copies;
}

/** The mounts that a mount on `parent` propagates to. */
export function propagationTargets(source: Mount, parent: Mount, mountPoint: Entry): Mount[] {
  const targets: Mount[] = [];
  if (parent.group === undefined) return targets;
  spread(source, parent, mountPoint, unsharedIn(source), (mount) => {
    targets.push(mount);
    return source;
  });
  return targets;
}

/** What is moved may receive from where it goes, and does so as it was before it became shared. */
function unsharedIn(source: Mount): Set<Mount> {
  const found = new Set<Mount>();
  for (const mount of mountTree(source)) if (mount.group === undefined) found.add(mount);
  return found;
}

function spread(
  source: Mount,
  parent: Mount,
  mountPoint: Entry,
  fresh: ReadonlySet<Mount>,
  put: Spread['put'],
): void {
  const { group } = parent;
  if (group === undefined) return;
  const reaches = (mount: Mount): boolean =>
    mount.namespace !== undefined && isUnder(mountPoint, mount.root);
  for (const peer of group.members) {
    if (peer !== parent && !fresh.has(peer) && reaches(peer)) put(peer, source, {});
  }
  toSlaves(group, source, { seen: new Set([group]), fresh, reaches, put });
}

interface Spread {
  readonly seen: Set<PeerGroup>;
  /** Mounts of the source that were not shared. */
  readonly fresh: ReadonlySet<Mount>;
  reaches(mount: Mount): boolean;
  put(mount: Mount, from: Mount, flags: CloneFlags): Mount;
}

function toSlaves(group: PeerGroup, source: Mount, spread: Spread): void {
  for (const slave of [...group.slaves]) {
    if (slave.group === undefined || spread.fresh.has(slave)) {
      if (spread.reaches(slave)) spread.put(slave, source, { slave: true });
      continue;
    }
    if (spread.seen.has(slave.group)) continue;
    spread.seen.add(slave.group);
    let here: Mount | undefined;
    for (const member of slave.group.members) {
      if (spread.fresh.has(member) || !spread.reaches(member)) continue;
      if (here === undefined) here = spread.put(member, source, { slave: true, shared: true });
      else spread.put(member, here, {});
    }
    toSlaves(slave.group, here ?? source, spread);
  }
}

/** Every mount that a change on this one reaches: its peers, their slaves, and so on. Models propagation_next. */
export function* receivers(mount: Mount): Generator<Mount, void, undefined> {
  const { group } = mount;
  if (group === undefined) return;
  for (const peer of group.members) if (peer !== mount) yield peer;
  const seen = new Set([group]);
  const groups = [group];
  for (let at = groups.pop(); at !== undefined; at = groups.pop()) {
    for (const slave of at.slaves) {
      yield slave;
      if (slave.group === undefined || seen.has(slave.group)) continue;
      seen.add(slave.group);
      groups.push(slave.group);
      for (const peer of slave.group.members) if (peer !== slave) yield peer;
    }
  }
}

/** Whether a mount has nothing on it but what covers its whole root. */
export function onlyCovered(mount: Mount): boolean {
  const children = mount.children;
  return (
    children === undefined ||
    children.size === 0 ||
    (children.size === 1 && mountOn(mount, mount.root) !== undefined)
  );
}

/** The mounts elsewhere that go with these: the largest set of which each has only children that go too, or one on its own root. */
export function unmountedElsewhere(going: ReadonlySet<Mount>): Set<Mount> {
  const others = new Set<Mount>();
  for (const mount of going) {
    const { parent, mountPoint } = mount;
    if (parent === undefined || mountPoint === undefined) continue;
    for (const receiver of receivers(parent)) {
      const other = mountOn(receiver, mountPoint);
      if (other !== undefined && !going.has(other)) others.add(other);
    }
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const other of others) {
      if (goes(other, others, going)) continue;
      others.delete(other);
      changed = true;
    }
  }
  return others;
}

function goes(mount: Mount, others: ReadonlySet<Mount>, going: ReadonlySet<Mount>): boolean {
  for (const child of mount.children?.values() ?? []) {
    if (leavesSomething(child, others, going) && child.mountPoint !== mount.root) return false;
  }
  return true;
}

/** Whether a mount stays, or goes and has something on its root that slides down to where it was. */
function leavesSomething(
  mount: Mount,
  others: ReadonlySet<Mount>,
  going: ReadonlySet<Mount>,
): boolean {
  if (going.has(mount)) return false;
  if (!others.has(mount)) return true;
  for (const child of mount.children?.values() ?? []) {
    if (leavesSomething(child, others, going)) return true;
  }
  return false;
}
