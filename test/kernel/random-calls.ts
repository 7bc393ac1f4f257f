import fc from 'fast-check';
import {
  Kernel,
  KernelError,
  type MountNamespace,
  type OpenFile,
  type Propagation,
  sys,
} from '../../src/kernel/index.ts';

/** A kernel in use: its namespaces and the files that are open. */
export interface Machine {
  readonly kernel: Kernel;
  readonly namespaces: MountNamespace[];
  readonly files: OpenFile[];
  /** A call in one of the namespaces, by root or another user. */
  readonly clock: { now: number };
}

export type Call = (machine: Machine) => unknown;

/** A kernel with little room, so that all limits are met. */
export function newMachine(): Machine {
  const clock = { now: 1000 };
  const kernel = new Kernel({ now: () => clock.now, mountMax: 12 });
  const namespace = kernel.rootNamespace;
  namespace.setPropagation('/', 'shared');
  const caller = namespace.caller();
  sys.mkdir(caller, '/a', 0o777);
  namespace.mount({ type: 'tmpfs', target: '/a', mode: 0o777, size: 24_000, inodes: 6 });
  for (const path of ['/b', '/a/a', '/a/b', '/b/a', '/b/b', '/b/b/a']) {
    sys.mkdir(caller, path, 0o777);
  }
  namespace.mount({ type: 'ext4', target: '/b/a', mode: 0o777, size: 200_000 });
  return { kernel, namespaces: [namespace], files: [], clock };
}

/** Makes a call; the errno it fails with, or null. */
export function make(machine: Machine, call: Call): string | null {
  machine.clock.now += 1000;
  try {
    call(machine);
    return null;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return error.code;
  }
}

const names = fc.constantFrom('a', 'b', 'c');
const somewhere = fc
  .array(fc.oneof({ weight: 8, arbitrary: names }, fc.constantFrom('..', '.', 'a/')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `/${parts.join('/')}`);
/** Mostly what is there from the start, so that more succeeds. */
const known = fc.constantFrom('/a', '/b', '/c', '/a/a', '/a/b', '/b/a', '/b/a/c', '/b/b');
const paths = fc.oneof(somewhere, known);
const index = fc.nat({ max: 5 });
const user = fc.constantFrom(0, 0, 0, 1);
const mode = fc.constantFrom(0o777, 0o755, 0o700, 0o1777, 0o2775);
const propagations: fc.Arbitrary<Propagation> = fc.constantFrom(
  'shared',
  'slave',
  'private',
  'unbindable',
);

function pick<Item>(items: readonly Item[], at: number): Item | undefined {
  return items[at % Math.max(1, items.length)];
}

/** Calls on files by a caller and one or two paths. */
const onFiles = fc
  .record({ index, user, path: paths, to: paths, mode, size: fc.nat({ max: 30_000 }) })
  .chain((at) => fc.constantFrom(...fileCalls(at)));

interface At {
  index: number;
  user: number;
  path: string;
  to: string;
  mode: number;
  size: number;
}

function fileCalls({ index, user, path, to, mode, size }: At): Call[] {
  const by = (machine: Machine) =>
    (pick(machine.namespaces, index) ?? machine.kernel.rootNamespace).caller({
      uid: user,
      gid: user,
    });
  const file = (machine: Machine): OpenFile | undefined => pick(machine.files, index);
  return [
    (m) => sys.mkdir(by(m), path, mode),
    (m) => sys.mkdir(by(m), path, mode),
    (m) => m.files.push(sys.open(by(m), path, 0o102, mode)),
    (m) => m.files.push(sys.open(by(m), path, 0o1102, mode)),
    (m) => m.files.push(sys.open(by(m), path, 0o302, mode)),
    (m) => m.files.push(sys.open(by(m), path, 0)),
    (m) => {
      const open = file(m);
      if (open !== undefined) sys.write(open, new Uint8Array(size).fill(7), 0, size);
    },
    (m) => {
      const open = file(m);
      if (open !== undefined) sys.ftruncate(open, size);
    },
    (m) => {
      const [open] = m.files.splice(index, 1);
      if (open !== undefined) sys.close(open);
    },
    (m) => sys.truncate(by(m), path, size),
    (m) => sys.unlink(by(m), path),
    (m) => sys.rmdir(by(m), path),
    (m) => sys.rename(by(m), path, to),
    (m) => sys.rename(by(m), path, to),
    (m) => sys.link(by(m), path, to),
    (m) => sys.symlink(by(m), to.repeat(1 + (size % 80)), path),
    (m) => sys.chmod(by(m), path, mode),
    (m) => sys.chown(by(m), path, user, size % 3),
    (m) => sys.setxattr(by(m), path, 'user.x', new Uint8Array(size % 100)),
    (m) => sys.mknod(by(m), path, 0o10000 | mode),
    (m) => sys.utimes(by(m), path, size, size),
  ];
}

/** Mounts and what becomes of them. */
const onMounts = fc
  .record({ index, path: paths, to: paths, type: propagations, recursive: fc.boolean() })
  .chain((at) => fc.constantFrom(...mountCalls(at)));

function mountCalls(at: {
  index: number;
  path: string;
  to: string;
  type: Propagation;
  recursive: boolean;
}): Call[] {
  const { path, to, type, recursive } = at;
  const space = (m: Machine): MountNamespace =>
    pick(m.namespaces, at.index) ?? m.kernel.rootNamespace;
  return [
    (m) => space(m).mount({ type: 'tmpfs', target: path, size: 40_000, inodes: 6 }),
    (m) => space(m).mount({ type: 'tmpfs', target: path, options: ['size=16k', 'ro'] }),
    (m) => space(m).mount({ type: 'ext4', target: path, size: 200_000 }),
    (m) => space(m).bind(path, to, { recursive }),
    (m) => space(m).bind(path, to, { recursive }),
    (m) => space(m).move(path, to),
    (m) => space(m).unmount(path),
    (m) => space(m).unmount(path, { lazy: true }),
    (m) => space(m).setPropagation(path, type, { recursive }),
    (m) => space(m).remountReadOnly(path, recursive),
    (m) => space(m).remountFileSystem(path, [recursive ? 'ro' : 'rw', 'size=20k']),
    (m) => m.namespaces.length < 3 && m.namespaces.push(space(m).clone()),
  ];
}

/** Sequences of calls of all kinds, most of which fail. */
export const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: onFiles }, { weight: 2, arbitrary: onMounts }),
  { minLength: 5, maxLength: 60, size: 'max' },
);
