import type { FileSystem, Kernel, MountNamespace } from '../../kernel/index.ts';
import { Directory } from '../../kernel/index.ts';
import { makeHostDevices, makeHostTree } from './host-tree.ts';
import { ProcFileSystem } from './proc.ts';
import { CONTAINERD_ON_WINDOWS, makeWindowsTree } from './windows-tree.ts';

/** The system of a node. */
export type HostSystem = 'linux' | 'windows';

/** The disks of a host. */
export interface HostDisks {
  /** `/`: ext4; on Windows drive C:, ntfs. */
  readonly root: FileSystem;
  /** Images and writable layers; the same as `root` unless they have a disk of their own. */
  readonly images: FileSystem;
  readonly proc: FileSystem;
  readonly sys: FileSystem;
}

/** Makes the disks. Sizes are bytes. */
export function makeDisks(
  kernel: Kernel,
  sizes: { readonly root: number; readonly images: number | undefined },
  os: HostSystem,
): HostDisks {
  const windows = os === 'windows';
  const type = windows ? 'ntfs' : 'ext4';
  const root = kernel.createFileSystem({
    type,
    source: windows ? 'C:' : '/dev/sda1',
    size: sizes.root,
    lostFound: !windows,
  });
  const images =
    sizes.images === undefined
      ? root
      : kernel.createFileSystem({ type, source: windows ? 'D:' : '/dev/sdb1', size: sizes.images });
  return {
    root,
    images,
    proc: new ProcFileSystem(kernel),
    sys: kernel.createFileSystem({ type: 'sysfs', source: 'sysfs' }),
  };
}

/** Makes the disk `/` of the first namespace, and fills it. Returns it, as root. */
export function installHost(
  kernel: Kernel,
  disks: HostDisks,
  { name, os }: { readonly name: string; readonly os: HostSystem },
): Directory {
  const namespace = kernel.rootNamespace;
  const { type } = disks.root;
  const mount = namespace.mount({ type, target: '/', fileSystem: disks.root });
  namespace.pivotRoot({ mount, entry: mount.root });
  const caller = namespace.caller();
  const root = new Directory(caller, caller.root);
  if (os === 'windows') makeWindowsTree(root);
  else makeHostTree(root, name);
  return root;
}

/** Windows has its drives, and mounts nothing below. */
function bootWindows(namespace: MountNamespace, { root, images }: HostDisks): void {
  if (images === root) return;
  const target = `/${CONTAINERD_ON_WINDOWS}`;
  namespace.mount({ type: images.type, target, fileSystem: images });
}

/** Mounts what init mounts when a host boots; everything is shared then. Models systemd's mount-setup.c. */
export function bootHost(namespace: MountNamespace, disks: HostDisks, os: HostSystem): void {
  if (os === 'windows') return bootWindows(namespace, disks);
  const { proc, sys } = disks;
  const safe = ['nosuid', 'nodev', 'noexec'];
  namespace.mount({ type: 'proc', target: '/proc', fileSystem: proc, options: safe });
  namespace.mount({ type: 'sysfs', target: '/sys', fileSystem: sys, options: safe });
  namespace.mount({
    type: 'devtmpfs',
    source: 'udev',
    target: '/dev',
    mode: 0o755,
    options: ['nosuid'],
  });
  makeHostDevices(Directory.at(namespace.caller(), '/dev'));
  const run = { type: 'tmpfs', source: 'tmpfs', mode: 0o755, options: ['nosuid', 'nodev'] };
  namespace.mount({ ...run, target: '/run' });
  if (disks.images !== disks.root) {
    const target = '/var/lib/containerd';
    namespace.mount({ type: 'ext4', target, fileSystem: disks.images });
  }
  namespace.setPropagation('/', 'shared', { recursive: true });
}

/** Takes away everything but `/`, as the power going out does; what was in memory is gone. */
export function shutDownHost(namespace: MountNamespace): void {
  namespace.setPropagation('/', 'private', { recursive: true });
  for (const mount of [...(namespace.root.children?.values() ?? [])]) namespace.detach(mount);
}
