import { bytesOf } from '../../base/index.ts';
import type { Directory } from '../../kernel/index.ts';

/** Where containerd keeps images and layers, below `/`. */
export const CONTAINERD_ON_WINDOWS = 'ProgramData/containerd';

/** Where names of hosts stand, on the node and in containers, as the kubelet writes it. Models windowsEtcHostsPath of pkg/kubelet. */
export const WINDOWS_HOSTS = 'C:\\Windows\\System32\\drivers\\etc\\hosts';

/** What every Windows has on drive C:, the node's and that of an image. */
const SYSTEM: readonly string[] = [
  'Program Files',
  'ProgramData',
  'Users/Public',
  'Windows/System32/drivers/etc',
  'Windows/Temp',
];

/** Beside that on a node that runs a kubelet. */
const HOST: readonly string[] = [
  'Program Files/containerd',
  CONTAINERD_ON_WINDOWS,
  'Users/Administrator',
  'etc/kubernetes',
  'var/lib',
  'var/log/containers',
  'var/log/pods',
];

/** Beside that in an image. Models nanoserver. */
const IMAGE: readonly string[] = ['Users/ContainerAdministrator', 'Users/ContainerUser'];

/** An executable is there to be found, not to be run. */
const PORTABLE_EXECUTABLE: Uint8Array = bytesOf('MZ');

/** Fills the empty drive C: of a node. */
export function makeWindowsTree(root: Directory): void {
  makeSystem(root, HOST);
}

/** Fills the tree of an image. */
export function makeWindowsImage(root: Directory): void {
  makeSystem(root, IMAGE);
  root.writeFile('License.txt', new Uint8Array(0));
}

function makeSystem(root: Directory, more: readonly string[]): void {
  for (const path of [...SYSTEM, ...more]) root.mkdirAll(path, 0o755);
  root.writeFile('Windows/System32/cmd.exe', PORTABLE_EXECUTABLE, { mode: 0o755 });
  root.writeFile(
    WINDOWS_HOSTS,
    bytesOf('# localhost name resolution is handled within DNS itself.\r\n'),
  );
}
