import { bytesOf } from '../../base/index.ts';
import {
  Directory,
  type Entry,
  type FileSystem,
  type Kernel,
  MountNamespace,
} from '../../kernel/index.ts';
import { makeWindowsImage } from '../machine/windows-tree.ts';

/** What every image has: the tree of busybox, with the mount points that runc needs. */
const DIRECTORIES: readonly (readonly [path: string, mode: number])[] = [
  ['bin', 0o755],
  ['dev', 0o755],
  ['etc', 0o755],
  ['home', 0o755],
  ['lib', 0o755],
  ['mnt', 0o755],
  ['opt', 0o755],
  ['proc', 0o755],
  ['root', 0o700],
  ['run', 0o755],
  ['sys', 0o755],
  ['tmp', 0o1777],
  ['usr', 0o755],
  ['usr/bin', 0o755],
  ['usr/sbin', 0o755],
  ['var', 0o755],
  ['var/run', 0o755],
  ['var/tmp', 0o1777],
];

const FILES: Readonly<Record<string, string>> = {
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/hostname': 'localhost\n',
  'etc/hosts': '127.0.0.1\tlocalhost\n',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  'etc/resolv.conf': 'nameserver 10.96.0.10\n',
};

/** The root of a tree that all images of a system share: containers only read it, under a layer of their own. */
export function makeImageTree(
  kernel: Kernel,
  os: 'linux' | 'windows',
): { fileSystem: FileSystem; root: Entry } {
  const type = os === 'windows' ? 'ntfs' : 'ext4';
  const fileSystem = kernel.createFileSystem({ type, source: 'image', mode: 0o755 });
  const { namespace, directory } = temporary(kernel, fileSystem);
  if (os === 'windows') makeWindowsImage(directory);
  else makeLinuxImage(directory);
  namespace.dispose();
  return { fileSystem, root: fileSystem.root };
}

function makeLinuxImage(directory: Directory): void {
  for (const [path, mode] of DIRECTORIES) {
    directory.mkdir(path, mode);
    directory.chmod(path, mode);
  }
  directory.writeFile('bin/sh', bytesOf('\u007fELF'));
  directory.chmod('bin/sh', 0o755);
  for (const [path, text] of Object.entries(FILES)) directory.writeFile(path, bytesOf(text));
}

/** A namespace of its own, in which the tree can be written. */
function temporary(
  kernel: Kernel,
  fileSystem: FileSystem,
): { namespace: MountNamespace; directory: Directory } {
  const namespace = new MountNamespace(kernel, kernel.newMount(fileSystem, fileSystem.root));
  const caller = namespace.caller();
  return { namespace, directory: new Directory(caller, caller.root) };
}
