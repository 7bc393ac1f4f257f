import { isDeepStrictEqual } from 'node:util';
import { createKernel, type FacedNamespace, type Propagation } from '../../src/face/index.ts';
import type { CapabilityName } from '../../src/kernel/index.ts';

/** One operation and what a real kernel answered: errno or null, and the value or the mount tables. */
export interface Operation {
  do: string;
  ns?: number;
  uid?: number;
  gid?: number;
  groups?: number[];
  path?: string;
  to?: string;
  data?: string | number;
  mode?: string;
  size?: number;
  owner?: number;
  group?: number;
  source?: string;
  target?: string;
  label?: string;
  put?: string;
  flags?: string | string[];
  type?: string;
  /** Root with these capabilities and no other. */
  caps?: readonly CapabilityName[];
}
export type Step = [Operation, string | null, unknown];
/** What was expected and what came, of one step. */
export type Outcome = { i: number; op: Operation; error: string | null; value: unknown };

export function octal(mode: string | undefined, fallback: string): number {
  return Number.parseInt(mode ?? fallback, 8);
}

const PROPAGATIONS = ['shared', 'slave', 'private', 'unbindable'] as const;

/** What `rslave` and its like ask for. */
function propagationOf(type: string): { type: Propagation; recursive: boolean } {
  const found = PROPAGATIONS.find((one) => type === one || type === `r${one}`);
  if (found === undefined) throw new Error(`unknown propagation ${type}`);
  return { type: found, recursive: type !== found };
}

/** Does an operation on files, and tells its value. */
export function act(namespace: FacedNamespace, op: Operation): unknown {
  const { uid = 0, gid = 0, groups = [], caps, path = '', to = '', data = '', size = 0 } = op;
  const capabilities = caps === undefined ? {} : { capabilities: caps };
  const fs = namespace.fs({ uid, gid, groups, umask: 0o022, ...capabilities });
  const text = typeof data === 'number' ? '.'.repeat(data) : data;
  switch (op.do) {
    case 'write':
      return fs.writeFileSync(path, text, { mode: octal(op.mode, '666') });
    case 'append':
      return fs.appendFileSync(path, text, { mode: octal(op.mode, '666') });
    case 'read': {
      const content = String(fs.readFileSync(path, 'utf8'));
      return content.length < 200 ? content : content.length;
    }
    case 'truncate':
      return fs.truncateSync(path, size);
    case 'mkdir':
      return void fs.mkdirSync(path, { mode: octal(op.mode, '777') });
    case 'rmdir':
      return fs.rmdirSync(path);
    case 'unlink':
      return fs.unlinkSync(path);
    case 'rename':
      return fs.renameSync(path, to);
    case 'link':
      return fs.linkSync(path, to);
    case 'symlink':
      return fs.symlinkSync(to, path);
    case 'readlink':
      return fs.readlinkSync(path);
    case 'realpath':
      return fs.realpathSync(path);
    case 'chmod':
      return fs.chmodSync(path, octal(op.mode, '0'));
    case 'chown':
      return fs.chownSync(path, op.owner ?? -1, op.group ?? -1);
    case 'stat':
    case 'lstat':
      return look(op.do === 'stat' ? fs.statSync(path) : fs.lstatSync(path));
    case 'readdir':
      return fs.readdirSync(path).sort();
    case 'access':
      return fs.accessSync(
        path,
        [...(op.mode ?? '')].reduce((bits, c) => bits | ({ r: 4, w: 2, x: 1 }[c] ?? 0), 0),
      );
    default:
      return mountAct(namespace, op);
  }
}

/** What `stat` tells of a file. */
export function look(stat: {
  mode: number;
  uid: number;
  gid: number;
  size: number;
  nlink: number;
}): unknown {
  const type = { 4: 'dir', 10: 'symlink', 8: 'file' }[(stat.mode >> 12) & 15] ?? 'other';
  const { uid, gid, nlink } = stat;
  return {
    type,
    mode: (stat.mode & 0o7777).toString(8),
    uid,
    gid,
    size: type === 'dir' ? null : stat.size,
    nlink,
  };
}

