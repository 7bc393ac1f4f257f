import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FileSystem, type Inode, inodeOf, sys } from '../../src/kernel/index.ts';
import { calls, type Machine, make, newMachine } from './random-calls.ts';
import { entriesBelow, fileSystemsOf, inodesOf, mountsOf, picture } from './whole-kernel.ts';

const runs = { numRuns: 300 };

/** What a filesystem says is used, and what a walk through all of it finds. */
function usage(machine: Machine, fileSystem: FileSystem): [unknown, unknown] {
  const inodes = [...inodesOf(machine, fileSystem)];
  const links = inodes.reduce(
    (sum, { mode, nlink }) => sum + ((mode & 0o170000) === 0o040000 ? 0 : Math.max(0, nlink - 1)),
    0,
  );
  const all = [...mountsOf(machine)].filter((mount) => mount.fileSystem === fileSystem);
  const entries = [...entriesBelow(fileSystem.root)];
  const covered = entries.filter(([, { mounted }]) => mounted !== undefined);
  const writers = machine.files.filter(
    (file) =>
      file.inode.fileSystem === fileSystem &&
      (file.flags & 3) !== 0 &&
      (file.inode.mode & 0o170000) === 0o100000,
  );
  const { blocksUsed, inodesUsed, mounts, marks } = fileSystem;
  const points = new Set(marks?.points(fileSystem.root));
  return [
    {
      blocksUsed,
      inodesUsed,
      inodes: fileSystem.inodes,
      mounts,
      writers: fileSystem.writers,
      points: entries.filter(([, entry]) => points.has(entry)).map(([path]) => path),
      count: points.size,
    },
    {
      blocksUsed: inodes.reduce((sum, inode) => sum + fileSystem.blocksOf(inode), 0),
      inodesUsed: Math.ceil(
        inodes.length + (fileSystem.rules.countsLinks ? links + attributesOf(inodes) : 0),
      ),
      inodes: inodes.length,
      mounts: all.length,
      writers: writers.length,
      points: covered.map(([path]) => path),
      count: covered.length,
    },
  ];
}

/** Extended attributes in memory: an inode for each 1,024 bytes of them, names and 40 bytes each included. */
function attributesOf(inodes: readonly Inode[]): number {
  const all = inodes.flatMap((inode) => [...(inode.extra?.attributes ?? [])]);
  return all.reduce((sum, [name, value]) => sum + 41 + name.length + value.length, 0) / 1024;
}

describe('whatever is called', () => {
  test('a call that fails changes nothing', () => {
    const property = fc.property(calls, (sequence) => {
      const machine = newMachine();
      for (const call of sequence) {
        const before = picture(machine);
        if (make(machine, call) !== null) expect(picture(machine)).toEqual(before);
      }
    });
    fc.assert(property, runs);
  });

  test('the counters are what a walk through everything finds', () => {
    const property = fc.property(calls, (sequence) => {
      const machine = newMachine();
      for (const call of sequence) make(machine, call);
      const all = [...fileSystemsOf(machine)];
      for (const fileSystem of all) {
        const [counted, found] = usage(machine, fileSystem);
        expect(counted).toEqual(found);
      }
      const alive = all.reduce((sum, one) => sum + inodesOf(machine, one).size, 0);
      expect(machine.kernel.inodes).toBe(alive);
      for (const { size, root } of machine.namespaces) {
        const tree = [...mountsOf(machine)].filter(({ namespace }) => namespace?.root === root);
        expect(size).toBe(tree.length);
      }
    });
    fc.assert(property, runs);
  });

  test('unmounting everything leaves nothing but what is in the root directory', () => {
    const property = fc.property(calls, (sequence) => {
      const machine = newMachine();
      const { kernel } = machine;
      for (const call of sequence) make(machine, call);
      for (const namespace of machine.namespaces.slice(1)) namespace.dispose();
      const first = kernel.rootNamespace;
      // What stays of an unmount slides down, to be unmounted in its turn.
      for (const children = first.root.children; children !== undefined && children.size > 0; ) {
        for (const child of children.values()) first.detach(child);
      }
      for (const file of machine.files) sys.close(file);
      const { root, mounts } = first.root.fileSystem;
      const left = new Set([...entriesBelow(root)].map(([, entry]) => inodeOf(entry)));
      expect([kernel.inodes, mounts, first.size]).toEqual([left.size, 1, 1]);
    });
    fc.assert(property, runs);
  });

  test('calls of every kind succeed and fail', () => {
    const seen = new Map<string | null, number>();
    for (const sequence of fc.sample(calls, { numRuns: 200, seed: 1 })) {
      const machine = newMachine();
      for (const call of sequence) {
        const result = make(machine, call);
        seen.set(result, (seen.get(result) ?? 0) + 1);
      }
    }
    const expected = ['EBUSY', 'EEXIST', 'EINVAL', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'];
    expect([...seen.keys()]).toEqual(expect.arrayContaining([null, ...expected]));
    expect(seen.get(null)).toBeGreaterThan(500);
  });
});
