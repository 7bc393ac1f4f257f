import { describe, expect, test } from 'vitest';
import {
  Directory,
  explainPath,
  mountInfoText,
  O_RDWR,
  Overlay,
  sys,
} from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

const text = new TextEncoder().encode('hello');

/** A filesystem with a file, one that is open, a directory and a link. */
function scene(type = 'ext4') {
  const { namespace, fileSystem, kernel } = makeDisk({ type, size: 1 << 20 });
  const caller = namespace.caller();
  const disk = Directory.at(caller, '/disk');
  disk.mkdir('d', 0o755);
  disk.writeFile('f', text);
  disk.symlink('f', 'l');
  sys.setxattr(disk.caller, 'f', 'user.x', text);
  const file = sys.open(caller, '/disk/f', O_RDWR);
  const directory = sys.open(caller, '/disk', 0);
  return { namespace, kernel, fileSystem, disk, file, directory };
}

type Scene = ReturnType<typeof scene>;

/** Calls that need the filesystem, by path and by descriptor. */
const calls: Readonly<Record<string, (scene: Scene) => unknown>> = {
  stat: ({ disk }) => disk.stat('f'),
  readdir: ({ disk }) => disk.readdir(),
  'getdents of a directory that is open': ({ directory }) => sys.getdents(directory),
  read: ({ disk }) => disk.readFile('f'),
  readlink: ({ disk }) => disk.readlink('l'),
  getxattr: ({ disk }) => sys.getxattr(disk.caller, 'f', 'user.x'),
  write: ({ disk }) => disk.writeFile('g', text),
  mkdir: ({ disk }) => disk.mkdir('e', 0o755),
  unlink: ({ disk }) => disk.unlink('f'),
  rmdir: ({ disk }) => disk.rmdir('d'),
  rename: ({ disk }) => disk.rename('f', 'g'),
  link: ({ disk }) => disk.link('f', 'g'),
  chmod: ({ disk }) => disk.chmod('f', 0o600),
  fread: ({ file }) => sys.read(file, new Uint8Array(5)),
  fwrite: ({ file }) => sys.write(file, text),
  ftruncate: ({ file }) => sys.ftruncate(file, 1),
  fsync: ({ file }) => sys.fsync(file),
  fchmod: ({ file, disk }) => sys.fchmod(disk.caller, file, 0o600),
};

describe.each([
  ['ext4', 'EIO'],
  ['nfs', 'ESTALE'],
  ['nfs', 'ETIMEDOUT'],
  ['nfs', 'EHOSTDOWN'],
] as const)('a broken %s with %s', (type, code) => {
  test('fails whatever needs it, and is as before when it comes back', () => {
    const one = scene(type);
    one.fileSystem.fail(code);
    for (const [name, call] of Object.entries(calls)) {
      expect([name, failure(() => call(one))]).toEqual([name, code]);
    }
    one.fileSystem.recover();
    for (const [name, call] of Object.entries(calls)) {
      expect([name, failure(() => call(scene(type)))]).toEqual([name, null]);
    }
    expect(one.disk.readFile('f')).toEqual(text);
    expect(one.disk.readdir().map(({ name }) => name)).toEqual(['d', 'f', 'l']);
  });

  test('lets go of what was open, and is unmounted', () => {
    const { fileSystem, file, directory, namespace, kernel } = scene(type);
    fileSystem.fail(code);
    sys.close(directory);
    expect(failure(() => namespace.unmount('/disk'))).toBe('EBUSY');
    sys.close(file);
    namespace.unmount('/disk');
    expect(failure(() => namespace.caller({ cwd: '/disk' }))).toBe(null);
    fileSystem.dispose();
    expect(kernel.inodes).toBe(2);
  });
});

test('a disk that fails still tells of its root and its room, a share does not', () => {
  for (const [type, code, expected] of [
    ['ext4', 'EIO', null],
    ['nfs', 'ESTALE', 'ESTALE'],
  ] as const) {
    const { fileSystem, file, namespace } = scene(type);
    fileSystem.fail(code);
    expect(failure(() => sys.stat(namespace.caller(), '/disk'))).toBe(expected);
    expect(failure(() => sys.statfs(namespace.caller(), '/disk'))).toBe(expected);
    expect(failure(() => sys.fstat(file))).toBe(expected);
  }
});

