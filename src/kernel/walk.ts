import type { Caller, Place } from './caller.ts';
import { fail } from './errno.ts';
import { MAY_EXEC } from './flags.ts';
import { childOf, type Entry, type Inode, inodeOf, parentOf } from './memfs.ts';
import { isDirectory, isSymlink, S_ISVTX } from './mode.ts';
import { MNT_NOSYMFOLLOW, type Mount, mountOn } from './mount.ts';
import { demand } from './permission.ts';
import { touchAccess } from './times.ts';

const SLASH = 47;
const DOT = 46;
const PATH_MAX = 4096;
const NAME_MAX = 255;
const MAX_SYMLINKS = 40;

/** What the last component of a path is. Models LAST_NORM and its like. */
export type LastKind = 'name' | 'dot' | 'dotdot' | 'root';

/** The directory of the last component, and its name. */
export interface Parent extends Place {
  readonly name: string;
  readonly kind: LastKind;
  /** A slash follows the name. */
  readonly trailing: boolean;
}

/** What a path leads to. Last symbolic links are followed unless `follow` is false (a slash behind follows anyway). Models path_resolution(7). */
export function walk(caller: Caller, path: string, follow = true): Place {
  return find(caller, path, follow) ?? fail('ENOENT');
}

/** The same; undefined where there is no such entry. Nothing is thrown then: a look for what may be missing is common, and a throw costs ten walks. */
export function find(caller: Caller, path: string, follow = true): Place | undefined {
  const walker = new Walker(caller, path);
  return walker.run(follow) ? { mount: walker.mount, entry: walker.entry } : undefined;
}

/** The directory that a path's last component is in. Models filename_parentat. */
export function walkToParent(caller: Caller, path: string): Parent {
  return new Walker(caller, path).toParent();
}

/** The entry of that name in a directory that may be searched; ENAMETOOLONG. Does not cross mounts. */
export function lookup(directory: Entry, name: string): Entry | undefined {
  if (name.length * 3 > NAME_MAX && utf8Length(name) > NAME_MAX) fail('ENAMETOOLONG');
  return childOf(directory, name) ?? inodeOf(directory).fileSystem.lookup(directory, name);
}

/** The topmost of what is mounted on a place. */
export function topOf(mount: Mount, entry: Entry): Place {
  let at = mount;
  let on = entry;
  for (let next = mountOn(at, on); next !== undefined; next = mountOn(at, on)) {
    at = next;
    on = next.root;
  }
  return { mount: at, entry: on };
}

/** A path, or what a link says, with `/` between its names, from `/` where it is absolute. */
export function readPath({ kernel }: Pick<Caller, 'kernel'>, text: string): string {
  return kernel.paths === undefined ? text : kernel.paths.read(text);
}

/** A path from `/` as programs of the system write it. */
export function printPath({ kernel }: Pick<Caller, 'kernel'>, path: string): string {
  return kernel.paths === undefined ? path : kernel.paths.print(path);
}

/** Bytes of a string in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** A path being resolved, component by component. Models link_path_walk of fs/namei.c. */
export class Walker {
  readonly caller: Caller;
  mount: Mount;
  entry: Entry;
  #path: string;
  #at = 0;
  #hops = 0;

  constructor(caller: Caller, path: string) {
    this.caller = caller;
    if (path.length === 0) fail('ENOENT');
    if (path.length * 3 >= PATH_MAX && utf8Length(path) >= PATH_MAX) fail('ENAMETOOLONG');
    this.#path = readPath(caller, path);
    const start = this.#path.charCodeAt(0) === SLASH ? caller.root : caller.cwd;
    this.mount = start.mount;
    this.entry = start.entry;
  }

  /** Goes to the end. False: there is no such entry. */
  run(follow: boolean): boolean {
    while (this.#skipSlashes()) {
      demand(this.caller, inodeOf(this.entry), MAY_EXEC);
      const end = this.#nameEnd();
      const next = this.#afterSlashes(end);
      const last = next >= this.#path.length;
      const trailing = last && next > end;
      const name = this.#path.slice(this.#at, end);
      const step = this.#step(name, !last || follow || trailing, last);
      if (step === 'link') continue;
      if (step === 'missing') return false;
      if ((!last || trailing) && !isDirectory(inodeOf(this.entry).mode)) fail('ENOTDIR');
      this.#at = next;
    }
    return true;
  }

