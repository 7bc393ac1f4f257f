import { createKernel, type FacedNamespace } from '../../src/face/index.ts';
import * as flags from '../../src/kernel/flags.ts';
import {
  type Caller,
  fileType,
  formatted,
  inodeOf,
  type MountNamespace,
  majorOf,
  makeDevice,
  minorOf,
  mountInfoText,
  type OpenFile,
  Overlay,
  S_IFBLK,
  sys,
} from '../../src/kernel/index.ts';
import {
  act,
  errnoOf,
  firstDifference,
  look,
  type Operation,
  type Outcome,
  octal,
  type Step,
} from './play.ts';

/** What test/oracle/kernel-calls.py asks more than kernel-files.py does. */
interface CallOperation extends Operation {
  as?: string;
  at?: number;
  length?: number;
  name?: string;
  rdev?: [number, number];
  superblock?: boolean;
  lazy?: boolean;
  lower?: string;
  inodes?: number;
}

/** Milliseconds between operations, each of which has a moment of its own. */
const TICK = 1000;
const TMPFS_MAGIC = 0x01021994;
const TYPES: Readonly<Record<string, number>> = {
  fifo: 0o010000,
  socket: 0o140000,
  char: 0o020000,
  block: 0o060000,
};
const OPEN: Readonly<Record<string, number>> = {
  a: flags.O_APPEND,
  c: flags.O_CREAT,
  x: flags.O_EXCL,
  t: flags.O_TRUNC,
  n: flags.O_NOFOLLOW,
  d: flags.O_DIRECTORY,
};

/** A kernel at work: what is open, and which inodes were asked for. */
class Machine {
  now = 0;
  readonly namespace: FacedNamespace;
  readonly open = new Map<string, OpenFile>();
  readonly #inodes = new Map<string, number>();

  constructor() {
    this.namespace = createKernel({ now: () => this.now }).rootNamespace;
  }

  caller({ uid = 0, gid = 0, groups = [], caps }: CallOperation): Caller {
    const capabilities = caps === undefined ? {} : { capabilities: caps };
    return this.namespace.namespace.caller({ uid, gid, groups, ...capabilities });
  }

  /** Inodes by the order in which they were asked for. */
  numberOf({ dev, ino }: { dev: number; ino: number }): number {
    const known = this.#inodes.get(`${dev}:${ino}`) ?? this.#inodes.size;
    this.#inodes.set(`${dev}:${ino}`, known);
    return known;
  }
}

/** Plays the operations of kernel-calls.py; tells the first step that answers otherwise than Linux did. */
export function playCalls(
  steps: readonly Step[],
): { expected: Outcome; found: Outcome } | undefined {
  const machine = new Machine();
  return firstDifference(steps, (op) => {
    machine.now += TICK;
    return errnoOf(() => perform(machine, op as CallOperation));
  });
}

function perform(machine: Machine, op: CallOperation): unknown {
  if (waits(machine, op)) return 'other';
  if (op.as !== undefined) return onDescriptor(machine, op, op.as);
  switch (op.do) {
    case 'tmpfs':
    case 'remount':
    case 'overlay':
    case 'umount':
    case 'mountinfo':
    case 'ext4':
    case 'abort':
    case 'huge':
      return onMounts(machine, op);
    default:
      return onAttributes(machine, op);
  }
}

/** As the function of that name in kernel-calls.py. */
function waits(machine: Machine, op: CallOperation): boolean {
  if (!['open', 'read', 'write', 'append'].includes(op.do)) return false;
  if (op.do === 'open' && op.flags?.includes('n')) return false;
  const { value } = errnoOf(() => sys.stat(machine.caller(op), op.path ?? ''));
  if (value === null) return false;
  const type = fileType((value as { mode: number }).mode);
  return type === 'fifo' || (type === 'character-device' && op.do === 'read');
}

function openFlags(letters: string): number {
  const both = letters.includes('r') && letters.includes('w');
  const access = both ? flags.O_RDWR : letters.includes('w') ? flags.O_WRONLY : flags.O_RDONLY;
  return (
    [...letters].reduce((bits, letter) => bits | (OPEN[letter] ?? 0), access) | flags.O_NONBLOCK
  );
}

function open(machine: Machine, op: CallOperation, name: string): void {
  const before = machine.open.get(name);
  machine.open.delete(name);
  if (before !== undefined) sys.close(before);
  const { path = '', flags: letters = '' } = op;
  machine.open.set(name, sys.open(machine.caller(op), path, openFlags(String(letters)), 0o666));
}

function onDescriptor(machine: Machine, op: CallOperation, name: string): unknown {
  if (op.do === 'open') return open(machine, op, name);
  const file = machine.open.get(name);
  if (file === undefined) throw Object.assign(new Error('no descriptor'), { code: 'EBADF' });
  const { size = 0, length = 0, owner = -1, group = -1 } = op;
  switch (op.do) {
    case 'fread': {
      const bytes = new Uint8Array(length);
      const done = sys.read(file, bytes, 0, length, op.at);
      return done < 200 ? Buffer.from(bytes.subarray(0, done)).toString('latin1') : done;
    }
    case 'fwrite': {
      const text = typeof op.data === 'number' ? '.'.repeat(op.data) : (op.data ?? '');
      return sys.write(file, Buffer.from(text), 0, text.length, op.at);
    }
    case 'fstat':
      return described(sys.fstat(file));
    case 'ftruncate':
      return sys.ftruncate(file, size);
    case 'fsync':
      return sys.fsync(file);
    case 'fchmod':
      return sys.fchmod(machine.caller(op), file, octal(op.mode, '0'));
    case 'fchown':
      return sys.fchown(machine.caller(op), file, owner, group);
    case 'close':
      machine.open.delete(name);
      return sys.close(file);
    default:
      throw new Error(`unknown operation ${op.do}`);
  }
}

