import { attachTree, moveTree } from './attach.ts';
import {
  ALL_CAPABILITIES,
  type Caller,
  type CallerOptions,
  capabilityBits,
  makeCaller,
  type Place,
  type Where,
} from './caller.ts';
import { fail, KernelError } from './errno.ts';
import type { Kernel } from './kernel.ts';
import { inodeOf, parentOf } from './memfs.ts';
import { isDirectory } from './mode.ts';
import { attachMount, detachMount, MNT_RDONLY, type Mount, mountOn, mountTree } from './mount.ts';
import { MountError } from './mount-error.ts';
import { type MountInfo, mountInfos } from './mount-info.ts';
import {
  changeFlags,
  fileSystemFor,
  type MountRequest,
  ownOptions,
  readFlags,
  readOnlyBy,
} from './mount-request.ts';
import { slidesOf } from './mount-tree.ts';
import { changePropagation, makePrivate, type Propagation } from './peer-group.ts';
import { demandIntact } from './permission.ts';
import { pivot } from './pivot.ts';
import { limitProject, type Quota } from './project.ts';
import { cloneMount, copyTree, onlyCovered, receivers, unmountedElsewhere } from './propagation.ts';
import { reconfigure } from './superblock-options.ts';
import { topOf, walk } from './walk.ts';

const NO_GROUPS: readonly number[] = Object.freeze([]);

/** A tree of mounts as its tasks see it. Models mount_namespaces(7); the calls are mount(2) and umount(2) by root. */
export class MountNamespace {
  readonly kernel: Kernel;
  root: Mount;
  /** How many mounts there are. */
  size = 1;
  #root: Caller | undefined;
  #top: Place | undefined;

  constructor(kernel: Kernel, root: Mount) {
    this.kernel = kernel;
    this.root = root;
    root.namespace = this;
  }

  /** A task's credentials in this namespace. Default: root, at `/`, umask 022. Throws a KernelError for a root that is not there. */
  caller(options?: CallerOptions): Caller {
    if (options !== undefined) return this.#newCaller(options);
    this.#root ??= this.#newCaller({});
    return this.#root;
  }

