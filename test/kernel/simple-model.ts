/*
 * A second model of files and mounts, to hold the first against: no tree of entries, but for each filesystem one map of whole paths; no
 * links between mounts and what they cover, but one list. All is looked up from the start each time. It knows of no users, sizes or
 * propagation, and tells only whether a call succeeds.
 */

type Node =
  | { kind: 'dir' }
  | { kind: 'file'; file: { text: string } }
  | { kind: 'link'; to: string };

/** Paths from its root, which is ''. What was removed and is still mounted has a name without a slash. */
type Disk = Map<string, Node>;

interface Mounted {
  disk: Disk;
  /** What of the disk is shown. */
  root: string;
  on?: { mount: Mounted; path: string };
}

interface At {
  mount: Mounted;
  path: string;
}

class Refused extends Error {}

function refuse(): never {
  throw new Refused();
}

const isBelow = (path: string, top: string): boolean => path === top || path.startsWith(`${top}/`);

/** A machine with a namespace or more. */
export class SimpleModel {
  readonly spaces: Mounted[][] = [[{ disk: new Map([['', { kind: 'dir' }]]), root: '' }]];
  readonly #maxMounts: number;
  #removed = 0;

  constructor(maxMounts: number) {
    this.#maxMounts = maxMounts;
  }

  /** Whether a call succeeds; one that does not changes nothing. */
  does(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  mkdir(space: number, path: string): void {
    this.#make(space, path, { kind: 'dir' });
  }

  symlink(space: number, to: string, path: string): void {
    this.#make(space, path, { kind: 'link', to });
  }

  write(space: number, path: string, text: string): void {
    const at = this.#find(space, path, true, true);
    const node = at.mount.disk.get(at.path);
    if (node === undefined) at.mount.disk.set(at.path, { kind: 'file', file: { text } });
    else if (node.kind === 'file') node.file.text = text;
    else refuse();
  }

  link(space: number, from: string, to: string): void {
    const old = this.#find(space, from, false);
    const at = this.#find(space, to, false, true);
    const node = this.#node(old);
    if (node.kind === 'dir' || this.#has(at) || at.mount !== old.mount) refuse();
    at.mount.disk.set(at.path, node);
  }

  remove(space: number, path: string, directory: boolean): void {
    const at = this.#entry(space, path);
    if ((this.#node(at).kind === 'dir') !== directory) refuse();
    if (this.#covers(space, at) || this.#inside(at).length > 0) refuse();
    this.#discard(at);
  }

  rename(space: number, from: string, to: string): void {
    const old = this.#entry(space, from);
    const at = this.#find(space, to, false, true, true);
    if (old.mount !== at.mount) refuse();
    const node = this.#node(old);
    if (node.kind === 'dir' && isBelow(at.path, old.path) && at.path !== old.path) refuse();
    const there = at.mount.disk.get(at.path);
    if (there !== undefined && (node === there || sameFile(node, there))) return;
    if (this.#covers(space, old)) refuse();
    if (there !== undefined) {
      if ((node.kind === 'dir') !== (there.kind === 'dir') || this.#covers(space, at)) refuse();
      if (this.#inside(at).length > 0) refuse();
      this.#discard(at);
    }
    this.#rekey(old.mount.disk, old.path, at.path);
  }

  mount(space: number, path: string): void {
    const at = this.#target(space, path, true);
    this.#attach(space, [{ disk: new Map([['', { kind: 'dir' }]]), root: '', on: at }]);
  }

  bind(space: number, from: string, to: string, whole: boolean): void {
    const source = this.#find(space, from, true);
    const at = this.#target(space, to, this.#node(source).kind === 'dir');
    const top: Mounted = { disk: source.mount.disk, root: source.path, on: at };
    const below = whole ? this.#below(space, source) : [];
    this.#attach(space, [top, ...copies(below, new Map([[source.mount, top]]))]);
  }

  move(space: number, from: string, to: string): void {
    const source = this.#find(space, from, true);
    const at = this.#target(space, to, this.#node(source).kind === 'dir');
    const { mount } = source;
    if (source.path !== mount.root || mount.on === undefined) refuse();
    for (let up: Mounted | undefined = at.mount; up !== undefined; up = up.on?.mount) {
      if (up === mount) refuse();
    }
    mount.on = at;
  }

  unmount(space: number, path: string, lazy: boolean): void {
    const { mount, path: found } = this.#find(space, path, true);
    if (found !== mount.root || mount.on === undefined) refuse();
    const going = this.#withAllOn(space, mount);
    if (going.size > 1 && !lazy) refuse();
    this.#drop(space, going);
  }

  clone(space: number): void {
    const [root, ...rest] = this.#space(space);
    if (root === undefined) refuse();
    const top = { disk: root.disk, root: root.root };
    this.spaces.push([top, ...copies(rest, new Map([[root, top]]))]);
  }

  /** Every path of a namespace and what is there. */
  picture(space: number, path = '/'): string[] {
    const at = this.#find(space, path, false);
    const node = this.#node(at);
    if (node.kind === 'link') return [`${path} -> ${node.to}`];
    if (node.kind === 'file') return [`${path} ${node.file.text}`];
    const names = this.#inside(at).map((name) => `${path === '/' ? '' : path}/${name}`);
    return [`${path} dir`, ...names.sort().flatMap((name) => this.picture(space, name))];
  }

  /** Where something is mounted, the outer before the inner. */
  points(space: number): number {
    return this.#space(space).length;
  }

  #space(space: number): Mounted[] {
    return this.spaces[space] ?? refuse();
  }

  #node({ mount, path }: At): Node {
    return mount.disk.get(path) ?? refuse();
  }

  #has({ mount, path }: At): boolean {
    return mount.disk.has(path);
  }

  #inside({ mount, path }: At): string[] {
    const names = [...mount.disk.keys()].filter((key) => key.startsWith(`${path}/`));
    return names.map((key) => key.slice(path.length + 1)).filter((name) => !name.includes('/'));
  }

  /** Onto whatever is mounted there. */
  #over(space: number, at: At): At {
    const top = this.#space(space).find(
      ({ on }) => on !== undefined && on.mount === at.mount && on.path === at.path,
    );
    return top === undefined ? at : this.#over(space, { mount: top, path: top.root });
  }

  /**
   * Where a path leads. With `fresh` the last name need not be there, but may not be `.` or `..`; with `entry` what is mounted on it
   * does not count.
   */
  #find(space: number, path: string, follow: boolean, fresh = false, entry = false): At {
    const [root] = this.#space(space);
    const top: At = root === undefined ? refuse() : { mount: root, path: root.root };
    let at = top;
    const names = path.split('/').filter(Boolean);
    if (fresh && names.length === 0) refuse();
    for (let hops = 0; names.length > 0; ) {
      const name = names.shift() ?? '';
      const last = names.length === 0;
      if (this.#node(at).kind !== 'dir') refuse();
      if (last && fresh && (name === '.' || name === '..')) refuse();
      if (name === '.') continue;
      if (name === '..') {
        at = this.#over(space, this.#up(at));
        continue;
      }
      const next = { mount: at.mount, path: `${at.path}/${name}` };
      const node = next.mount.disk.get(next.path);
      if (node === undefined) {
        if (last && fresh && !isRemoved(at.path)) return next;
        refuse();
      }
      if (last && entry) return next;
      const over = this.#over(space, next);
      if (node.kind === 'link' && over === next && (!last || follow)) {
        if (++hops > 40) refuse();
        names.unshift(...node.to.split('/').filter(Boolean));
        if (node.to.startsWith('/')) at = top;
        continue;
      }
      at = over;
    }
    return at;
  }

  #up(at: At): At {
    let { mount, path } = at;
    while (path === mount.root) {
      if (mount.on === undefined) return { mount, path };
      ({ mount, path } = mount.on);
    }
    return { mount, path: path.slice(0, path.lastIndexOf('/')) };
  }

  /** A name that is there, whatever is mounted on it. */
  #entry(space: number, path: string): At {
    const at = this.#find(space, path, false, true, true);
    return this.#has(at) ? at : refuse();
  }