  /** Goes to the directory of the last component, and leaves that unresolved. */
  toParent(): Parent {
    while (this.#skipSlashes()) {
      demand(this.caller, inodeOf(this.entry), MAY_EXEC);
      const end = this.#nameEnd();
      const next = this.#afterSlashes(end);
      const name = this.#path.slice(this.#at, end);
      if (next >= this.#path.length) return this.#parent(name, next > end);
      const step = this.#step(name, true, false);
      if (step === 'link') continue;
      if (step === 'missing') fail('ENOENT');
      if (!isDirectory(inodeOf(this.entry).mode)) fail('ENOTDIR');
      this.#at = next;
    }
    return { mount: this.mount, entry: this.entry, name: '', kind: 'root', trailing: false };
  }

  /** Goes on from the walker's directory with a symbolic link that stood last in it. */
  followLast(link: Inode): void {
    this.#enterLink(link, '', true);
  }

  #parent(name: string, trailing: boolean): Parent {
    const kind = name === '.' ? 'dot' : name === '..' ? 'dotdot' : 'name';
    return { mount: this.mount, entry: this.entry, name, kind, trailing };
  }

  /** One component. After a symbolic link its target is to be walked. */
  #step(name: string, follow: boolean, last: boolean): 'entered' | 'link' | 'missing' {
    if (name.charCodeAt(0) === DOT) {
      if (name.length === 1) return 'entered';
      if (name === '..') {
        this.#up();
        return 'entered';
      }
    }
    const child = lookup(this.entry, name);
    if (child === undefined) return 'missing';
    const inode = inodeOf(child);
    if (follow && child.mounted === undefined && isSymlink(inode.mode)) {
      this.#enterLink(inode, this.#path.slice(this.#at + name.length), last);
      return 'link';
    }
    this.#enter(child);
    return 'entered';
  }

  #enter(child: Entry): void {
    this.entry = child;
    if (child.mounted !== undefined) this.#cross();
  }

  #cross(): void {
    for (;;) {
      const next = mountOn(this.mount, this.entry);
      if (next === undefined) return;
      this.mount = next;
      this.entry = next.root;
    }
  }

  #enterLink(link: Inode, rest: string, last: boolean): void {
    if (++this.#hops > MAX_SYMLINKS) fail('ELOOP');
    if (last) this.#demandMayFollow(link);
    if ((this.mount.flags & MNT_NOSYMFOLLOW) !== 0) fail('ELOOP');
    touchAccess(this.mount, link);
    this.#path = readPath(this.caller, link.symlink) + rest;
    this.#at = 0;
    if (this.#path.charCodeAt(0) === SLASH) {
      this.mount = this.caller.root.mount;
      this.entry = this.caller.root.entry;
    }
  }

  /** Models may_follow_link. */
  #demandMayFollow(link: Inode): void {
    const { kernel, uid } = this.caller;
    if (!kernel.protectedSymlinks || uid === link.uid) return;
    const directory = inodeOf(this.entry);
    if ((directory.mode & (S_ISVTX | 0o002)) !== (S_ISVTX | 0o002)) return;
    if (directory.uid !== link.uid) fail('EACCES');
  }

  /** Models follow_dotdot: never above the caller's root, out of mounts, and onto what is mounted there. */
  #up(): void {
    const { root } = this.caller;
    if (this.mount !== root.mount || this.entry !== root.entry) {
      const from = this.entry === this.mount.root ? this.#choosePoint() : this.entry;
      const parent = from === undefined ? undefined : parentOf(from);
      if (parent !== undefined) this.entry = parent;
    }
    if (this.entry.mounted !== undefined) this.#cross();
  }

  /** Leaves mounts until their mount point is not a root itself. Undefined at the caller's root. Models choose_mountpoint. */
  #choosePoint(): Entry | undefined {
    const { root } = this.caller;
    let mount = this.mount;
    while (mount.parent !== undefined && mount.mountPoint !== undefined) {
      const point = mount.mountPoint;
      mount = mount.parent;
      if (mount === root.mount && point === root.entry) return undefined;
      if (point !== mount.root) {
        this.mount = mount;
        this.entry = point;
        return point;
      }
    }
    return undefined;
  }

  #skipSlashes(): boolean {
    this.#at = this.#afterSlashes(this.#at);
    return this.#at < this.#path.length;
  }

  #afterSlashes(from: number): number {
    let at = from;
    while (this.#path.charCodeAt(at) === SLASH) at++;
    return at;
  }

  #nameEnd(): number {
    const end = this.#path.indexOf('/', this.#at);
    return end < 0 ? this.#path.length : end;
  }
}