/** Devices and their like have names of their own here. */
function described(stat: Parameters<typeof look>[0] & { rdev: number }): unknown {
  const found = look(stat) as Record<string, unknown>;
  const type = Object.entries(TYPES).find(([, bits]) => (stat.mode & 0o170000) === bits)?.[0];
  if (type === undefined) return found;
  const device = type === 'char' || type === 'block';
  const { rdev } = stat;
  return { ...found, type, ...(device && { rdev: [majorOf(rdev), minorOf(rdev)] }) };
}

function onAttributes(machine: Machine, op: CallOperation): unknown {
  const caller = machine.caller(op);
  const { path = '', name = '', data = '' } = op;
  switch (op.do) {
    case 'setxattr': {
      const how = op.flags === undefined ? {} : { [String(op.flags)]: true };
      return sys.setxattr(caller, path, name, Buffer.from(String(data)), how);
    }
    case 'getxattr':
      return Buffer.from(sys.getxattr(caller, path, name)).toString();
    case 'listxattr':
      return sys.listxattr(caller, path).sort();
    case 'removexattr':
      return sys.removexattr(caller, path, name);
    case 'mknod':
      return sys.mknod(
        caller,
        path,
        (TYPES[op.type ?? ''] ?? 0) | 0o644,
        makeDevice(...(op.rdev ?? [0, 0])),
      );
    case 'truncate':
      return sys.truncate(caller, path, op.size ?? 0);
    case 'utimes':
      return sys.utimes(caller, path, 0, 0);
    case 'lstat':
      return described(sys.lstat(caller, path));
    default:
      return onStatus(machine, op, caller, path);
  }
}

function onStatus(machine: Machine, op: CallOperation, caller: Caller, path: string): unknown {
  switch (op.do) {
    case 'blocks':
      return sys.lstat(caller, path).blocks;
    case 'ino':
      return machine.numberOf(sys.lstat(caller, path));
    case 'times': {
      const { atimeMs, mtimeMs, ctimeMs } = sys.lstat(caller, path);
      return [atimeMs, mtimeMs, ctimeMs].map((time) => Math.floor(time / TICK) - 1);
    }
    case 'statfs': {
      const { type, bsize, blocks, bavail, files, ffree } = sys.statfs(caller, path);
      const large = type === TMPFS_MAGIC && (files === 0 || files > 100_000);
      return large ? 'large' : { bsize, blocks, bavail, files, ffree };
    }
    default:
      return act(machine.namespace, op);
  }
}

function onMounts({ namespace }: Machine, op: CallOperation): unknown {
  const { path = '', lower = '', size, inodes, mode } = op;
  const kernel = namespace.namespace;
  switch (op.do) {
    case 'tmpfs':
      return void kernel.mount({
        type: 'tmpfs',
        target: path,
        ...(size !== undefined && { size }),
        ...(inodes !== undefined && { inodes }),
        ...(mode !== undefined && { mode: octal(mode, '0') }),
      });
    case 'overlay': {
      const { entry } = sys.walk(kernel.caller(), lower);
      const fileSystem = new Overlay(kernel.kernel, entry, { upper: kernel.root.fileSystem });
      return void kernel.mount({ type: 'overlay', target: path, fileSystem });
    }
    case 'ext4':
      return mountDisk(kernel, path);
    case 'abort':
      return abort(kernel, path);
    case 'huge':
      return void kernel.mount({ type: 'hugetlbfs', target: path });
    case 'umount':
      return kernel.unmount(path, { lazy: op.lazy ?? false });
    case 'remount':
      return remount(namespace, op);
    default:
      return mountInfoText(kernel).trimEnd().split('\n').map(shownMount).sort();
  }
}

/** A disk that mkfs.ext4 made before, by way of a device file that is gone again. */
function mountDisk(namespace: MountNamespace, path: string): void {
  const root = namespace.caller();
  sys.mknod(root, '/loop', S_IFBLK | 0o600);
  const fileSystem = namespace.kernel.createFileSystem(
    formatted({ type: 'ext4', bytes: 100 * 2 ** 20 }),
  );
  const inode = inodeOf(fileSystem.root);
  inode.atimeMs = inode.mtimeMs = inode.ctimeMs = 0;
  try {
    namespace.mount({ type: 'ext4', target: path, fileSystem });
  } finally {
    sys.unlink(root, '/loop');
  }
}

function abort(namespace: MountNamespace, path: string): void {
  const { fileSystem } = sys.walk(namespace.caller(), path).mount;
  if (fileSystem.type !== 'ext4') throw Object.assign(new Error('no disk'), { code: 'EINVAL' });
  fileSystem.abort();
}

/** The system call sets all flags; but those of access times stay when none of them is named. Models path_mount. */
function remount(namespace: FacedNamespace, op: CallOperation): void {
  const { path = '', flags: named = [], superblock } = op;
  const options = ['rw', 'suid', 'dev', 'exec', ...accessTimes(named), ...named];
  if (superblock) namespace.remountFileSystem(path, options);
  else namespace.remount(path, options);
}

function accessTimes(named: readonly string[] | string): string[] {
  const some = ['noatime', 'nodiratime', 'relatime', 'strictatime'].some((one) =>
    named.includes(one),
  );
  return some ? ['atime', 'diratime', 'relatime'] : [];
}

function shownMount(line: string): string[] {
  const [left = '', right = ''] = line.split(' - ');
  const fields = left.split(' ');
  return [fields[4] ?? '', fields[5] ?? '', right.split(' ')[2]?.split(',')[0] ?? ''];
}
