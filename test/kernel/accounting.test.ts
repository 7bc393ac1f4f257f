import { describe, expect, test } from 'vitest';
import {
  BLOCK_SIZE,
  Directory,
  inodeOf,
  Kernel,
  MemoryGroup,
  Overlay,
  projectOf,
  sys,
} from '../../src/kernel/index.ts';
import { walkEntries } from '../../src/kernel/memfs.ts';

const bytes = (blocks: number): Uint8Array => new Uint8Array(blocks * BLOCK_SIZE);

function disk(): Directory {
  const kernel = new Kernel();
  const namespace = kernel.rootNamespace;
  const top = Directory.at(namespace.caller(), '/');
  top.mkdir('disk', 0o755);
  namespace.mount({ type: 'ext4', source: '/dev/sda', target: '/disk', size: 1 << 24 });
  return Directory.at(namespace.caller(), '/disk');
}

/** What du counts. */
function walked(directory: Directory): { blocks: number; inodes: number } {
  const inodes = new Set([...walkEntries(directory.place.entry)].map(inodeOf));
  const blocks = [...inodes].reduce((sum, inode) => sum + inode.blocks, 0);
  return { blocks, inodes: inodes.size };
}

describe('what a directory takes, without walking it', () => {
  test('follows writes, cuts, links, removals and moves', () => {
    const root = disk();
    const a = root.mkdirAll('a/deep', 0o755).open('..');
    a.writeFile('old', bytes(3));
    const project = projectOf(a.place.entry);
    const counted = (): object => ({ blocks: project.blocks, inodes: project.inodes });
    expect(counted()).toEqual(walked(a));
    expect(project.blocks).toBe(5);
    const steps: (() => void)[] = [
      () => a.writeFile('deep/new', bytes(2)),
      () => a.writeFile('deep/new', bytes(1)),
      () => a.symlink('x'.repeat(100), 'link'),
      () => a.unlink('old'),
      () => a.rename('deep/new', 'new'),
      () => root.writeFile('outside', bytes(4)),
      () => root.rename('outside', 'a/inside'),
      () => root.rename('a/deep', 'deep'),
      () => root.unlink('a/inside'),
    ];
    for (const step of steps) {
      step();
      expect(counted()).toEqual(walked(a));
    }
    root.writeFile('deep/elsewhere', bytes(1));
    expect(counted()).toEqual(walked(a));
  });

  test('tells of each change', () => {
    const root = disk();
    root.mkdir('a', 0o755);
    const project = projectOf(root.open('a').place.entry);
    let told = 0;
    project.whenChanged(() => told++);
    root.writeFile('a/x', bytes(2));
    expect(told).toBeGreaterThan(0);
    expect(project).toMatchObject({ blocks: 3, inodes: 2 });
    root.unlink('a/x');
    expect(project).toMatchObject({ blocks: 1, inodes: 1 });
  });
});