  #make(space: number, path: string, node: Node): void {
    const at = this.#find(space, path, false, true, true);
    if (this.#has(at)) refuse();
    at.mount.disk.set(at.path, node);
  }

  #target(space: number, path: string, directory: boolean): At {
    const at = this.#find(space, path, true);
    if ((this.#node(at).kind === 'dir') !== directory || isRemoved(at.path)) refuse();
    return at;
  }

  #attach(space: number, mounts: Mounted[]): void {
    const all = this.#space(space);
    if (all.length + mounts.length > this.#maxMounts) refuse();
    all.push(...mounts);
  }

  /** What is mounted on a mount at a path or below, and on that. */
  #below(space: number, { mount, path }: At): Mounted[] {
    const first = this.#space(space).filter(
      ({ on }) => on !== undefined && on.mount === mount && isBelow(on.path, path),
    );
    return first.flatMap((one) => [...this.#withAllOn(space, one)]);
  }

  #withAllOn(space: number, mount: Mounted): Set<Mounted> {
    const found = new Set([mount]);
    for (const one of found) {
      for (const other of this.#space(space)) if (other.on?.mount === one) found.add(other);
    }
    return found;
  }

  #drop(space: number, going: ReadonlySet<Mounted>): void {
    this.spaces[space] = this.#space(space).filter((mount) => !going.has(mount));
  }

