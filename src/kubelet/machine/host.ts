import type { FileSystem, Kernel, MountNamespace } from '../../kernel/index.ts';
import { Directory } from '../../kernel/index.ts';
import { makeHostDevices, makeHostTree } from './host-tree.ts';
import { ProcFileSystem } from './proc.ts';

/** The disks of a host. */
export interface HostDisks {
  /** `/`: ext4. */
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
): HostDisks {
  const root = kernel.createFileSystem({
    type: 'ext4',
    source: '/dev/sda1',
    size: sizes.root,
    lostFound: true,
  });
  const images =
    sizes.images === undefined
      ? root
      : kernel.createFileSystem({ type: 'ext4', source: '/dev/sdb1', size: sizes.images });
  return {
    root,
    images,
    proc: new ProcFileSystem(kernel),
    sys: kernel.createFileSystem({ type: 'sysfs', source: 'sysfs' }),
  };
}

/** Makes the disk `/` of the first namespace, and fills it. Returns it, as root. */
export function installHost(kernel: Kernel, disks: HostDisks, name: string): Directory {
  const namespace = kernel.rootNamespace;
  const mount = namespace.mount({ type: 'ext4', target: '/', fileSystem: disks.root });
  namespace.pivotRoot({ mount, entry: mount.root });
  const caller = namespace.caller();
  const root = new Directory(caller, caller.root);
  makeHostTree(root, name);
  return root;
}

/** Mounts what init mounts when a host boots; everything is shared then. Models systemd's mount-setup.c. */
export function bootHost(namespace: MountNamespace, disks: HostDisks): void {
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
