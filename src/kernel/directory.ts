import { type Caller, type Place, withCwd } from './caller.ts';
import type { DirectoryEntry } from './calls/query.ts';
import { rename } from './calls/rename.ts';
import { fail, isKernelError } from './errno.ts';
import { MAY_EXEC, O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } from './flags.ts';
import { inodeOf } from './memfs.ts';
import { isDirectory, isSymlink } from './mode.ts';
import type { Stat, StatFs } from './stat.ts';
import * as sys from './sys.ts';
import { find, readPath, walk } from './walk.ts';

/** How a file is written. */
export interface WriteOptions {
  /** Permission bits of a file that is made, less the umask. Default 0666. */
  readonly mode?: number;
  /** EEXIST when it is there. */
  readonly exclusive?: boolean;
  readonly append?: boolean;
}

/**
 * A directory that is held, as a descriptor for openat(2): paths start there, however it is renamed or moved. The kubelet and the
 * plugins work with these, so that no absolute path is made or walked. All calls throw a KernelError.
 */
export class Directory {
  readonly place: Place;
  /** The caller, with this as its working directory. */
  readonly caller: Caller;

  constructor(caller: Caller, place: Place) {
    this.place = place;
    this.caller = withCwd(caller, place);
  }

  /** The directory at a path. ENOENT, ENOTDIR, EACCES. */
  static at(caller: Caller, path: string): Directory {
    return Directory.find(caller, path) ?? fail('ENOENT');
  }

  /** The same; undefined where there is nothing. ENOTDIR, EACCES. */
  static find(caller: Caller, path: string): Directory | undefined {
    const place = find(caller, path);
    if (place === undefined) return undefined;
    if (!isDirectory(inodeOf(place.entry).mode)) fail('ENOTDIR');
    return new Directory(caller, place);
  }

  /** Its absolute path in the caller's namespace, made when asked for. */
  path(): string {
    return this.caller.namespace.pathOf(this.place);
  }

  open(path: string): Directory {
    return Directory.at(this.caller, path);
  }

  /** What a path leads to. */
  walk(path: string, follow = true): Place {
    return walk(this.caller, path, follow);
  }

  /** The same; undefined where there is nothing. */
  find(path: string, follow = true): Place | undefined {
    return find(this.caller, path, follow);
  }

  stat(path = '.'): Stat {
    return sys.stat(this.caller, path);
  }

  lstat(path = '.'): Stat {
    return sys.lstat(this.caller, path);
  }

  /** Whether stat(2) succeeds. */
  exists(path: string): boolean {
    return attempt(() => find(this.caller, path) !== undefined);
  }

  /** Whether lstat(2) succeeds: a link that leads nowhere exists too. */
  lexists(path: string): boolean {
    return attempt(() => find(this.caller, path, false) !== undefined);
  }

  mkdir(path: string, mode: number): void {
    sys.mkdir(this.caller, path, mode);
  }

  /**
   * mkdir -p: every missing directory gets `mode` less the umask. ENOTDIR when a file is in the way, EEXIST when a link is that leads
   * nowhere. Models os.MkdirAll.
   */
  mkdirAll(path: string, mode: number): Directory {
    const found = Directory.find(this.caller, path);
    if (found !== undefined) return found;
    const text = withoutSlashes(readPath(this.caller, path));
    const slash = text.lastIndexOf('/');
    if (slash > 0) this.mkdirAll(text.slice(0, slash), mode);
    try {
      this.mkdir(path, mode);
    } catch (error) {
      // A link that leads nowhere is in the way, and no directory.
      if (!isKernelError(error, 'EEXIST') || !this.exists(path)) throw error;
    }
    return this.open(path);
  }

  readFile(path: string): Uint8Array {
    const file = sys.open(this.caller, path, 0);
    try {
      const bytes = new Uint8Array(file.inode.length);
      const done = sys.read(file, bytes);
      return done < bytes.length ? bytes.subarray(0, done) : bytes;
    } finally {
      sys.close(file);
    }
  }

  /** Makes or replaces a file's content. A short write is ENOSPC. */
  writeFile(path: string, data: Uint8Array, options: WriteOptions = {}): void {
    const how = options.append ? O_APPEND : O_TRUNC;
    const flags = O_WRONLY | O_CREAT | how | (options.exclusive ? O_EXCL : 0);
    const file = sys.open(this.caller, path, flags, options.mode ?? 0o666);
    try {
      for (let at = 0; at < data.length; ) at += sys.write(file, data, at, data.length - at);
    } finally {
      sys.close(file);
    }
  }

  symlink(target: string, path: string): void {
    sys.symlink(this.caller, target, path);
  }

  readlink(path: string): string {
    return sys.readlink(this.caller, path);
  }

  link(from: string, to: string): void {
    sys.link(this.caller, from, to);
  }

  /** Renames into this directory, or into another one. */
  rename(from: string, to: string, directory: Directory = this): void {
    rename(this.caller, from, to, { toCaller: directory.caller });
  }

  unlink(path: string): void {
    sys.unlink(this.caller, path);
  }

  rmdir(path: string): void {
    sys.rmdir(this.caller, path);
  }

  /** rm -rf: nothing there is success; a mount point is EBUSY, after what is in it went. Models os.RemoveAll. */
  removeAll(path: string): void {
    const place = find(this.caller, path, false);
    if (place === undefined) return;
    const { mode } = inodeOf(place.entry);
    if (!isDirectory(mode) || isSymlink(mode)) return this.unlink(path);
    const inner = new Directory(this.caller, place);
    for (const { name } of inner.readdir()) inner.removeAll(name);
    this.rmdir(path);
  }

  mknod(path: string, mode: number, device = 0): void {
    sys.mknod(this.caller, path, mode, device);
  }

  chmod(path: string, mode: number): void {
    sys.chmod(this.caller, path, mode);
  }

  chown(path: string, uid: number, gid: number): void {
    sys.chown(this.caller, path, uid, gid);
  }

  lchown(path: string, uid: number, gid: number): void {
    sys.lchown(this.caller, path, uid, gid);
  }

  /** Names and types, oldest first. */
  readdir(path = '.'): DirectoryEntry[] {
    return sys.readdir(this.caller, path);
  }

  /** The names in it, oldest first. */
  names(): string[] {
    return sys.names(this.caller, '.');
  }

  /** Whether something is mounted just there. ENOENT when nothing is there. */
  isMountPoint(path = '.'): boolean {
    const { mount, entry } = walk(this.caller, path);
    return entry === mount.root;
  }

  statfs(path = '.'): StatFs {
    return sys.statfs(this.caller, path);
  }

  /** Whether the caller may search it. */
  searchable(): boolean {
    return attempt(() => {
      sys.access(this.caller, '.', MAY_EXEC);
      return true;
    });
  }
}

/** Those at its end. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === '/') end--;
  return end === path.length ? path : path.slice(0, end);
}

function attempt(action: () => boolean): boolean {
  try {
    return action();
  } catch (error) {
    if (isKernelError(error)) return false;
    throw error;
  }
}
