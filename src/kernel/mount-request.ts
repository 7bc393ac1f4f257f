import type { Where } from './caller.ts';
import { FileSystem } from './file-system.ts';
import type { Kernel } from './kernel.ts';
import type { Entry } from './memfs.ts';
import {
  MNT_NOATIME,
  MNT_NODEV,
  MNT_NODIRATIME,
  MNT_NOEXEC,
  MNT_NOSUID,
  MNT_NOSYMFOLLOW,
  MNT_RDONLY,
  MNT_RELATIME,
} from './mount.ts';
import { demandKnown, readOptions, showOptions } from './superblock-options.ts';

/** What mount(2) is asked for. */
export interface MountRequest {
  /** `tmpfs`, `ext4`, `hugetlbfs`, … */
  readonly type: string;
  /** As mountinfo shows it; default the type. */
  readonly source?: string;
  readonly target: Where;
  /** Bytes of a tmpfs; also as option `size=64Mi` or `size=65536k`. */
  readonly size?: number;
  readonly inodes?: number;
  /** Permission bits of its root; default the type's (1777 for a tmpfs). */
  readonly mode?: number;
  readonly readOnly?: boolean;
  /** As mount -o takes them: flags of the mount, and the filesystem's own. */
  readonly options?: readonly string[];
  /** One that exists already: a disk, an image, an overlay. */
  readonly fileSystem?: FileSystem;
  /** Its root in that; default the filesystem's. */
  readonly root?: Entry;
}

const SET: Readonly<Record<string, number>> = {
  ro: MNT_RDONLY,
  nosuid: MNT_NOSUID,
  nodev: MNT_NODEV,
  noexec: MNT_NOEXEC,
  noatime: MNT_NOATIME,
  nodiratime: MNT_NODIRATIME,
  atime: MNT_RELATIME,
  relatime: MNT_RELATIME,
  nosymfollow: MNT_NOSYMFOLLOW,
};

const CLEAR: Readonly<Record<string, number>> = {
  rw: MNT_RDONLY,
  suid: MNT_NOSUID,
  dev: MNT_NODEV,
  exec: MNT_NOEXEC,
  atime: MNT_NOATIME,
  diratime: MNT_NODIRATIME,
  strictatime: 0,
};

/** Options that are no business of the filesystem. */
const GENERIC: ReadonlySet<string> = new Set([
  ...Object.keys(SET),
  ...Object.keys(CLEAR),
  'defaults',
  'bind',
  'remount',
  '_netdev',
]);

/** The flags of a mount with these options. */
export function readFlags(request: MountRequest, flags: number): number {
  const read = changeFlags(flags, request.options ?? []);
  return request.readOnly ? read | MNT_RDONLY : read;
}

/** Flags after a change by options: what those do not name stays; of access times `strictatime` wins, then `noatime`. */
export function changeFlags(flags: number, options: readonly string[]): number {
  let changed = flags;
  for (const option of options) changed &= ~(CLEAR[option] ?? 0);
  for (const option of options) changed |= SET[option] ?? 0;
  if (options.includes('noatime')) changed &= ~MNT_RELATIME;
  return options.includes('strictatime') ? changed & ~(MNT_RELATIME | MNT_NOATIME) : changed;
}

/** The options that are the filesystem's. */
export function ownOptions(options: readonly string[]): string[] {
  return options.filter((option) => !GENERIC.has(option));
}

/** Whether the filesystem itself is to be read-only, by the last of `ro` and `rw`. */
export function readOnlyBy(options: readonly string[]): boolean | undefined {
  const last = options.findLast((option) => option === 'ro' || option === 'rw');
  return last === undefined ? undefined : last === 'ro';
}

/** The filesystem that a mount of a type without a device makes. */
export function fileSystemFor(kernel: Kernel, request: MountRequest): FileSystem {
  const { type, size, inodes, mode, options = [] } = request;
  const given = readOptions(ownOptions(options));
  demandKnown(type, given);
  const own = { ...given };
  if (size !== undefined) own.size = size;
  if (inodes !== undefined) own.inodes = inodes;
  if (mode !== undefined) own.mode = mode;
  const limit = own.size ?? (type === 'tmpfs' ? kernel.defaultTmpfsSize : undefined);
  return new FileSystem(kernel, {
    ...own,
    type,
    source: request.source ?? type,
    readOnly: request.readOnly ?? readOnlyBy(options) ?? false,
    options: showOptions(type, own),
    volatile: true,
    size: limit,
  });
}
