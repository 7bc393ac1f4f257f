import { describe, expect, test } from 'vitest';
import { ContainerNotRunningError, OperationError } from '../../../src/base/index.ts';
import { mount, Node, ROOT } from './harness.ts';

/** The code of what a call throws. */
function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

describe('a container’s root', () => {
  test('is an overlay with /proc, /dev and /sys', () => {
    const { fs } = new Node().start();
    expect(fs.readdirSync('/')).toEqual(
      expect.arrayContaining(['bin', 'dev', 'etc', 'proc', 'tmp']),
    );
    expect(fs.statSync('/tmp').mode & 0o7777).toBe(0o1777);
    fs.writeFileSync('/dev/null', 'x');
    expect(fs.readFileSync('/proc/mounts', 'utf8')).toMatch(
      /^overlay \/ overlay rw,relatime 0 0\n/,
    );
    expect(codeOf(() => fs.writeFileSync('/sys/x', ''))).toBe('EROFS');
  });

  test('has a layer of its own, which counts', () => {
    const node = new Node();
    const a = node.start({ name: 'a' });
    const b = node.start({ name: 'b' });
    a.fs.writeFileSync('/tmp/x', 'x'.repeat(5000));
    expect(b.fs.existsSync('/tmp/x')).toBe(false);
    // The layer itself is a directory.
    expect(b.layerUsage.bytes).toBe(4096);
    const written = a.layerUsage.bytes - b.layerUsage.bytes;
    expect(written).toBeGreaterThanOrEqual(8192);
    const used = node.machine.disks.root.used;
    node.run(node.runtime.removeContainer(a.id));
    expect(node.machine.disks.root.used).toBe(used - written);
  });

  test('can be read-only, and what is mounted on it not', () => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data');
    const mounts = [mount('/data', '/data')];
    const { fs } = node.start({ readOnlyRootFilesystem: true, mounts });
    expect(codeOf(() => fs.writeFileSync('/x', ''))).toBe('EROFS');
    fs.writeFileSync('/data/x', 'y');
    expect(node.machine.fs.readFileSync('/data/x', 'utf8')).toBe('y');
  });
});

describe('mounts', () => {
  test('bind directories and files of the node', () => {
    const node = new Node({ files: { '/data/f': 'hello' } });
    const mounts = [mount('/data/f', '/etc/app/f'), mount('/data', '/deep/er')];
    const container = node.start({ mounts });
    expect(container.fs.readFileSync('/etc/app/f', 'utf8')).toBe('hello');
    expect(container.fs.readFileSync('/deep/er/f', 'utf8')).toBe('hello');
    expect(container.mounts().map(({ mountPoint }) => mountPoint)).toEqual(
      expect.arrayContaining(['/', '/proc', '/dev', '/sys', '/etc/app/f', '/deep/er']),
    );
  });

  test('lie on each other by depth, in whatever order they are given', () => {
    const node = new Node({ files: { '/outer/o': '', '/inner/i': '' } });
    const mounts = [mount('/inner', '/a/b'), mount('/outer', '/a')];
    const { fs } = node.start({ mounts });
    expect(fs.readdirSync('/a')).toEqual(['b', 'o']);
    expect(fs.readdirSync('/a/b')).toEqual(['i']);
  });

  test('make a source that is missing', () => {
    const node = new Node();
    node.start({ mounts: [mount('/not/there', '/x')] });
    expect(node.machine.fs.statSync('/not/there').mode & 0o7777).toBe(0o755);
  });

  test.each([
    ['missing', 'failed to mkdir "/data/link": mkdir /data/link: file exists'],
    ['link', 'stat /data/link: too many levels of symbolic links'],
  ])('of a link to %s fail the start, in the words of Go', (target, why) => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data');
    node.machine.fs.symlinkSync(target, '/data/link');
    expect(() => node.start({ mounts: [mount('/data/link', '/data')] })).toThrow(
      `spec: failed to generate spec: ${why}`,
    );
  });

  test('that are read-only leave what is below alone, unless it is asked for', () => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data/sub', { recursive: true });
    node.machine.mount({ type: 'tmpfs', target: '/data/sub' });
    const plain = node.start({ name: 'a', mounts: [mount('/data', '/d', { readOnly: true })] });
    expect(codeOf(() => plain.fs.writeFileSync('/d/x', ''))).toBe('EROFS');
    plain.fs.writeFileSync('/d/sub/x', '');
    const all = mount('/data', '/d', { readOnly: true, recursiveReadOnly: true });
    const recursive = node.start({ name: 'b', mounts: [all] });
    expect(codeOf(() => recursive.fs.writeFileSync('/d/sub/x', ''))).toBe('EROFS');
    node.machine.fs.writeFileSync('/data/x', 'the node may write');
  });

  test('of a directory on a file fail the start, as runc says it', () => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data');
    const container = node.create({ mounts: [mount('/data', '/etc/passwd')] });
    expect(() => node.run(node.runtime.startContainer(container.id))).toThrow(
      'error mounting "/data" to rootfs at "/etc/passwd": not a directory: unknown',
    );
    expect(container.status()).toMatchObject({
      state: 'exited',
      exitCode: 128,
      reason: 'StartError',
    });
  });
});

