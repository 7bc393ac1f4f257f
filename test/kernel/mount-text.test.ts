import { describe, expect, test } from 'vitest';
import { Directory, Kernel, MountError, mountInfoText, sys } from '../../src/kernel/index.ts';

/** The errno that a call fails with; null when it does not. */
function failure(call: () => unknown): string | null {
  try {
    call();
    return null;
  } catch (error) {
    if (!(error instanceof MountError)) throw error;
    return error.code;
  }
}

/** Mounts as they were made on a Linux 6.18 whose answers stand below. */
function machine() {
  const kernel = new Kernel();
  const namespace = kernel.rootNamespace;
  const top = Directory.at(namespace.caller(), '/');
  const root = top.mkdirAll('tmp/mi', 0o755);
  namespace.mount({ type: 'tmpfs', source: 'root', target: root.path() });
  const at = Directory.at(namespace.caller(), '/tmp/mi');
  for (const name of ['a b', 'c\\d', 'e', 'f']) at.mkdir(name, 0o755);
  return { kernel, namespace, at };
}

/** The lines with ids and devices counted from those of /tmp/mi. */
function lines(text: string): string[] {
  const found = text.split('\n').filter((line) => line.includes('/tmp/mi'));
  const first = (found[0] ?? '').split(' ');
  const id = Number(first[0]);
  const device = Number(first[2]?.slice(2));
  return found.map((line) => {
    const [own, parent, dev, ...rest] = line.split(' ');
    const numbers = [Number(own) - id, Math.max(-1, Number(parent) - id)];
    return [...numbers, Number(dev?.slice(2)) - device, ...rest].join(' ');
  });
}

describe('/proc/self/mountinfo', () => {
  test('is printed as Linux prints it', () => {
    const { namespace } = machine();
    const own = ['size=64M', 'mode=700', 'nr_inodes=100', 'uid=5', 'gid=6'];
    const flags = ['nosuid', 'noexec'];
    namespace.mount({
      type: 'tmpfs',
      source: '#src x',
      target: '/tmp/mi/a b',
      options: [...own, ...flags],
    });
    const options = ['size=4097', 'ro', 'nodev', 'noatime'];
    namespace.mount({ type: 'tmpfs', source: 'x', target: '/tmp/mi/e', options });
    namespace.setPropagation('/tmp/mi/e', 'shared');
    namespace.bind('/tmp/mi/e', '/tmp/mi/f');
    namespace.remount('/tmp/mi/f', ['ro', 'nodev', 'noatime']);
    namespace.setPropagation('/tmp/mi/f', 'slave');
    namespace.mount({ type: 'tmpfs', source: 'y', target: '/tmp/mi/c\\d', size: 1024 ** 3 });
    namespace.setPropagation('/tmp/mi/c\\d', 'unbindable');
    expect(lines(mountInfoText(namespace))).toEqual([
      '0 -1 0 / /tmp/mi rw,relatime - tmpfs root rw',
      '1 0 1 / /tmp/mi/a\\040b rw,nosuid,noexec,relatime - tmpfs \\043src\\040x rw,size=65536k,nr_inodes=100,mode=700,uid=5,gid=6',
      '2 0 2 / /tmp/mi/e ro,nodev,noatime shared:1 - tmpfs x ro,size=8k',
      '3 0 2 / /tmp/mi/f ro,nodev,noatime master:1 - tmpfs x ro,size=8k',
      '4 0 3 / /tmp/mi/c\\134d rw,relatime unbindable - tmpfs y rw,size=1048576k',
    ]);
  });

  test('shows what was deleted, and the root as its own parent', () => {
    const { namespace, at } = machine();
    at.mkdir('e/del', 0o755);
    const other = namespace.clone();
    other.bind('/tmp/mi/e/del', '/tmp/mi/f');
    at.rmdir('e/del');
    expect(lines(mountInfoText(other))[1]).toBe(
      '1 0 0 /e/del//deleted /tmp/mi/f rw,relatime - tmpfs root rw',
    );
    expect(mountInfoText(namespace)).toMatch(/^1 1 0:1 \/ \/ rw,relatime - tmpfs root rw\n/);
  });

  test('is seen from the root directory of a task, without what that cannot reach', () => {
    const { namespace, at } = machine();
    at.mkdirAll('e/root/proc', 0o755);
    namespace.mount({ type: 'proc', target: '/tmp/mi/e/root/proc' });
    namespace.mount({ type: 'tmpfs', target: '/tmp/mi/f' });
    const { root } = namespace.caller({ root: '/tmp/mi/e/root' });
    expect(mountInfoText(namespace, root)).toBe('3 2 0:3 / /proc rw,relatime - proc proc rw\n');
    namespace.bind('/tmp/mi/e/root', '/tmp/mi/f');
    const mounted = namespace.caller({ root: '/tmp/mi/f' });
    expect(mountInfoText(namespace, mounted.root)).toBe(
      '5 4 0:2 /e/root / rw,relatime - tmpfs root rw\n',
    );
  });
});

