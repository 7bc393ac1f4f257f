/** What differs between types of filesystems, as far as a program can see it. */
export interface FileSystemType {
  /** As statfs(2) has it. */
  readonly magic: number;
  /** Mode of the root directory of a new one. */
  readonly rootMode: number;
  /** Blocks that an empty directory takes. */
  readonly directoryBlocks: number;
  /** Bytes of a directory with so many entries, as stat(2) tells. */
  readonly directorySize: (entries: number) => number;
  /** Bytes of the longest symbolic link that takes no block. */
  readonly inlineSymlink: number;
  /** Share of the blocks that only privileged users may fill. */
  readonly reserved: number;
  /** What is beyond the limit of a directory. */
  readonly quotaError: 'EDQUOT' | 'ENOSPC';
  /** Whether truncate(2) changes times: when the length changes, always, or never. */
  readonly truncateTouches: 'change' | 'always' | 'never';
  /** Each further hard link takes an inode. */
  readonly countsLinks: boolean;
  /** Extended attributes: none, counted as parts of inodes, or bytes of them that an inode can have. */
  readonly attributes: 'none' | 'counted' | number;
  /** Inodes of one of that many bytes, when nothing was said. */
  readonly inodesFor: (bytes: number) => number;
  /** Inode number of its root directory, and of the first file. */
  readonly rootIno: number;
  readonly firstIno: number;
  /** Its superblock is not on a device: `nodev` in /proc/filesystems. */
  readonly volatile: boolean;
}

const PAGE = 4096;

const tmpfs: FileSystemType = {
  magic: 0x01021994,
  rootMode: 0o1777,
  directoryBlocks: 0,
  directorySize: (entries) => 40 + 20 * entries,
  inlineSymlink: 127,
  reserved: 0,
  quotaError: 'EDQUOT',
  truncateTouches: 'change',
  countsLinks: true,
  attributes: 'counted',
  // Half of the pages of memory, whatever the size: here of a host with 8 GiB.
  inodesFor: () => 1_048_576,
  rootIno: 1,
  firstIno: 2,
  volatile: true,
};

const ext4: FileSystemType = {
  magic: 0xef53,
  rootMode: 0o755,
  directoryBlocks: 1,
  directorySize: (entries) => PAGE * Math.max(1, Math.ceil(entries / 100)),
  inlineSymlink: 59,
  reserved: 0.05,
  quotaError: 'EDQUOT',
  truncateTouches: 'always',
  countsLinks: false,
  attributes: PAGE - 36,
  inodesFor: (bytes) => Math.ceil(bytes / 16384),
  rootIno: 2,
  firstIno: 12,
  volatile: false,
};

const xfs: FileSystemType = {
  ...ext4,
  magic: 0x58465342,
  directoryBlocks: 0,
  directorySize: (entries) => 6 + 18 * entries,
  inlineSymlink: 336,
  reserved: 0,
  quotaError: 'ENOSPC',
  truncateTouches: 'change',
  attributes: Number.POSITIVE_INFINITY,
  inodesFor: (bytes) => Math.ceil(bytes / 2048),
  rootIno: 128,
  firstIno: 131,
};

const nfs: FileSystemType = { ...ext4, magic: 0x6969, reserved: 0 };
const proc: FileSystemType = {
  ...tmpfs,
  magic: 0x9fa0,
  rootMode: 0o555,
  directorySize: () => 0,
  attributes: 'none',
};
const sysfs: FileSystemType = { ...proc, magic: 0x62656572 };
const hugetlbfs: FileSystemType = {
  ...tmpfs,
  magic: 0x958458f6,
  rootMode: 0o755,
  truncateTouches: 'never',
  directorySize: () => 0,
  attributes: 'none',
};
const devtmpfs: FileSystemType = { ...tmpfs, rootMode: 0o755 };

const TYPES: Readonly<Record<string, FileSystemType>> = {
  tmpfs,
  ext4,
  ext3: ext4,
  ext2: ext4,
  xfs,
  nfs,
  nfs4: nfs,
  overlay: overlayOn(ext4),
  proc,
  sysfs,
  hugetlbfs,
  devtmpfs,
};

/** The rules of an overlay: those of where its upper directory is. */
export function overlayOn(upper: FileSystemType = ext4): FileSystemType {
  return { ...upper, magic: 0x794c7630, rootMode: 0o755, countsLinks: false };
}

/** The rules of a type; those of ext4 for types that have none of their own here. */
export function fileSystemType(name: string): FileSystemType {
  return Object.hasOwn(TYPES, name) ? (TYPES[name] ?? ext4) : ext4;
}
