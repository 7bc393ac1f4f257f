import {
  childrenOf,
  type Entry,
  type FileSystem,
  type Inode,
  inodeOf,
  type Mount,
  mountInfoText,
  mountTree,
} from '../../src/kernel/index.ts';
import type { Machine } from './random-calls.ts';

/** Every entry of a tree, with its path. */
export function* entriesBelow(entry: Entry, path = ''): Generator<[string, Entry], void> {
  yield [path || '/', entry];
  for (const child of childrenOf(entry).values()) {
    yield* entriesBelow(child, `${path}/${child.name}`);
  }
}

/** Every mount of the namespaces, and those that only open files still hold. */
export function mountsOf({ namespaces, files }: Machine): Set<Mount> {
  const attached = namespaces.flatMap((namespace) => [...mountTree(namespace.root)]);
  return new Set([...attached, ...files.map((file) => file.mount)]);
}

/** The filesystems that can be reached at all. */
export function fileSystemsOf(machine: Machine): Set<FileSystem> {
  return new Set([...mountsOf(machine)].map((mount) => mount.fileSystem));
}

/** The inodes of a filesystem that have a name, are open or mounted. */
export function inodesOf(machine: Machine, fileSystem: FileSystem): Set<Inode> {
  const named = [...entriesBelow(fileSystem.root)].map(([, entry]) => inodeOf(entry));
  const mounted = [...mountsOf(machine)].map((mount) => inodeOf(mount.root));
  const held = [...machine.files.map((file) => file.inode), ...mounted];
  return new Set([...named, ...held.filter((inode) => inode.fileSystem === fileSystem)]);
}

/** All that a program could ask for, but for the times of access. */
export function picture(machine: Machine): unknown {
  const { kernel, namespaces, files } = machine;
  return {
    inodes: kernel.inodes,
    mounts: namespaces.map((namespace) => [namespace.size, mountInfoText(namespace)]),
    files: files.map((file) => [file.position, file.closed, attributes(file.inode)]),
    trees: [...fileSystemsOf(machine)].map((one) => [
      one.dev,
      one.statfs(),
      one.readOnly,
      one.mounts,
      one.writers,
      [...entriesBelow(one.root)].map(([path, entry]) => [path, attributes(inodeOf(entry))]),
    ]),
  };
}

function attributes(inode: Inode): unknown {
  const { ino, mode, uid, gid, nlink, length, blocks, opens, symlink, mtimeMs, ctimeMs } = inode;
  const bytes = inode.data.slice(0, length).join('');
  const extended = [...(inode.extra?.attributes ?? [])].map(([name, value]) => [name, ...value]);
  return [
    ino,
    mode,
    uid,
    gid,
    nlink,
    length,
    blocks,
    opens,
    symlink,
    mtimeMs,
    ctimeMs,
    bytes,
    extended,
  ];
}
