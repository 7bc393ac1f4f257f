import { bytesOf } from '../../base/index.ts';
import { type Directory, makeDevice, S_IFCHR } from '../../kernel/index.ts';

/** What a Linux host has at `/` before anything is mounted there, with the modes that distributions give. */
const DIRECTORIES: readonly (readonly [path: string, mode: number])[] = [
  ['bin', 0o755],
  ['boot', 0o755],
  ['dev', 0o755],
  ['etc', 0o755],
  ['etc/kubernetes', 0o755],
  ['home', 0o755],
  ['lib', 0o755],
  ['media', 0o755],
  ['mnt', 0o755],
  ['opt', 0o755],
  ['proc', 0o555],
  ['root', 0o700],
  ['run', 0o755],
  ['sbin', 0o755],
  ['srv', 0o755],
  ['sys', 0o555],
  ['tmp', 0o1777],
  ['usr', 0o755],
  ['usr/bin', 0o755],
  ['usr/lib', 0o755],
  ['usr/libexec', 0o755],
  ['usr/sbin', 0o755],
  ['usr/share', 0o755],
  ['var', 0o755],
  ['var/lib', 0o755],
  ['var/lib/containerd', 0o710],
  ['var/log', 0o755],
  ['var/log/containers', 0o755],
  ['var/log/pods', 0o755],
  ['var/tmp', 0o1777],
];

/** An executable is there to be found and bound, not to be read. */
const ELF: Uint8Array = bytesOf('\u007fELF');

/** Fills the empty disk of a host. */
export function makeHostTree(root: Directory, name: string): void {
  for (const [path, mode] of DIRECTORIES) {
    root.mkdir(path, mode);
    root.chmod(path, mode);
  }
  root.writeFile('bin/sh', ELF, { mode: 0o755 });
  root.chmod('bin/sh', 0o755);
  root.symlink('/run', 'var/run');
  root.writeFile('etc/hostname', bytesOf(`${name}\n`));
  root.writeFile('etc/hosts', bytesOf(`127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n`));
  root.writeFile('etc/resolv.conf', bytesOf('nameserver 127.0.0.53\n'));
  root.writeFile('etc/passwd', bytesOf('root:x:0:0:root:/root:/bin/sh\n'));
  root.writeFile('etc/group', bytesOf('root:x:0:\n'));
}

/** Character devices that are there in every /dev, by name: major, minor. Models the kernel's admin-guide/devices.txt. */
export const CHARACTER_DEVICES: readonly (readonly [name: string, major: number, minor: number])[] =
  [
    ['null', 1, 3],
    ['zero', 1, 5],
    ['full', 1, 7],
    ['random', 1, 8],
    ['urandom', 1, 9],
    ['tty', 5, 0],
  ];

/** Fills /dev of a host, as devtmpfs and udev do. */
export function makeHostDevices(dev: Directory): void {
  for (const [name, major, minor] of CHARACTER_DEVICES) {
    dev.mknod(name, S_IFCHR | 0o666, makeDevice(major, minor));
    dev.chmod(name, 0o666);
  }
  dev.mkdir('shm', 0o777);
  dev.chmod('shm', 0o1777);
  dev.symlink('/proc/self/fd', 'fd');
}
