import type { PathRules } from '../base/index.ts';
import { charDevice } from './char-device.ts';
import { type Device, majorOf, minorOf } from './device.ts';
import { FileSystem, type FileSystemOptions } from './file-system.ts';
import type { Entry, Inode } from './memfs.ts';
import { isRegular, S_IFBLK, S_IFMT } from './mode.ts';
import { Mount } from './mount.ts';
import { MountNamespace } from './namespace.ts';
import { PeerGroup } from './peer-group.ts';

/** What a kernel is like. */
export interface KernelOptions {
  /** Milliseconds since the epoch; default a clock that stands at 0. */
  readonly now?: () => number;
  /** The sysctls of fs.protected_*. Default: hard links guarded, the others not. */
  readonly protectedHardlinks?: boolean;
  readonly protectedSymlinks?: boolean;
  readonly protectedRegular?: boolean;
  readonly protectedFifos?: boolean;
  /** Mounts of one namespace (fs.mount-max). Default 100,000. */
  readonly mountMax?: number;
  /** Bytes that a tmpfs holds for which no size is given. Default no limit. */
  readonly defaultTmpfsSize?: number;
  /** How the text of paths, and of links, is read. Default as it is. */
  readonly paths?: PathRules | undefined;
}

/** One Linux: filesystems, mounts, namespaces. Nothing is shared between two of them. */
export class Kernel {
  readonly now: () => number;
  readonly protectedHardlinks: boolean;
  readonly protectedSymlinks: boolean;
  readonly protectedRegular: boolean;
  readonly protectedFifos: boolean;
  readonly mountMax: number;
  readonly defaultTmpfsSize: number | undefined;
  readonly paths: PathRules | undefined;
  /** The namespace of init: `/` is a tmpfs with source `root`, mode 0755, private. */
  readonly rootNamespace: MountNamespace;
  /** Inodes that are alive. */
  inodes = 0;
  /** Blocks that files in memory take: those of every tmpfs. */
  memoryBlocks = 0;
  /** Told whenever some filesystem takes or gives back blocks or inodes, in the middle of the call. */
  onUsage: (() => void) | undefined;
  /** Makes the `node:fs` of a caller; set by the face. */
  openFace: ((caller: unknown) => unknown) | undefined;
  readonly #devices = new Map<number, Device>();
  #nextDevice = 1;
  #nextMount = 1;
  #nextGroup = 1;
  #names = 0;

  constructor(options: KernelOptions = {}) {
    this.now = options.now ?? (() => 0);
    this.protectedHardlinks = options.protectedHardlinks ?? true;
    this.protectedSymlinks = options.protectedSymlinks ?? false;
    this.protectedRegular = options.protectedRegular ?? false;
    this.protectedFifos = options.protectedFifos ?? false;
    this.mountMax = options.mountMax ?? 100_000;
    this.defaultTmpfsSize = options.defaultTmpfsSize;
    this.paths = options.paths;
    const root = new FileSystem(this, { type: 'tmpfs', source: 'root', mode: 0o755 });
    this.rootNamespace = new MountNamespace(this, this.newMount(root, root.root));
  }

  /** A filesystem that is not mounted yet. */
  createFileSystem(options: FileSystemOptions = {}): FileSystem {
    return new FileSystem(this, options);
  }

  /** A device number that no filesystem has yet. */
  newDevice(): number {
    return this.#nextDevice++;
  }

  newMount(fileSystem: FileSystem, root: Entry): Mount {
    return new Mount(this.#nextMount++, fileSystem, root);
  }

  newGroup(): PeerGroup {
    return new PeerGroup(this.#nextGroup++);
  }

  /** A number for a made-up name, another one each time. */
  newName(): number {
    return this.#names++;
  }

  /** Puts something behind a block device number, or takes it away. */
  setDevice(number: number, device: Device | undefined): void {
    if (device === undefined) this.#devices.delete(number);
    else this.#devices.set(number, device);
  }

  /** What is behind a device inode; undefined when nothing is (ENXIO). */
  device(inode: Inode): Device | undefined {
    if (isRegular(inode.mode)) return undefined;
    const known = this.#devices.get(inode.rdev);
    if (known !== undefined || (inode.mode & S_IFMT) === S_IFBLK) return known;
    return charDevice(majorOf(inode.rdev), minorOf(inode.rdev));
  }

  /** Mounts of other namespaces on an entry that is removed go with it. Models detach_mounts. */
  detachMountsOn(entry: Entry): void {
    for (let mount = entry.mounted; mount !== undefined; mount = entry.mounted) {
      const { namespace } = mount;
      if (namespace === undefined) return;
      namespace.detach(mount);
    }
  }
}
