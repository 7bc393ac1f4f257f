import { fail } from './errno.ts';
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
import type { Where } from './namespace.ts';

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
  strictatime: MNT_RELATIME | MNT_NOATIME,
  noatime: MNT_RELATIME,
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
  let read = clearFlags(flags, request.options ?? []);
  for (const option of request.options ?? []) read |= SET[option] ?? 0;
  return request.readOnly ? read | MNT_RDONLY : read;
}

/** Flags without those that the options turn off. */
export function clearFlags(flags: number, options: readonly string[]): number {
  let left = flags;
  for (const option of options) left &= ~(CLEAR[option] ?? 0);
  return left;
}

/** The filesystem that a mount of a type without a device makes. */
export function fileSystemFor(kernel: Kernel, request: MountRequest): FileSystem {
  const own = (request.options ?? []).filter((option) => !GENERIC.has(option));
  const values = new Map(own.map((option) => option.split('=', 2) as [string, string | undefined]));
  const size =
    request.size ??
    bytesOf(values.get('size')) ??
    (request.type === 'tmpfs' ? kernel.defaultTmpfsSize : undefined);
  const inodes = request.inodes ?? bytesOf(values.get('nr_inodes'));
  const mode = request.mode ?? modeOf(values.get('mode'));
  return new FileSystem(kernel, {
    type: request.type,
    source: request.source ?? request.type,
    options: shown(own, request),
    volatile: true,
    ...(size !== undefined && { size }),
    ...(inodes !== undefined && { inodes }),
    ...(mode !== undefined && { mode }),
    ...idOptions(values),
  });
}

function idOptions(values: ReadonlyMap<string, string | undefined>): {
  uid?: number;
  gid?: number;
} {
  const uid = values.get('uid');
  const gid = values.get('gid');
  return {
    ...(uid !== undefined && { uid: Number(uid) }),
    ...(gid !== undefined && { gid: Number(gid) }),
  };
}

/** The options as mountinfo shows them: a tmpfs's size in KiB. */
function shown(own: readonly string[], { size }: MountRequest): string[] {
  const rest = own.filter((option) => !option.startsWith('size='));
  const given = own.find((option) => option.startsWith('size='));
  const bytes = size ?? bytesOf(given?.slice(5));
  return bytes === undefined ? rest : [`size=${Math.ceil(bytes / 4096) * 4}k`, ...rest];
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/** Bytes of `64Mi`, `65536k`, `1g`; EINVAL. */
function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)([kmgt]?)i?$/i.exec(text);
  if (match === null) fail('EINVAL');
  return Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
}

function modeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-7]+$/.test(text)) fail('EINVAL');
  return Number.parseInt(text, 8);
}
