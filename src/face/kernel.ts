import {
  type CallerOptions,
  type FileSystem,
  type FileSystemOptions,
  Kernel,
  KernelError,
  type KernelOptions,
  MountError,
  type MountInfo,
  type MountNamespace,
  type MountRequest,
  mountInfoText,
  type Propagation,
  type Quota,
} from '../kernel/index.ts';
import { asNodeError } from './errors.ts';
import { createFace } from './face.ts';
import type { NodeFs } from './node-fs.ts';

/** A kernel whose namespaces open `node:fs` faces. */
export interface FacedKernel {
  /** Inodes that are alive. */
  readonly inodes: number;
  /** `/` is a tmpfs with source `root`, mode 0755, private. */
  readonly rootNamespace: FacedNamespace;
  /** The kernel itself, for calls that speak `Uint8Array`. */
  readonly kernel: Kernel;
  /** A filesystem that is not mounted yet: `mount` takes it as `fileSystem`. It can fail, hang and come back. */
  createFileSystem(options?: FileSystemOptions): FileSystem;
}

/** Who a face is for. Default: root, umask 022, at `/`. */
export type FsOptions = Pick<CallerOptions, 'uid' | 'gid' | 'groups' | 'umask' | 'capabilities'> & {
  readonly root?: string;
};

/** What a bind takes along, and whether it can be written. */
export interface BindOptions {
  readonly recursive?: boolean;
  readonly readOnly?: boolean;
}

/** A mount namespace. Failed calls throw Node-style errors with the errno that Linux gives. */
export interface FacedNamespace {
  /** mount(2) of a new filesystem. */
  mount(request: MountRequest): void;
  /** mount --bind, or --rbind; read-only with a second call, as mount(8) makes it. */
  bind(source: string, target: string, options?: BindOptions): void;
  move(source: string, target: string): void;
  unmount(target: string, options?: { lazy?: boolean }): void;
  setPropagation(target: string, type: Propagation, options?: { recursive?: boolean }): void;
  /** Read-only, or writable again: this mount alone, or with all below it as mount_setattr(2) does. */
  remountReadOnly(target: string, readOnly?: boolean, options?: { recursive?: boolean }): void;
  /** mount -o remount,bind,…: flags of this mount alone, or of all below it too. */
  remount(target: string, options: readonly string[], how?: { recursive?: boolean }): void;
  /** mount -o remount,…: the filesystem's options too, such as `size=64m`. */
  remountFileSystem(target: string, options: readonly string[]): void;
  /** Limits of a directory with all below it: EDQUOT beyond them, ENOSPC on xfs. */
  setQuota(target: string, quota: Quota): void;
  /** pivot_root(2); without `putOld` the old root goes, as container runtimes do it. */
  pivotRoot(target: string, putOld?: string): void;
  clone(): FacedNamespace;
  /** Tree order: a mount, then what is mounted on it, by mount point and then by age. */
  mounts(): MountInfo[];
  /** The text of /proc/self/mountinfo. */
  mountInfoText(): string;
  fs(options?: FsOptions): NodeFs;
  readonly namespace: MountNamespace;
}

/**
 * A Linux with files, mounts and namespaces, usable with no cluster at all.
 * @example createKernel().rootNamespace.fs().writeFileSync('/x', 'hello')
 */
export function createKernel(options: KernelOptions = {}): FacedKernel {
  return new KernelHandle(new Kernel(options));
}

class KernelHandle implements FacedKernel {
  readonly kernel: Kernel;
  readonly rootNamespace: FacedNamespace;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.rootNamespace = facedNamespace(kernel.rootNamespace);
  }

  get inodes(): number {
    return this.kernel.inodes;
  }

  readonly createFileSystem: FacedKernel['createFileSystem'] = (fileSystem) =>
    this.kernel.createFileSystem(fileSystem);
}

/** Node's error for one of the kernel's. */
function coded<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof MountError)
      throw asNodeError(new KernelError(error.code), error.syscall, error.path);
    throw asNodeError(error, 'mount');
  }
}

/** A namespace whose failed calls throw Node-style errors. */
export function facedNamespace(namespace: MountNamespace): FacedNamespace {
  return new Faced(namespace);
}

/** One object for each namespace, and no function of its own. */
class Faced implements FacedNamespace {
  readonly namespace: MountNamespace;

  constructor(namespace: MountNamespace) {
    this.namespace = namespace;
  }

  mount(request: MountRequest): void {
    coded(() => this.namespace.mount(request));
  }

  bind(source: string, target: string, options?: BindOptions): void {
    coded(() => this.namespace.bind(source, target, options));
  }

  move(source: string, target: string): void {
    coded(() => this.namespace.move(source, target));
  }

  unmount(target: string, options?: { lazy?: boolean }): void {
    coded(() => this.namespace.unmount(target, options));
  }

  setPropagation(target: string, type: Propagation, options?: { recursive?: boolean }): void {
    coded(() => this.namespace.setPropagation(target, type, options));
  }

  remountReadOnly(target: string, readOnly?: boolean, options?: { recursive?: boolean }): void {
    coded(() => this.namespace.remountReadOnly(target, readOnly, options));
  }

  remount(target: string, options: readonly string[], how?: { recursive?: boolean }): void {
    coded(() => this.namespace.remount(target, options, how));
  }

  remountFileSystem(target: string, options: readonly string[]): void {
    coded(() => this.namespace.remountFileSystem(target, options));
  }

  setQuota(target: string, quota: Quota): void {
    coded(() => this.namespace.setQuota(target, quota));
  }

  pivotRoot(target: string, putOld?: string): void {
    coded(() => this.namespace.pivotRoot(target, putOld));
  }

  clone(): FacedNamespace {
    return new Faced(coded(() => this.namespace.clone()));
  }

  mounts(): MountInfo[] {
    return this.namespace.mounts();
  }

  mountInfoText(): string {
    return mountInfoText(this.namespace);
  }

  fs(options?: FsOptions): NodeFs {
    return createFace(coded(() => this.namespace.caller(options)));
  }
}
