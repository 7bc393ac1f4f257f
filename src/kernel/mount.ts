import type { FileSystem } from './file-system.ts';
import { type Entry, inodeOf, isUnder } from './memfs.ts';
import { MountMarks } from './mount-marks.ts';
import { releaseIfUnused } from './names.ts';
import type { MountNamespace } from './namespace.ts';
import type { PeerGroup } from './peer-group.ts';

/** Per-mount flags, by the names of mount(8). */
export const MNT_RDONLY = 1;
export const MNT_NOSUID = 2;
export const MNT_NODEV = 4;
export const MNT_NOEXEC = 8;
export const MNT_NOATIME = 16;
export const MNT_NODIRATIME = 32;
export const MNT_RELATIME = 64;
export const MNT_NOSYMFOLLOW = 128;

/**
 * A filesystem, or a part of it, at a place of a namespace's tree. `entry` is its root in the filesystem, `mountPoint` the entry of
 * `parent` that it covers. Models fs/mount.h.
 */
export class Mount {
  readonly id: number;
  readonly fileSystem: FileSystem;
  readonly root: Entry;
  flags: number = MNT_RELATIME;
  /** None for the root of a namespace and for what is not attached. */
  parent: Mount | undefined = undefined;
  mountPoint: Entry | undefined = undefined;
  /** What is mounted on it, by mount point; made with the first. */
  children: Map<Entry, Mount> | undefined = undefined;
  /** Its place among its parent's children: older ones have smaller numbers. */
  order = 0;
  /** How many children it ever had. */
  attached = 0;
  /** None when it was unmounted. */
  namespace: MountNamespace | undefined = undefined;
  /** Its peers, when it is shared. */
  group: PeerGroup | undefined = undefined;
  /** The peers it receives from, when it is a slave. */
  master: PeerGroup | undefined = undefined;
  unbindable = false;
  /** Open files and working directories that hold it. */
  busy = 0;
  /** Files in it that are open for writing. */
  writers = 0;
  /** Its hold on the filesystem was given up. */
  released = false;
  /** Other mounts on the same entry, in any namespace. */
  nextOnEntry: Mount | undefined = undefined;
  previousOnEntry: Mount | undefined = undefined;

  constructor(id: number, fileSystem: FileSystem, root: Entry) {
    this.id = id;
    this.fileSystem = fileSystem;
    this.root = root;
    fileSystem.mounts++;
    inodeOf(root).opens++;
  }

  /** Lets go of the filesystem once it is neither attached nor held by an open file. */
  releaseIfUnused(): void {
    if (this.namespace !== undefined || this.busy > 0 || this.released) return;
    this.released = true;
    const root = inodeOf(this.root);
    root.opens--;
    releaseIfUnused(root);
    this.fileSystem.unmounted();
  }

  get readOnly(): boolean {
    return (this.flags & MNT_RDONLY) !== 0;
  }
}

/** Puts a mount on an entry of its new parent. Models mnt_set_mountpoint and attach_mnt. */
export function attachMount(mount: Mount, parent: Mount, mountPoint: Entry): void {
  mount.parent = parent;
  mount.mountPoint = mountPoint;
  parent.children ??= new Map();
  parent.children.set(mountPoint, mount);
  const first = mountPoint.mounted;
  mount.order = parent.attached++;
  mount.nextOnEntry = first;
  if (first !== undefined) first.previousOnEntry = mount;
  else (parent.fileSystem.marks ??= new MountMarks()).add(mountPoint);
  mountPoint.mounted = mount;
}

/** Takes a mount off its parent. Models detach_mnt. */
export function detachMount(mount: Mount): void {
  const { parent, mountPoint, nextOnEntry, previousOnEntry } = mount;
  if (parent === undefined || mountPoint === undefined) return;
  parent.children?.delete(mountPoint);
  if (nextOnEntry !== undefined) nextOnEntry.previousOnEntry = previousOnEntry;
  if (previousOnEntry !== undefined) previousOnEntry.nextOnEntry = nextOnEntry;
  else mountPoint.mounted = nextOnEntry;
  if (mountPoint.mounted === undefined) parent.fileSystem.marks?.remove(mountPoint);
  mount.parent = mount.mountPoint = mount.nextOnEntry = mount.previousOnEntry = undefined;
}

/** What is mounted on an entry of a mount. */
export function mountOn(mount: Mount, entry: Entry): Mount | undefined {
  return entry.mounted === undefined ? undefined : mount.children?.get(entry);
}

/** From how many children on it pays to look for those below an entry by the marks. */
const MANY = 8;

/** What is mounted on a mount at an entry or below it, oldest first. */
export function mountsBelow(mount: Mount, entry: Entry): Mount[] {
  const { children, fileSystem } = mount;
  if (children === undefined || children.size === 0) return [];
  if (entry === mount.root) return [...children.values()];
  if (children.size < MANY) {
    return [...children].filter(([point]) => isUnder(point, entry)).map(([, child]) => child);
  }
  const found: Mount[] = [];
  for (const point of fileSystem.marks?.points(entry) ?? []) {
    const child = children.get(point);
    if (child !== undefined) found.push(child);
  }
  return found.sort((a, b) => a.order - b.order);
}

/** A mount and all below it, parents first, oldest first. */
export function* mountTree(mount: Mount): Generator<Mount, void, undefined> {
  yield mount;
  if (mount.children !== undefined) {
    for (const child of mount.children.values()) yield* mountTree(child);
  }
}

/** Whether something is mounted on an entry in a namespace. Models is_local_mountpoint. */
export function isLocalMountPoint(entry: Entry, namespace: MountNamespace): boolean {
  for (let at = entry.mounted; at !== undefined; at = at.nextOnEntry) {
    if (at.namespace === namespace) return true;
  }
  return false;
}