  #newCaller(options: CallerOptions): Caller {
    const top = this.#rootPlace();
    const uid = options.uid ?? 0;
    const who = {
      uid,
      gid: options.gid ?? 0,
      groups: options.groups ?? NO_GROUPS,
      umask: options.umask ?? 0o022,
      capabilities: capabilitiesOf(options, uid),
      memory: options.memory,
    };
    const base = { kernel: this.kernel, namespace: this };
    const plain = makeCaller(base, top, top, who);
    const root = options.root === undefined ? top : this.#at(options.root);
    const cwd =
      options.cwd === undefined
        ? root
        : typeof options.cwd === 'string'
          ? walk({ ...plain, root, cwd: root }, options.cwd)
          : options.cwd;
    return makeCaller(base, root, cwd, who);
  }

  /** One for all callers that start there. */
  #rootPlace(): Place {
    if (this.#top?.mount !== this.root) this.#top = { mount: this.root, entry: this.root.root };
    return this.#top;
  }

  /** Mounts a new filesystem, or the one that `fileSystem` gives. EINVAL, ENOTDIR, ENOENT, ENOSPC. */
  mount(request: MountRequest): Mount {
    return this.#call('mount', request.target, () => {
      const { mount: parent, entry } = this.#lock(request.target, true);
      if (request.fileSystem === undefined && !isDirectory(inodeOf(entry).mode)) fail('ENOTDIR');
      const fileSystem = request.fileSystem ?? fileSystemFor(this.kernel, request);
      const root = request.root ?? fileSystem.root;
      if (isDirectory(inodeOf(entry).mode) !== isDirectory(inodeOf(root).mode)) fail('ENOTDIR');
      const mount = this.kernel.newMount(fileSystem, root);
      mount.flags = readFlags(request, mount.flags);
      attachTree(mount, { namespace: this, parent, mountPoint: entry });
      return mount;
    });
  }

  /** mount --bind, or --rbind. `readOnly` makes a second call, as mount(8) does. */
  bind(
    source: Where,
    target: Where,
    options: { recursive?: boolean; readOnly?: boolean } = {},
  ): Mount {
    return this.#call('mount', target, () => {
      this.#at(target);
      const from = this.#at(source);
      const { mount: parent, entry } = this.#lock(target, true);
      if (from.mount.unbindable || from.mount.namespace !== this) fail('EINVAL');
      if (isDirectory(inodeOf(from.entry).mode) !== isDirectory(inodeOf(entry).mode))
        fail('ENOTDIR');
      const mount = options.recursive
        ? copyTree(from.mount, from.entry, attachMount)
        : cloneMount(from.mount, from.entry);
      attachTree(mount, { namespace: this, parent, mountPoint: entry });
      if (options.readOnly) mount.flags |= MNT_RDONLY;
      return mount;
    });
  }

  /** Binds a place of another namespace here, as open_tree(2) and move_mount(2) can. */
  bindFrom(source: Place, target: Where, options: { recursive?: boolean } = {}): Mount {
    return this.#call('mount', target, () => {
      const { mount: parent, entry } = this.#lock(target, true);
      if (source.mount.unbindable) fail('EINVAL');
      if (isDirectory(inodeOf(source.entry).mode) !== isDirectory(inodeOf(entry).mode))
        fail('ENOTDIR');
      const mount = options.recursive
        ? copyTree(source.mount, source.entry, attachMount)
        : cloneMount(source.mount, source.entry);
      attachTree(mount, { namespace: this, parent, mountPoint: entry });
      return mount;
    });
  }

  /** mount --move. */
  move(source: Where, target: Where): void {
    this.#call('mount', target, () => {
      this.#at(target);
      const from = this.#at(source);
      const { mount: parent, entry } = this.#lock(target, true);
      if (from.entry !== from.mount.root || from.mount.parent?.group !== undefined) fail('EINVAL');
      if (isDirectory(inodeOf(from.entry).mode) !== isDirectory(inodeOf(entry).mode))
        fail('EINVAL');
      if (parent.group !== undefined) {
        for (const mount of mountTree(from.mount)) if (mount.unbindable) fail('EINVAL');
      }
      for (let at: Mount | undefined = parent; at !== undefined; at = at.parent)
        if (at === from.mount) fail('ELOOP');
      moveTree(from.mount, { namespace: this, parent, mountPoint: entry });
    });
  }

  /** umount(2) of what is on top at the target; lazily: whatever is open there lives on. EBUSY, EINVAL. */
  unmount(target: Where, options: { lazy?: boolean } = {}): void {
    this.#call('umount', target, () => {
      const { mount, entry } = this.#lock(target, false);
      if (entry !== mount.root) fail('EINVAL');
      if (mount === this.root && !options.lazy) {
        mount.fileSystem.readOnly = true;
        return;
      }
      if (mount.parent === undefined) fail('EINVAL');
      if (!options.lazy) this.#demandIdle(mount);
      this.detach(mount);
    });
  }

  /** mount --make-shared, --make-rslave, … */
  setPropagation(target: Where, type: Propagation, options: { recursive?: boolean } = {}): void {
    this.#call('mount', target, () => {
      const { mount, entry } = this.#at(target);
      if (entry !== mount.root) fail('EINVAL');
      for (const one of options.recursive ? [...mountTree(mount)] : [mount]) {
        changePropagation(one, type, () => this.kernel.newGroup());
      }
    });
  }

  /** mount -o remount,bind,ro: of this mount alone. */
  remountReadOnly(
    target: Where,
    readOnly = true,
    options: { recursive?: boolean; force?: boolean } = {},
  ): void {
    this.remount(target, readOnly ? ['ro'] : ['rw'], options);
  }

  /** mount -o remount,bind,…: flags of the mount (`ro`, `rw`, `nosuid`, `noexec`, `nodev`, `noatime`, …); recursive as mount_setattr(2). `force`: whoever has files open for writing is dead. */
  remount(
    target: Where,
    options: readonly string[],
    how: { recursive?: boolean; force?: boolean } = {},
  ): void {
    this.#call('mount', target, () => {
      const { mount, entry } = this.#at(target);
      if (entry !== mount.root) fail('EINVAL');
      const mounts = how.recursive ? [...mountTree(mount)] : [mount];
      const flags = mounts.map((one) => changeFlags(one.flags, options));
      for (const [i, one] of mounts.entries()) {
        const becomes = ((flags[i] ?? 0) & ~one.flags & MNT_RDONLY) !== 0;
        if (becomes && one.writers > 0 && !how.force) fail('EBUSY');
      }
      for (const [i, one] of mounts.entries()) one.flags = flags[i] ?? one.flags;
    });
  }

  /** mount -o remount,…: options of the filesystem (`ro`, `size=64m`, …), for all its mounts, and flags of this one. EBUSY, EINVAL. */
  remountFileSystem(target: Where, options: readonly string[]): void {
    this.#call('mount', target, () => {
      const { mount, entry } = this.#at(target);
      if (entry !== mount.root) fail('EINVAL');
      const { fileSystem } = mount;
      const readOnly = readOnlyBy(options);
      if (readOnly && !fileSystem.readOnly && fileSystem.writers > 0) fail('EBUSY');
      if ((readOnly ?? fileSystem.readOnly) !== fileSystem.readOnly) demandIntact(fileSystem);
      reconfigure(fileSystem, ownOptions(options));
      fileSystem.readOnly = readOnly ?? fileSystem.readOnly;
      mount.flags = changeFlags(mount.flags, options);
    });
  }

  /** Limits what a directory takes with all below it, as a project of its own; without limits it only counts. ENOTDIR, EINVAL. Models quotactl(2). */
  setQuota(target: Where, quota: Quota): void {
    this.#call('quotactl', target, () => limitProject(this.#at(target).entry, quota));
  }

  /**
   * Makes a mounted directory the root. What was the root is mounted at `putOld` then; without that it is taken away with all that
   * is on it, as container runtimes do (of a root that is covered, only what covers it). Models pivot_root(2).
   */
  pivotRoot(target: Where, putOld?: Where): void {
    this.#call('pivot_root', target, () => {
      const place = this.#at(target);
      const old = this.root;
      pivot(old, place, this.#lock(putOld ?? target, true));
      this.root = place.mount;
      this.#root = undefined;
      if (putOld === undefined) this.#leave(old);
    });
  }

  /** Nobody else is to lose what is unmounted with it. Models the end of pivotRoot of libcontainer's rootfs_linux.go. */
  #leave(old: Mount): void {
    for (const one of [...mountTree(old)])
      changePropagation(one, 'slave', () => this.kernel.newGroup());
    this.#drop([...mountTree(topOf(old, old.root).mount)]);
  }

  /** Takes a mount and all below it away, here and where that propagates to. */
  detach(mount: Mount): void {
    const going = new Set(mountTree(mount));
    const gone = new Set([...going, ...unmountedElsewhere(going)]);
    const sliding = slidesOf(gone);
    for (const [child] of sliding) detachMount(child);
    this.#drop([...gone]);
    for (const [child, parent, point] of sliding) attachMount(child, parent, point);
  }

  /** A namespace with a copy of every mount, as unshare(2) makes it. */
  clone(): MountNamespace {
    const root = copyTree(this.root, this.root.root, attachMount, {}, true);
    const namespace = new MountNamespace(this.kernel, root);
    namespace.size = 0;
    for (const mount of mountTree(root)) {
      mount.namespace = namespace;
      namespace.size++;
    }
    return namespace;
  }

  /** Every mount, in tree order: a mount, then what is mounted on it, by mount point and then by age. Models /proc/self/mountinfo. */
  mounts(): MountInfo[] {
    return mountInfos(this);
  }

  /** Takes everything away: the last task of the namespace has ended. */
  dispose(): void {
    this.#drop([...mountTree(this.root)]);
  }

  /** Whether a path is where something is mounted. */
  isMountPoint(path: Where): boolean {
    const { mount, entry } = this.#at(path);
    return entry === mount.root;
  }

  /** The absolute path of a place. */
  pathOf(place: Place): string {
    let { mount, entry } = place;
    let path = '';
    for (;;) {
      if (entry === mount.root) {
        const { parent, mountPoint } = mount;
        if (parent === undefined || mountPoint === undefined) return path || '/';
        mount = parent;
        entry = mountPoint;
        continue;
      }
      path = `/${entry.name}${path}`;
      const above = parentOf(entry);
      if (above === undefined) return path;
      entry = above;
    }
  }

  /** For the face: what a call throws carries its name and path. */
  #call<Result>(syscall: string, target: Where, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof KernelError) || error instanceof MountError) throw error;
      throw new MountError(
        error,
        syscall,
        typeof target === 'string' ? target : this.pathOf(target),
      );
    }
  }

  #at(where: Where): Place {
    if (typeof where !== 'string') return where;
    return walk(this.caller(), where);
  }

  /** Where a mount goes: on top of all that is there. Models lock_mount. */
  #lock(where: Where, forMount: boolean): Place {
    const { mount, entry } = this.#at(where);
    const top = topOf(mount, entry);
    if (forMount && top.entry.dead) fail('ENOENT');
    return top;
  }

  /** Neither anything mounted on it nor open in it, here or where the unmount propagates to. */
  #demandIdle(mount: Mount): void {
    if ((mount.children?.size ?? 0) > 0 || mount.busy > 0) fail('EBUSY');
    const { parent, mountPoint } = mount;
    if (parent === undefined || mountPoint === undefined) return;
    for (const receiver of receivers(parent)) {
      const other = mountOn(receiver, mountPoint);
      if (other !== undefined && onlyCovered(other) && other.busy > 0) fail('EBUSY');
    }
  }

  #drop(mounts: readonly Mount[]): void {
    for (const mount of mounts) {
      detachMount(mount);
      if (mount.namespace !== undefined) mount.namespace.size--;
      mount.namespace = undefined;
    }
    for (const mount of mounts) {
      makePrivate(mount);
      mount.unbindable = false;
      mount.releaseIfUnused();
    }
  }
}

function capabilitiesOf({ capabilities }: CallerOptions, uid: number): number {
  if (typeof capabilities === 'number') return capabilities;
  if (capabilities !== undefined) return capabilityBits(capabilities);
  return uid === 0 ? ALL_CAPABILITIES : 0;
}