describe('remounting a filesystem', () => {
  test('changes its limits for all its mounts, but not below what is used', () => {
    const { namespace, at } = machine();
    namespace.mount({ type: 'tmpfs', source: 'x', target: '/tmp/mi/e', options: ['size=1M'] });
    namespace.bind('/tmp/mi/e', '/tmp/mi/f');
    at.writeFile('e/z', new Uint8Array(20000));
    const remount = (...options: string[]) =>
      failure(() => namespace.remountFileSystem('/tmp/mi/e', options));
    expect(remount('size=8k')).toBe('EINVAL');
    expect(remount('bogus=3')).toBe('EINVAL');
    expect(remount('size=20k')).toBe(null);
    expect(failure(() => namespace.remountFileSystem('/tmp/mi', ['size=4k']))).toBe(null);
    expect(at.statfs('f').blocks).toBe(5);
    expect(() => at.writeFile('f/y', new Uint8Array(1))).toThrow('no space left');
    expect(remount('nr_inodes=2')).toBe('EINVAL');
    expect(remount('nr_inodes=3')).toBe(null);
    expect(() => at.writeFile('f/x', new Uint8Array(0))).toThrow('no space left');
    expect(remount('size=0', 'nr_inodes=4', 'mode=700')).toBe(null);
    expect(remount('size=1M')).toBe('EINVAL');
    expect(lines(mountInfoText(namespace)).slice(1)).toEqual([
      '1 0 1 / /tmp/mi/e rw,relatime - tmpfs x rw,size=0k,nr_inodes=4',
      '2 0 1 / /tmp/mi/f rw,relatime - tmpfs x rw,size=0k,nr_inodes=4',
    ]);
  });

  test('to read-only waits for nobody who has a file open for writing', () => {
    const { namespace, at } = machine();
    namespace.mount({ type: 'tmpfs', source: 'x', target: '/tmp/mi/e' });
    namespace.bind('/tmp/mi/e', '/tmp/mi/f');
    const file = sys.open(at.caller, '/tmp/mi/e/open', 0o101);
    expect(failure(() => namespace.remountFileSystem('/tmp/mi/f', ['ro']))).toBe('EBUSY');
    expect(failure(() => namespace.remountReadOnly('/tmp/mi/e'))).toBe('EBUSY');
    expect(failure(() => namespace.remountReadOnly('/tmp/mi', true, { recursive: true }))).toBe(
      'EBUSY',
    );
    expect(namespace.mounts().some((mount) => mount.readOnly)).toBe(false);
    expect(failure(() => namespace.remountReadOnly('/tmp/mi/f'))).toBe(null);
    sys.close(file);
    expect(failure(() => namespace.remountFileSystem('/tmp/mi/e', ['ro']))).toBe(null);
    expect(failure(() => namespace.remount('/tmp/mi/e', ['rw']))).toBe(null);
    expect(() => at.writeFile('e/x', new Uint8Array(0))).toThrow('read-only file system');
    expect(failure(() => namespace.remountFileSystem('/tmp/mi/e', ['rw']))).toBe(null);
    at.writeFile('e/x', new Uint8Array(0));
  });
});
