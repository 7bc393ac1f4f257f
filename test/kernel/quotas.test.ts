import { describe, expect, test } from 'vitest';
import {
  BLOCK_SIZE,
  type CapabilityName,
  Directory,
  type Quota,
  sys,
} from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

const bytes = (blocks: number): Uint8Array => new Uint8Array(blocks * BLOCK_SIZE);

/** A disk of 1,000 blocks, with directories `limited` and `free`; the calls are by somebody without capabilities. */
function scene(type = 'ext4', capabilities: readonly CapabilityName[] = []) {
  const { namespace } = makeDisk({ type, size: 1000 * BLOCK_SIZE, inodes: 500 });
  const root = Directory.at(namespace.caller(), '/disk');
  for (const name of ['limited', 'free']) root.mkdir(name, 0o777);
  for (const name of ['limited', 'free']) root.chmod(name, 0o777);
  const limit = (quota: Quota) => namespace.setQuota('/disk/limited', quota);
  const disk = Directory.at(namespace.caller({ uid: 7, gid: 7, capabilities }), '/disk');
  return { namespace, root, disk, limit };
}

describe('blocks', () => {
  // Its own block counts: three of four are left.
  test.each([
    ['ext4', 'EDQUOT'],
    ['xfs', 'ENOSPC'],
  ])('a write on %s is short, then %s', (type, code) => {
    const { disk, limit } = scene(type);
    limit({ bytes: (type === 'xfs' ? 3 : 4) * BLOCK_SIZE });
    const file = sys.open(disk.caller, 'limited/f', 0o102);
    expect(sys.write(file, bytes(5))).toBe(3 * BLOCK_SIZE);
    expect(failure(() => sys.write(file, bytes(1)))).toBe(code);
    expect(failure(() => sys.write(file, bytes(1), 0, 10, 9 * BLOCK_SIZE))).toBe(code);
    sys.ftruncate(file, BLOCK_SIZE + 1);
    expect(sys.write(file, bytes(2), 0, 2 * BLOCK_SIZE, BLOCK_SIZE + 1)).toBe(2 * BLOCK_SIZE - 1);
    expect(failure(() => disk.writeFile('free/f', bytes(50)))).toBe(null);
  });

  test('pages behind a hole count one by one', () => {
    const { disk, limit } = scene();
    limit({ bytes: 4 * BLOCK_SIZE });
    const file = sys.open(disk.caller, 'limited/f', 0o102);
    expect(sys.write(file, bytes(1), 0, BLOCK_SIZE, 100 * BLOCK_SIZE)).toBe(BLOCK_SIZE);
    expect(sys.write(file, bytes(4), 0, 4 * BLOCK_SIZE, 99 * BLOCK_SIZE)).toBe(3 * BLOCK_SIZE);
    expect(sys.fstat(file)).toMatchObject({ size: 102 * BLOCK_SIZE, blocks: 24 });
    expect(failure(() => sys.write(file, bytes(1), 0, 1, 0))).toBe('EDQUOT');
  });

  test('a directory and a long link need one', () => {
    const { disk, limit } = scene();
    limit({ bytes: 2 * BLOCK_SIZE });
    disk.mkdir('limited/d', 0o777);
    expect(failure(() => disk.mkdir('limited/e', 0o777))).toBe('EDQUOT');
    expect(failure(() => disk.symlink('x'.repeat(100), 'limited/l'))).toBe('EDQUOT');
    disk.symlink('short', 'limited/l');
    expect(failure(() => disk.writeFile('limited/d/f', new Uint8Array(0)))).toBe(null);
    expect(failure(() => disk.writeFile('limited/d/f', bytes(1)))).toBe('EDQUOT');
  });

  test('a full disk is still ENOSPC', () => {
    const { disk, limit } = scene();
    limit({ bytes: 990 * BLOCK_SIZE });
    const home = disk.open('free');
    expect(failure(() => home.writeFile('all', bytes(1000)))).toBe('ENOSPC');
    expect(failure(() => disk.writeFile('limited/f', bytes(1)))).toBe('ENOSPC');
  });

  test('are free again for whoever comes next', () => {
    const { disk, limit } = scene();
    limit({ bytes: 3 * BLOCK_SIZE });
    disk.writeFile('limited/f', bytes(2));
    disk.unlink('limited/f');
    disk.writeFile('limited/g', bytes(2));
    disk.rename('limited/g', 'free/g');
    disk.writeFile('limited/h', bytes(2));
    expect(disk.statfs('limited')).toMatchObject({ blocks: 3, bfree: 0, bavail: 0 });
  });
});

