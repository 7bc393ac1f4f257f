import { describe, expect, test } from 'vitest';
import { hostPath } from '../../plugins/hostPath.ts';
import { makeDevice } from '../../src/kernel/index.ts';
import { Bench } from '../plugin/harness.ts';

/** A node with one of each below /data. */
function node(): Bench {
  const bench = new Bench();
  const { root } = bench;
  root.mkdirAll('data/directory', 0o755);
  root.writeFile('/data/file', new Uint8Array(1));
  root.mknod('/data/socket', 0o140777);
  root.mknod('/data/char', 0o020666, makeDevice(1, 3));
  root.mknod('/data/block', 0o060660, makeDevice(8, 0));
  root.symlink('directory', '/data/link');
  return bench;
}

const RIGHT: Record<string, string[]> = {
  '': ['directory', 'file', 'socket', 'char', 'block', 'link', 'none'],
  DirectoryOrCreate: ['directory', 'link', 'none'],
  Directory: ['directory', 'link'],
  FileOrCreate: ['file', 'none'],
  File: ['file'],
  Socket: ['socket'],
  CharDevice: ['char'],
  BlockDevice: ['block'],
};
const WORDS: Record<string, string> = {
  DirectoryOrCreate: 'a directory',
  Directory: 'a directory',
  FileOrCreate: 'a file',
  File: 'a file',
  Socket: 'a socket file',
  CharDevice: 'a character device',
  BlockDevice: 'a block device',
};

describe('hostPath', () => {
  test.each(Object.keys(RIGHT))('of type "%s" takes what it is for, and nothing else', (type) => {
    for (const name of RIGHT[''] ?? []) {
      const bench = node();
      const path = `/data/${name}`;
      const expected = RIGHT[type]?.includes(name)
        ? 'no error'
        : `hostPath type check failed: ${path} is not ${WORDS[type]}`;
      expect(bench.failure(hostPath, bench.volume(hostPath, { path, type }))).toBe(expected);
    }
  });

  test.each(['Directories', 'constructor', 'toString'])('has no type "%s"', (type) => {
    const bench = node();
    const volume = bench.volume(hostPath, { path: '/data/directory', type });
    expect(bench.failure(hostPath, volume)).toBe(`${type} is an invalid volume type`);
  });

  test('makes directories with their parents, and files without', () => {
    const bench = node();
    const set = (path: string, type: string): string =>
      bench.failure(hostPath, bench.volume(hostPath, { path, type }));
    expect(set('/new/deep', 'DirectoryOrCreate')).toBe('no error');
    expect(bench.mode('/new/deep')).toBe('755 0:0');
    expect(set('/new/file', 'FileOrCreate')).toBe('no error');
    expect(bench.mode('/new/file')).toBe('644 0:0');
    expect(set('/nowhere/file', 'FileOrCreate')).toBe(
      'open /nowhere/file: no such file or directory',
    );
  });

  test('leaves a link that leads nowhere where a directory should be, and makes the file that it names', () => {
    const bench = node();
    bench.root.symlink('missing', '/data/dangling');
    const set = (type: string): string =>
      bench.failure(hostPath, bench.volume(hostPath, { path: '/data/dangling', type }));
    expect(set('DirectoryOrCreate')).toBe('no error');
    expect(bench.root.exists('/data/missing')).toBe(false);
    expect(set('FileOrCreate')).toBe('no error');
    expect(bench.mode('/data/missing')).toBe('644 0:0');
  });

  test('makes nothing without a type', () => {
    const bench = node();
    bench.setUp(hostPath, bench.volume(hostPath, { path: '/nothing' }));
    expect(bench.root.exists('/nothing')).toBe(false);
  });

  test('leaves the node as it is when it goes, and nothing in the directory of the Pod', () => {
    const bench = node();
    const volume = bench.volume(hostPath, { path: '/data/directory' }, { fsGroup: 2000 });
    bench.setUp(hostPath, volume);
    bench.run(hostPath.tearDown(volume));
    expect(bench.mode('/data/directory')).toBe('755 0:0');
    expect(bench.names('/var/lib/kubelet/pods/uid-1')).toEqual([]);
    expect(hostPath.pathOnNode?.(volume.spec)).toBe('/data/directory');
  });

  test.each([
    [{ path: '/a/../b' }, "invalid HostPath `/a/../b`: must not contain '..'"],
    [{ path: '/data', type: 'Tape' }, 'Tape is an invalid volume type'],
  ])('refuses %j', (source, message) => {
    const bench = node();
    expect(bench.failure(hostPath, bench.volume(hostPath, source))).toBe(message);
  });

  test('is provisioned and deleted below /tmp only', () => {
    const bench = node();
    const request = { name: 'pv', id: 'id', capacity: 1, accessModes: [], parameters: {} };
    const source =
      hostPath.provisioner &&
      bench.run(hostPath.provisioner.provision({ ...request, node: bench.node }));
    expect(source).toEqual({ path: '/tmp/hostpath_pv/id' });
    expect(bench.mode('/tmp/hostpath_pv/id')).toBe('750 0:0');
    const remove = (path: string): void => {
      const { spec } = bench.volume(hostPath, { path });
      if (hostPath.deleter) bench.run(hostPath.deleter.delete(spec, bench.node));
    };
    remove('/tmp/hostpath_pv/id');
    expect(bench.root.exists('/tmp/hostpath_pv/id')).toBe(false);
    expect(() => remove('/data/directory')).toThrow(
      'host_path deleter only supports /tmp/.+ but received provided /data/directory',
    );
  });
});