function mountAct(namespace: FacedNamespace, op: Operation): void {
  const { path = '', to = '', size, mode } = op;
  if (op.do === 'tmpfs') {
    namespace.mount({
      type: 'tmpfs',
      source: 'tmpfs',
      target: path,
      ...(size !== undefined && { size }),
      ...(mode !== undefined && { mode: octal(mode, '0') }),
    });
  } else if (op.do === 'bind') namespace.bind(path, to);
  else if (op.do === 'readonly') namespace.remountReadOnly(path);
  else if (op.do === 'umount') namespace.unmount(path);
  else throw new Error(`unknown operation ${op.do}`);
}

/** The errno of what an action throws. */
export function errnoOf(action: () => unknown): { error: string | null; value: unknown } {
  try {
    return { error: null, value: action() ?? null };
  } catch (error) {
    return { error: (error as { code?: string }).code ?? String(error), value: null };
  }
}

function populate(namespace: FacedNamespace, at: string): void {
  const fs = namespace.fs();
  for (const name of ['x', 'x/x', 'x/y', 'y', 'y/x', 'y/y']) {
    fs.mkdirSync(`${at === '/' ? '' : at}/${name}`, { recursive: true });
  }
}

function perform(spaces: FacedNamespace[], op: Operation): void {
  const { target = '', source = '', label = '', ns = 0 } = op;
  const namespace = spaces[ns];
  if (namespace === undefined) throw new Error(`no namespace ${ns}`);
  switch (op.do) {
    case 'clone':
      spaces.push(namespace.clone());
      return;
    case 'tmpfs':
      namespace.mount({ type: 'tmpfs', source: label, target });
      return populate(namespace, target);
    case 'bind':
      return namespace.bind(source, target);
    case 'rbind':
      return namespace.bind(source, target, { recursive: true });
    case 'move':
      return namespace.move(source, target);
    case 'umount':
      return namespace.unmount(target);
    case 'detach':
      return namespace.unmount(target, { lazy: true });
    case 'make': {
      const { type, recursive } = propagationOf(op.type ?? '');
      return namespace.setPropagation(target, type, { recursive });
    }
    case 'readonly':
      return namespace.remountReadOnly(target);
    case 'tree':
      return namespace.remountReadOnly(target, op.flags?.includes('ro'), { recursive: true });
    case 'pivot':
      return namespace.pivotRoot(target, op.put ?? '');
    case 'swap':
      return namespace.pivotRoot(target);
    default:
      throw new Error(`unknown operation ${op.do}`);
  }
}

/** The mount tables, peer groups numbered as they come. */
function picture(spaces: readonly FacedNamespace[]): unknown {
  const ids = new Map<number, number>();
  const number = (group: number | undefined): number | null => {
    if (group === undefined) return null;
    if (!ids.has(group)) ids.set(group, ids.size + 1);
    return ids.get(group) ?? null;
  };
  const tables = spaces.map((namespace, i) => [
    String(i),
    namespace.mounts().map((m) => ({
      at: m.mountPoint,
      parent: m.parent ?? null,
      fs: m.source,
      root: m.root,
      ro: m.readOnly,
      shared: number(m.shared),
      master: number(m.master),
      unbindable: m.unbindable,
    })),
  ]);
  return Object.fromEntries(tables);
}

/** Plays file operations; tells the first step that answers otherwise than Linux did. */
export function playFiles(
  steps: readonly Step[],
): { expected: Outcome; found: Outcome } | undefined {
  const namespace = createKernel().rootNamespace;
  return firstDifference(steps, (op) => errnoOf(() => act(namespace, op)));
}

/** The same for mounts: the errno and every mount table. */
export function playMounts(
  steps: readonly Step[],
): { expected: Outcome; found: Outcome } | undefined {
  const { rootNamespace } = createKernel();
  const spaces = [rootNamespace];
  populate(rootNamespace, '/');
  return firstDifference(steps, (op) => {
    const { error } = errnoOf(() => perform(spaces, op));
    return { error, value: picture(spaces) };
  });
}

/** Plays steps; the first that answers otherwise. */
export function firstDifference(
  steps: readonly Step[],
  play: (op: Operation) => { error: string | null; value: unknown },
): { expected: Outcome; found: Outcome } | undefined {
  for (const [i, [op, error, value]] of steps.entries()) {
    const found = play(op);
    if (found.error !== error || !isDeepStrictEqual(found.value, value)) {
      return { expected: { i, op, error, value }, found: { i, op, ...found } };
    }
  }
  return undefined;
}
