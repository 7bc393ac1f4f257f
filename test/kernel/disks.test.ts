import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Directory, type Disk, formatted, Kernel, type StatFs } from '../../src/kernel/index.ts';

type Room = Pick<StatFs, 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;
interface Looks {
  readonly mode: string;
  readonly ino: number;
  readonly nlink: number;
  readonly size: number;
  readonly blocks: number;
}
interface Answer {
  readonly type: Disk['type'];
  readonly size: string;
  readonly statfs: Room;
  readonly root: Looks;
  readonly names: Readonly<Record<string, Looks>>;
  /** Of one of them: who wrote how many blocks until there was no more, and what there was then. */
  readonly full?: readonly (readonly [uid: number, blocks: number, statfs: Room])[];
}

/* What test/oracle/disks.py wrote down of a Linux 6.18, mke2fs 1.47 and mkfs.xfs. */
const answers = JSON.parse(
  readFileSync(new URL('./recorded/disks.json', import.meta.url), 'utf8'),
) as Answer[];
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function bytesOf(size: string): number {
  return Number(size.slice(0, -1)) * (UNITS[size.slice(-1)] ?? 0);
}

function mounted(disk: Disk): Directory {
  const kernel = new Kernel();
  const namespace = kernel.rootNamespace;
  Directory.at(namespace.caller(), '/').mkdir('disk', 0o755);
  const fileSystem = kernel.createFileSystem(formatted(disk));
  namespace.mount({ type: disk.type, target: '/disk', fileSystem });
  return Directory.at(namespace.caller(), '/disk');
}

function looks(directory: Directory, name = '.'): Looks {
  const { mode, ino, nlink, size, blocks } = directory.stat(name);
  return { mode: mode.toString(8), ino, nlink, size, blocks };
}

/** Blocks that a user can write to a new file. */
function fill(disk: Directory, uid: number): number {
  const { namespace } = disk.caller;
  const by = Directory.at(namespace.caller({ uid, gid: uid }), '/disk/home');
  const bytes = new Uint8Array((disk.statfs().bfree + 1) * 4096);
  expect(() => by.writeFile(String(uid), bytes)).toThrow('ENOSPC');
  return by.stat(String(uid)).size / 4096;
}

describe('a new disk shows what is left of it', () => {
  test.each(answers.filter(({ type }) => type !== 'xfs'))('$type of $size', (answer) => {
    const disk = mounted({ type: answer.type, bytes: bytesOf(answer.size) });
    expect(disk.statfs()).toMatchObject(answer.statfs);
    expect(looks(disk)).toEqual(answer.root);
    const names = disk.readdir().map(({ name }) => [name, looks(disk, name)]);
    expect(Object.fromEntries(names)).toEqual(answer.names);
  });

  test.each(answers.filter(({ type }) => type === 'xfs'))('xfs of $size', ({ size, ...answer }) => {
    const disk = mounted({ type: 'xfs', bytes: bytesOf(size) });
    const { bfree, bavail, ...others } = answer.statfs;
    const found = disk.statfs();
    expect(found).toMatchObject(others);
    expect(found.bavail).toBe(found.bfree);
    expect(Math.abs(found.bfree - bfree)).toBeLessThan(bfree / 100);
    expect([looks(disk), disk.readdir()]).toEqual([answer.root, []]);
  });

  test('nothing is reserved on one that a kubelet formats', () => {
    const disk = mounted({ type: 'ext4', bytes: 2 ** 30, reservedPercent: 0 });
    const { bfree, bavail } = disk.statfs();
    expect(bfree - bavail).toBe(4096);
  });

  test('one that is too small is refused', () => {
    expect(() => formatted({ type: 'ext4', bytes: 1000 })).toThrow('EINVAL');
    expect(() => formatted({ type: 'xfs', bytes: 200 * 2 ** 20 })).toThrow('EINVAL');
  });
});

test.each(answers.filter(({ full }) => full))('users and root fill $type of $size', (answer) => {
  const disk = mounted({ type: answer.type, bytes: bytesOf(answer.size) });
  disk.mkdir('home', 0o777);
  disk.chmod('home', 0o777);
  for (const [uid, blocks, room] of answer.full ?? []) {
    expect(fill(disk, uid)).toBe(blocks);
    expect(disk.statfs()).toMatchObject(room);
  }
});
