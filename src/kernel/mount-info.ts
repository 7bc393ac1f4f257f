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
  const below = mountPoint === '/' ? '' : mountPoint;
  const children: { readonly child: Mount; readonly path: string }[] = [];
  for (const [point, child] of mount.children) {
    const path = point === mount.root ? mountPoint : below + pathInside(point, mount.root);
    children.push({ child, path });
  }
  // No two are the same: one comparison is enough.
  children.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { child, path } of children) add(namespace, child, path, index, list);
}

/** What of its filesystem a mount shows. */
export function rootOf(mount: Mount): string {
  const path = pathInside(mount.root);
  return inodeOf(mount.root).nlink === 0 ? `${path}//deleted` : path;
}

function infoOf(mount: Mount, mountPoint: string, parent: number | undefined): MountInfo {
  const { fileSystem, group, master } = mount;
  const info: Writable<MountInfo> = {
    id: mount.id,
    mountPoint,
    parent,
    source: fileSystem.source,
    type: fileSystem.type,
    root: rootOf(mount),
    readOnly: mount.readOnly,
    unbindable: mount.unbindable,
    options: flagNames(mount.flags).concat(fileSystem.shownOptions),
    device: `0:${fileSystem.dev}`,
  };
  if (group !== undefined) info.shared = group.id;
  if (master !== undefined) info.master = master.id;
  return info;
}

type Writable<Info> = { -readonly [Field in keyof Info]: Info[Field] };

const NAMES: readonly [number, string][] = [
  [MNT_NOSUID, 'nosuid'],
  [MNT_NODEV, 'nodev'],
  [MNT_NOEXEC, 'noexec'],
  [MNT_NOATIME, 'noatime'],
  [MNT_NODIRATIME, 'nodiratime'],
  [MNT_RELATIME, 'relatime'],
  [MNT_NOSYMFOLLOW, 'nosymfollow'],
];

/** The names of each combination of flags. */
const COMBINATIONS: readonly (readonly string[])[] = Array.from({ length: 256 }, (_, flags) =>
  Object.freeze(NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)),
);

/** The flags of a mount other than ro, in the order that the kernel shows them. */
export function flagNames(flags: number): readonly string[] {
  return COMBINATIONS[flags & 255] ?? [];
}