describe('propagation', () => {
  const hostMount = (node: Node): void => {
    node.machine.fs.mkdirSync('/data/sub');
    node.machine.mount({ type: 'tmpfs', target: '/data/sub' });
    node.machine.fs.writeFileSync('/data/sub/new', '');
  };

  test.each([
    ['None', []],
    ['HostToContainer', ['new']],
    ['Bidirectional', ['new']],
  ] as const)('%s: what the host mounts later', (propagation, seen) => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data');
    const { fs } = node.start({ mounts: [mount('/data', '/d', { propagation })] });
    hostMount(node);
    expect(fs.readdirSync('/d/sub')).toEqual(seen);
    node.machine.unmount('/data/sub');
    expect(fs.readdirSync('/d/sub')).toEqual([]);
  });

  test.each([
    ['None', false],
    ['HostToContainer', false],
    ['Bidirectional', true],
  ] as const)('%s: what a privileged container mounts', (propagation, seen) => {
    const node = new Node();
    node.machine.fs.mkdirSync('/data/sub', { recursive: true });
    const mounts = [mount('/data', '/d', { propagation })];
    const container = node.start({ privileged: true, mounts });
    container.mount({ type: 'tmpfs', target: '/d/sub' });
    const paths = node.machine.mounts().map(({ mountPoint }) => mountPoint);
    expect(paths.includes('/data/sub')).toBe(seen);
    container.unmount('/d/sub');
    expect(node.machine.mounts()).toHaveLength(5);
  });

  test.each([
    ['slave', 'Bidirectional', 'shared'],
    ['private', 'Bidirectional', 'shared'],
    ['private', 'HostToContainer', 'shared or slave'],
  ] as const)('an engine with %s mounts refuses %s', (mountFlags, propagation, needed) => {
    const node = new Node({ containerRuntime: { mountFlags } });
    node.machine.fs.mkdirSync('/data');
    const create = (): unknown => node.create({ mounts: [mount('/data', '/d', { propagation })] });
    expect(create).toThrow(OperationError);
    expect(create).toThrow(
      `failed to generate spec: path "/data" is mounted on "/" but it is not a ${needed} mount`,
    );
  });

  test('an engine with private mounts does not see what the host mounts later', () => {
    const node = new Node({ containerRuntime: { mountFlags: 'private' } });
    node.machine.fs.mkdirSync('/data');
    node.machine.mount({ type: 'tmpfs', target: '/data' });
    node.machine.fs.writeFileSync('/data/x', '');
    const { fs } = node.start({ mounts: [mount('/data', '/d')] });
    expect(fs.readdirSync('/d')).toEqual([]);
  });
});

describe('rights', () => {
  test('only a privileged root may mount', () => {
    const node = new Node();
    const plain = node.start({ name: 'a' });
    const request = { type: 'tmpfs', target: '/mnt' };
    expect(codeOf(() => plain.mount(request))).toBe('EPERM');
    const user = node.start({ name: 'b', privileged: true, user: { ...ROOT, uid: 1000 } });
    expect(codeOf(() => user.mount(request))).toBe('EPERM');
    const root = node.start({ name: 'c', privileged: true });
    root.mount(request);
    expect(root.mounts().at(-1)).toMatchObject({ mountPoint: expect.any(String) });
    root.unmount('/mnt');
    expect(codeOf(() => root.unmount('/mnt'))).toBe('EINVAL');
  });

  test('are those of the user, with a umask of 022', () => {
    const container = new Node().start({ user: { uid: 1000, gid: 2000, groups: [3000] } });
    const { fs } = container;
    expect(codeOf(() => fs.writeFileSync('/etc/x', ''))).toBe('EACCES');
    fs.writeFileSync('/tmp/x', '');
    expect(fs.statSync('/tmp/x')).toMatchObject({ uid: 1000, gid: 2000, mode: 0o100644 });
    container.fsAs({ uid: 0 }).chownSync('/tmp/x', 5, 3000);
    expect(codeOf(() => fs.chmodSync('/tmp/x', 0o600))).toBe('EPERM');
  });

  test('a container gets the devices of its configuration', () => {
    const node = new Node();
    node.machine.mknod('/dev/sdx', { type: 'block', size: '4Ki' });
    const devices = [
      { hostPath: '/dev/sdx', containerPath: '/dev/xvda', permissions: 'mrw' },
    ] as const;
    const { fs } = node.start({ devices });
    expect(fs.statSync('/dev/xvda').isBlockDevice()).toBe(true);
    expect(fs.existsSync('/dev/sdx')).toBe(false);
    const privileged = node.start({ name: 'p', privileged: true });
    expect(privileged.fs.statSync('/dev/sdx').isBlockDevice()).toBe(true);
  });
});

describe('fs', () => {
  test('of one that never ran, or is removed, throws', () => {
    const node = new Node();
    const container = node.create();
    expect(() => container.fs).toThrow(ContainerNotRunningError);
    node.run(node.runtime.startContainer(container.id));
    const { fs } = container;
    fs.writeFileSync('/tmp/x', 'kept');
    container.exit(3);
    expect(fs.readFileSync('/tmp/x', 'utf8')).toBe('kept');
    expect(codeOf(() => fs.writeFileSync('/tmp/x', ''))).toBe('EROFS');
    node.run(node.runtime.removeContainer(container.id));
    expect(() => fs.readFileSync('/tmp/x')).toThrow(ContainerNotRunningError);
    expect(() => container.fs).toThrow(ContainerNotRunningError);
  });
});
