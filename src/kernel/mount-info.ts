import { inodeOf, pathInside } from './memfs.ts';
import {
  MNT_NOATIME,
  MNT_NODEV,
  MNT_NODIRATIME,
  MNT_NOEXEC,
  MNT_NOSUID,
  MNT_NOSYMFOLLOW,
  MNT_RELATIME,
  type Mount,
} from './mount.ts';
import type { MountNamespace } from './namespace.ts';

/** One line of /proc/self/mountinfo. */
export interface MountInfo {
  /** Unique in the kernel, never used again. */
  readonly id: number;
  readonly mountPoint: string;
  /** Index in the list of the mount it is on; none for the root. */
  readonly parent: number | undefined;
  readonly source: string;
  readonly type: string;
  /** What of the filesystem is mounted. */
  readonly root: string;
  readonly readOnly: boolean;
  /** Number of its peer group. */
  readonly shared?: number;
  /** Number of the group it receives from. */
  readonly master?: number;
  readonly unbindable: boolean;
  /** Flags other than ro, then the filesystem's own options: `nosuid`, `size=65536k`. */
  readonly options: string[];
  /** Device number, as `major:minor`. */
  readonly device: string;
}

/** All mounts of a namespace in tree order. */
export function mountInfos(namespace: MountNamespace): MountInfo[] {
  const list: MountInfo[] = [];
  add(namespace, namespace.root, '/', undefined, list);
  return list;
}

function add(
  namespace: MountNamespace,
  mount: Mount,
  mountPoint: string,
  parent: number | undefined,
  list: MountInfo[],
): void {
  const index = list.length;
  list.push(infoOf(mount, mountPoint, parent));
  if (mount.children === undefined) return;
  const children = [...mount.children.values()].map((child) => ({
    child,
    path: pathBelow(mount, mountPoint, child),
  }));
  children.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.child.id - b.child.id));
  for (const { child, path } of children) add(namespace, child, path, index, list);
}

/** Where a child is, from its parent's own mount point. */
function pathBelow(mount: Mount, mountPoint: string, child: Mount): string {
  const point = child.mountPoint;
  if (point === undefined || point === mount.root) return mountPoint;
  const inside = pathInside(point);
  const root = pathInside(mount.root);
  const rest = root === '/' ? inside : inside.slice(root.length);
  return mountPoint === '/' ? rest : `${mountPoint}${rest}`;
}

/** What of its filesystem a mount shows. */
export function rootOf(mount: Mount): string {
  const path = pathInside(mount.root);
  return inodeOf(mount.root).nlink === 0 ? `${path}//deleted` : path;
}

function infoOf(mount: Mount, mountPoint: string, parent: number | undefined): MountInfo {
  const { fileSystem, group, master } = mount;
  return {
    id: mount.id,
    mountPoint,
    parent,
    source: fileSystem.source,
    type: fileSystem.type,
    root: rootOf(mount),
    readOnly: mount.readOnly,
    ...(group !== undefined && { shared: group.id }),
    ...(master !== undefined && { master: master.id }),
    unbindable: mount.unbindable,
    options: [...flagNames(mount.flags), ...fileSystem.options],
    device: `0:${fileSystem.dev}`,
  };
}

const NAMES: readonly [number, string][] = [
  [MNT_NOSUID, 'nosuid'],
  [MNT_NODEV, 'nodev'],
  [MNT_NOEXEC, 'noexec'],
  [MNT_NOATIME, 'noatime'],
  [MNT_NODIRATIME, 'nodiratime'],
  [MNT_RELATIME, 'relatime'],
  [MNT_NOSYMFOLLOW, 'nosymfollow'],
];

/** The flags of a mount other than ro, in the order that the kernel shows them. */
export function flagNames(flags: number): string[] {
  return NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}
