import {
  Entry,
  FileSystem,
  type Inode,
  type Kernel,
  makeDevice,
  S_IFCHR,
  S_IFDIR,
  S_IFLNK,
} from '../../kernel/index.ts';
import { addChild } from '../../kernel/memfs.ts';
import { CHARACTER_DEVICES } from '../machine/host-tree.ts';

const LINKS: readonly (readonly [name: string, target: string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
];

const NAMES: ReadonlySet<string> = new Set(
  [...CHARACTER_DEVICES, ...LINKS].map(([name]) => name).concat('shm'),
);

/** A device of the host that a privileged container gets. */
export interface HostDevice {
  readonly name: string;
  /** With its type. */
  readonly mode: number;
  readonly rdev: number;
}

/**
 * /dev of a container: a tmpfs of 64Mi, filled when somebody first looks into it. Models the OCI runtime specification,
 * "Default Devices".
 */
export class ContainerDevices extends FileSystem {
  #filled = false;
  readonly #more: (() => readonly HostDevice[]) | undefined;

  /** @param more devices beside the default ones, asked for when it is filled */
  constructor(kernel: Kernel, more?: () => readonly HostDevice[]) {
    super(kernel, {
      type: 'tmpfs',
      source: 'tmpfs',
      size: 65_536 * 1024,
      mode: 0o755,
      options: ['size=65536k', 'mode=755'],
      volatile: true,
    });
    this.#more = more;
  }

  override lookup(directory: Entry, name: string): Entry | undefined {
    if (this.#filled || directory !== this.root) return undefined;
    if (this.#more === undefined && !NAMES.has(name)) return undefined;
    this.load(directory);
    return this.root.children.get(name) as Entry | undefined;
  }

  override load(_directory: Entry): void {
    if (this.#filled) return;
    this.#filled = true;
    for (const [name, major, minor] of CHARACTER_DEVICES) {
      this.#add(name, S_IFCHR | 0o666).rdev = makeDevice(major, minor);
    }
    for (const [name, target] of LINKS) {
      const inode = this.#add(name, S_IFLNK | 0o777);
      inode.symlink = target;
      inode.length = target.length;
    }
    const shm = this.#add('shm', S_IFDIR | 0o1777);
    shm.nlink = 2;
    this.root.node.nlink++;
    for (const { name, mode, rdev } of this.#more?.() ?? []) {
      if (!this.root.children.has(name)) this.#add(name, mode).rdev = rdev;
    }
  }

  #add(name: string, mode: number): Inode {
    const inode = this.newInode(mode, this.kernel.now());
    addChild(this.root, new Entry(this.root, name, inode));
    return inode;
  }
}
