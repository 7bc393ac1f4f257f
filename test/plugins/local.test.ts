import { describe, expect, test } from 'vitest';
import { local } from '../../plugins/local.ts';
import type { VolumeContextOptions } from '../../src/plugin/index.ts';
import { Bench, makePod, volumePath } from '../plugin/harness.ts';

const PATH = volumePath('kubernetes.io~local-volume');
type Options = Partial<VolumeContextOptions<{ path: string }>>;

function node(): Bench {
  const bench = new Bench();
  bench.root.mkdirAll('mnt/disk', 0o755);
  bench.root.writeFile('/mnt/disk/x', new Uint8Array(1));
  return bench;
}

const volumeOf = (bench: Bench, options: Options = {}) =>
  bench.volume(local, { path: '/mnt/disk' }, options);

describe('local', () => {
  test('binds the directory, and takes the mount away again', () => {
    const bench = node();
    const volume = volumeOf(bench);
    bench.setUp(local, volume);
    expect(bench.names(PATH)).toEqual(['x']);
    bench.setUp(local, volume);
    bench.run(local.tearDown(volume));
    expect(bench.root.exists(PATH)).toBe(false);
    expect(bench.names('/mnt/disk')).toEqual(['x']);
    bench.run(local.tearDown(volume));
  });

  test('is read-only where it is asked for', () => {
    const bench = node();
    bench.setUp(local, volumeOf(bench, { readOnly: true, fsGroup: 2000 }));
    expect(() => bench.root.writeFile(`${PATH}/y`, new Uint8Array(1))).toThrow('EROFS');
    bench.root.writeFile('/mnt/disk/y', new Uint8Array(1));
    expect(bench.mode('/mnt/disk')).toBe('755 0:0');
  });

  test('has the mount options of its PersistentVolume', () => {
    const bench = node();
    const spec = { name: 'v', source: { path: '/mnt/disk' }, readOnly: false };
    bench.setUp(local, volumeOf(bench, { spec: { ...spec, mountOptions: ['noexec'] } }));
    const mount = bench.node.namespace.mounts().find((one) => one.mountPoint === PATH);
    expect(mount?.options).toContain('noexec');
  });

  test('belongs to the group of the first Pod, and warns the second', () => {
    const bench = node();
    bench.setUp(local, volumeOf(bench, { fsGroup: 2000 }));
    expect(bench.mode('/mnt/disk')).toBe('2775 0:2000');
    const pod = makePod({}, { uid: 'uid-2' });
    bench.setUp(local, volumeOf(bench, { fsGroup: 3000, pod }));
    expect(bench.mode('/mnt/disk')).toBe('2775 0:2000');
    expect(bench.events).toEqual([
      'Warning AlreadyMountedVolume The requested fsGroup is 3000, but the volume v has GID 2000. The volume may not be shareable.',
    ]);
  });

  test('keeps data that was written below a mount that is gone', () => {
    const bench = node();
    const volume = volumeOf(bench);
    bench.setUp(local, volume);
    bench.node.namespace.unmount(PATH);
    bench.root.writeFile(`${PATH}/stray`, new Uint8Array(1));
    expect(() => bench.run(local.tearDown(volume))).toThrow('directory not empty');
    expect(bench.names(PATH)).toEqual(['stray']);
  });

  test.each([
    ['/none', 'path "/none" does not exist'],
    ['/mnt/disk/x', 'only directory and block device are supported'],
    ['', 'local volume source is nil or local path is not set'],
    ['/mnt/../mnt/disk', "invalid path: /mnt/../mnt/disk must not contain '..'"],
  ])('refuses the path "%s"', (path, message) => {
    const bench = node();
    expect(bench.failure(local, bench.volume(local, { path }))).toBe(message);
  });
});