describe('memory that a group of processes is charged for', () => {
  function tmpfs(memory?: MemoryGroup, size = 100): { directory: Directory; unmount(): void } {
    const kernel = new Kernel();
    const namespace = kernel.rootNamespace;
    Directory.at(namespace.caller(), '/').mkdir('m', 0o777);
    namespace.mount({ type: 'tmpfs', target: '/m', size: size * BLOCK_SIZE });
    const directory = Directory.at(namespace.caller({ memory }), '/m');
    return { directory, unmount: () => namespace.unmount('/m', { lazy: true }) };
  }

  test('pages of files in memory, until they are free', () => {
    const pod = new MemoryGroup(50);
    const group = new MemoryGroup(20, pod);
    const { directory, unmount } = tmpfs(group);
    directory.writeFile('a', bytes(8));
    directory.writeFile('b', bytes(4));
    expect([group.used, pod.used]).toEqual([12, 12]);
    sys.truncate(directory.caller, '/m/a', 3 * BLOCK_SIZE);
    directory.unlink('b');
    expect([group.used, pod.used]).toEqual([3, 3]);
    unmount();
    expect([group.used, pod.used]).toEqual([0, 0]);
  });

  test('beyond its limit it is told to end, and the write fails', () => {
    const group = new MemoryGroup(5);
    let kills = 0;
    group.onOutOfMemory = () => kills++;
    const { directory } = tmpfs(group);
    directory.writeFile('a', bytes(5));
    expect(kills).toBe(0);
    expect(() => directory.writeFile('b', bytes(1))).toThrow(
      expect.objectContaining({ code: 'ENOMEM' }),
    );
    expect(kills).toBe(1);
    expect(group.used).toBe(5);
  });

  test('the limit of the group above counts for all below', () => {
    const pod = new MemoryGroup(6);
    const first = new MemoryGroup(5, pod);
    const { directory } = tmpfs(first);
    directory.writeFile('a', bytes(5));
    const second = new MemoryGroup(5, pod);
    expect(second.charge(3)).toBe(1);
    expect(pod.used).toBe(6);
  });

  test('a full filesystem is ENOSPC, and kills nobody', () => {
    const group = new MemoryGroup(50);
    let kills = 0;
    group.onOutOfMemory = () => kills++;
    const { directory } = tmpfs(group, 4);
    directory.writeFile('a', bytes(4));
    expect(() => directory.writeFile('b', bytes(1))).toThrow(
      expect.objectContaining({ code: 'ENOSPC' }),
    );
    expect(kills).toBe(0);
  });
});

describe('an overlay and the disk under it', () => {
  test('what is only shown takes nothing; what is made or changed takes inodes and blocks', () => {
    const kernel = new Kernel();
    const image = kernel.createFileSystem({ type: 'ext4' });
    const upper = kernel.createFileSystem({ type: 'ext4', size: 1 << 24 });
    const namespace = kernel.rootNamespace;
    const top = Directory.at(namespace.caller(), '/');
    for (const name of ['image', 'merged']) top.mkdir(name, 0o755);
    namespace.mount({ type: 'ext4', target: '/image', fileSystem: image });
    Directory.at(namespace.caller(), '/image').writeFile('shipped', bytes(2));
    const layer = new Overlay(kernel, image.root, { upper });
    namespace.mount({ type: 'overlay', target: '/merged', fileSystem: layer });
    const merged = Directory.at(namespace.caller(), '/merged');
    const free = upper.statfs().ffree;
    const taken = (): number[] => [free - upper.statfs().ffree, layer.ownInodes, layer.used / 4096];
    merged.readFile('shipped');
    expect(taken()).toEqual([0, 0, 0]);
    merged.writeFile('made', bytes(1));
    expect(taken()).toEqual([1, 1, 1]);
    merged.writeFile('shipped', bytes(3));
    expect(taken()).toEqual([2, 2, 4]);
    merged.unlink('made');
    expect(taken()).toEqual([1, 1, 3]);
    namespace.unmount('/merged');
    expect(free - upper.statfs().ffree).toBe(0);
    expect(upper.statfs().bfree).toBe(upper.statfs().blocks);
  });
});

test('files of huge pages are not written by write(2), and are whole pages long', () => {
  const kernel = new Kernel();
  const namespace = kernel.rootNamespace;
  const top = Directory.at(namespace.caller(), '/');
  top.mkdir('huge', 0o755);
  namespace.mount({ type: 'hugetlbfs', target: '/huge', options: ['pagesize=2Mi'] });
  const huge = Directory.at(namespace.caller(), '/huge');
  expect(huge.statfs()).toMatchObject({ bsize: 2 * 2 ** 20, blocks: 0 });
  const einval = expect.objectContaining({ code: 'EINVAL' });
  expect(() => huge.writeFile('x', bytes(1))).toThrow(einval);
  expect(huge.stat('x').size).toBe(0);
  expect(() => sys.truncate(huge.caller, '/huge/x', 4096)).toThrow(einval);
  sys.truncate(huge.caller, '/huge/x', 4 * 2 ** 20);
  expect(huge.stat('x').size).toBe(4 * 2 ** 20);
});