test('EIO is the default, and one that hangs is EAGAIN', () => {
  const { fileSystem, disk } = scene();
  fileSystem.fail();
  expect(failure(() => disk.readdir())).toBe('EIO');
  fileSystem.hang();
  expect(failure(() => disk.readdir())).toBe('EAGAIN');
  expect(failure(() => disk.statfs())).toBe('EAGAIN');
  fileSystem.recover();
  expect(failure(() => disk.readdir())).toBe(null);
});

test('what is asked of others does not fail with it', () => {
  const { fileSystem, disk, namespace } = scene();
  namespace.mount({ type: 'tmpfs', target: '/disk/d' });
  const inner = disk.open('d');
  fileSystem.fail();
  inner.writeFile('x', text);
  Directory.at(namespace.caller(), '/').writeFile('x', text);
  expect(failure(() => disk.open('d'))).toBe('EIO');
  expect(explainPath(namespace.caller(), '/disk').read).toMatchObject({
    allowed: false,
    error: 'EIO',
    because: 'its ext4 fails: i/o error',
  });
});

describe('an overlay whose upper disk', () => {
  function overlay() {
    const one = scene();
    const { kernel, namespace } = one;
    const image = kernel.createFileSystem({ type: 'ext4' });
    const layer = new Overlay(kernel, image.root, { upper: one.fileSystem });
    Directory.at(namespace.caller(), '/').mkdir('merged', 0o755);
    namespace.mount({ type: 'overlay', target: '/merged', fileSystem: layer });
    return { ...one, layer, merged: Directory.at(namespace.caller(), '/merged') };
  }

  test('fails, fails too', () => {
    const { fileSystem, merged } = overlay();
    fileSystem.fail();
    expect(failure(() => merged.readdir())).toBe('EIO');
    expect(failure(() => merged.mkdir('d', 0o755))).toBe('EIO');
    fileSystem.recover();
    merged.mkdir('d', 0o755);
  });

  test('becomes read-only, can only be read', () => {
    const { fileSystem, merged } = overlay();
    fileSystem.abort();
    expect(failure(() => merged.readdir())).toBe(null);
    expect(failure(() => merged.mkdir('d', 0o755))).toBe('EROFS');
    fileSystem.recover();
    merged.mkdir('d', 0o755);
  });
});

test('what nobody has any more takes room until the disk is repaired', () => {
  const { fileSystem, disk, file } = scene();
  const { ffree, bfree } = disk.statfs();
  disk.unlink('f');
  fileSystem.abort();
  sys.close(file);
  expect(disk.statfs()).toMatchObject({ ffree, bfree });
  fileSystem.recover();
  expect(disk.statfs()).toMatchObject({ ffree: ffree + 1, bfree: bfree + 1 });
});

test('a disk that an error made read-only says so, and no remount helps', () => {
  const { fileSystem, disk, namespace, file } = scene();
  const line = () => mountInfoText(namespace).trimEnd().split('\n').at(-1)?.split(' - ')[1];
  const remount = (option: string) => failure(() => namespace.remountFileSystem('/disk', [option]));
  fileSystem.abort();
  expect(line()).toBe('ext4 /dev/sda rw,emergency_ro');
  expect([remount('ro'), remount('rw')]).toEqual(['EBUSY', null]);
  expect(explainPath(namespace.caller(), '/disk/f')).toMatchObject({
    read: { allowed: true },
    write: {
      allowed: false,
      error: 'EROFS',
      because: 'an error made its ext4 filesystem read-only',
    },
  });
  sys.close(file);
  expect([remount('ro'), remount('rw')]).toEqual(['EROFS', null]);
  expect(failure(() => disk.writeFile('f', text))).toBe('EROFS');
  fileSystem.recover();
  disk.writeFile('f', text);
  expect(line()).toBe('ext4 /dev/sda rw');
});