  #covers(space: number, at: At): boolean {
    return this.#space(space).some(
      ({ on }) => on?.mount.disk === at.mount.disk && on.path === at.path,
    );
  }

  /** Takes a name away, with what other namespaces have mounted on it. */
  #discard(at: At): void {
    for (const space of this.spaces.keys()) {
      for (const mount of this.#space(space)) {
        const { on } = mount;
        if (on?.mount.disk === at.mount.disk && on.path === at.path) {
          this.#drop(space, this.#withAllOn(space, mount));
        }
      }
    }
    this.#rekey(at.mount.disk, at.path, `removed${this.#removed++}`);
  }

  /** Whatever is at a path or below it, or shows it, goes elsewhere. */
  #rekey(disk: Disk, from: string, to: string): void {
    const moved = (path: string): string =>
      isBelow(path, from) ? to + path.slice(from.length) : path;
    const nodes = [...disk];
    disk.clear();
    for (const [path, node] of nodes) disk.set(moved(path), node);
    for (const mount of this.spaces.flat()) {
      if (mount.disk === disk) mount.root = moved(mount.root);
      if (mount.on?.mount.disk === disk) mount.on = { ...mount.on, path: moved(mount.on.path) };
    }
  }
}

function sameFile(one: Node, other: Node): boolean {
  return one.kind === 'file' && other.kind === 'file' && one.file === other.file;
}

function isRemoved(path: string): boolean {
  return path.startsWith('removed');
}

/** Copies of mounts whose parents are copied too, or known already. */
function copies(mounts: readonly Mounted[], known: Map<Mounted, Mounted>): Mounted[] {
  const made: Mounted[] = mounts.map(({ disk, root }) => ({ disk, root }));
  for (const [i, mount] of mounts.entries()) known.set(mount, made[i] ?? refuse());
  for (const [i, { on }] of mounts.entries()) {
    const parent = on === undefined ? undefined : known.get(on.mount);
    const copy = made[i];
    if (copy !== undefined && parent !== undefined && on !== undefined) {
      copy.on = { mount: parent, path: on.path };
    }
  }
  return made;
}