test('whoever may use more than its share does on ext4, and not on xfs', () => {
  for (const [type, expected] of [
    ['ext4', null],
    ['xfs', 'ENOSPC'],
  ] as const) {
    const { root, disk, limit } = scene(type, ['CAP_SYS_RESOURCE']);
    limit({ bytes: BLOCK_SIZE, inodes: 1 });
    expect(failure(() => disk.writeFile('limited/f', bytes(3)))).toBe(expected);
    expect(failure(() => root.mkdir('limited/d', 0o755))).toBe(expected);
  }
  const container = scene('ext4', ['CAP_DAC_OVERRIDE', 'CAP_CHOWN', 'CAP_MKNOD']);
  container.limit({ inodes: 1 });
  expect(failure(() => container.disk.mkdir('limited/d', 0o755))).toBe('EDQUOT');
});

test('inodes are counted, those that are open and have no name too', () => {
  for (const [type, code] of [
    ['ext4', 'EDQUOT'],
    ['xfs', 'ENOSPC'],
  ] as const) {
    const { disk, limit } = scene(type);
    limit({ inodes: 3 });
    const open = sys.open(disk.caller, 'limited/open', 0o102);
    disk.writeFile('limited/f', new Uint8Array(0));
    disk.link('limited/f', 'limited/second-name');
    disk.unlink('limited/open');
    expect(failure(() => disk.writeFile('limited/g', new Uint8Array(0)))).toBe(code);
    expect(failure(() => disk.symlink('f', 'limited/l'))).toBe(code);
    sys.close(open);
    disk.symlink('f', 'limited/l');
    expect(disk.statfs('limited')).toMatchObject({ files: 3, ffree: 0 });
  }
});

test('nothing that is outside gets a name inside', () => {
  const { disk, limit } = scene();
  limit({ bytes: 100 * BLOCK_SIZE });
  disk.writeFile('free/f', bytes(1));
  disk.mkdir('free/d', 0o777);
  disk.mkdir('limited/full', 0o777);
  disk.writeFile('limited/full/x', bytes(0));
  for (const name of ['f', 'd']) {
    expect(failure(() => disk.rename(`free/${name}`, 'limited/n'))).toBe('EXDEV');
  }
  expect(failure(() => disk.rename('free/d', 'limited/full'))).toBe('EXDEV');
  expect(failure(() => disk.link('free/f', 'limited/n'))).toBe('EXDEV');
  disk.rename('limited/full', 'limited/other');
  disk.link('limited/other/x', 'limited/n');
  disk.rename('limited/other', 'free/other');
  expect(disk.readdir('limited').map(({ name }) => name)).toEqual(['n']);
});

test('one that only counts keeps nothing out', () => {
  const { disk, limit } = scene();
  limit({});
  disk.writeFile('free/f', bytes(1));
  disk.rename('free/f', 'limited/f');
  expect(disk.statfs('limited')).toEqual(disk.statfs('free'));
});

test('df of a directory shows its limits where they are narrower than the disk', () => {
  const { disk, limit } = scene();
  const all = disk.statfs('free');
  limit({ bytes: 10 * BLOCK_SIZE, inodes: 20 });
  disk.writeFile('limited/f', bytes(2));
  const narrow = { blocks: 10, bfree: 7, bavail: 7, files: 20, ffree: 18 };
  expect(disk.statfs('limited')).toMatchObject(narrow);
  expect(disk.statfs('limited/f').blocks).toBe(1000);
  expect(disk.statfs('free').blocks).toBe(1000);
  limit({ bytes: 5000 * BLOCK_SIZE, inodes: 5000 });
  expect(disk.statfs('limited')).toEqual({
    ...all,
    bfree: all.bfree - 2,
    bavail: all.bavail - 2,
    ffree: all.ffree - 1,
  });
});

test('what is no limit, or of no directory, is refused', () => {
  const { namespace, disk, limit } = scene();
  disk.writeFile('free/f', bytes(1));
  expect(failure(() => limit({ bytes: -1 }))).toBe('EINVAL');
  expect(failure(() => limit({ inodes: Number.NaN }))).toBe('EINVAL');
  expect(() => namespace.setQuota('/disk/free/f', { bytes: 1 })).toThrow(
    "ENOTDIR: not a directory, quotactl '/disk/free/f'",
  );
  expect(failure(() => disk.writeFile('limited/f', bytes(50)))).toBe(null);
});
