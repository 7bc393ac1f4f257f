import { describe, expect, test } from 'vitest';
import { emptyDir } from '../../plugins/emptyDir.ts';
import { Bench, makePod, volumePath } from '../plugin/harness.ts';

const PATH = volumePath('kubernetes.io~empty-dir');
const READY = '/var/lib/kubelet/pods/uid-1/plugins/kubernetes.io~empty-dir/v/ready';

describe('emptyDir on disk', () => {
  test('is a directory of mode 0777 with a marker, and goes with all in it', () => {
    const bench = new Bench();
    const volume = bench.volume(emptyDir, {});
    bench.setUp(emptyDir, volume);
    expect(bench.mode(PATH)).toBe('777 0:0');
    expect(bench.root.exists(READY)).toBe(true);
    bench.root.mkdirAll(`${PATH}/a/b`, 0o755);
    bench.run(emptyDir.tearDown(volume));
    expect([bench.root.exists(PATH), bench.root.exists(READY)]).toEqual([false, false]);
    bench.run(emptyDir.tearDown(volume));
    expect(bench.logs.at(-1)).toContain('Unmount skipped because path does not exist');
  });

  test('keeps its files when it is set up again', () => {
    const bench = new Bench();
    bench.setUp(emptyDir, bench.volume(emptyDir, {}));
    bench.root.writeFile(`${PATH}/x`, new Uint8Array(1));
    bench.setUp(emptyDir, bench.volume(emptyDir, {}));
    expect(bench.names(PATH)).toEqual(['x']);
  });

  test('belongs to the fsGroup', () => {
    const bench = new Bench();
    bench.setUp(emptyDir, bench.volume(emptyDir, {}, { fsGroup: 2000 }));
    expect(bench.mode(PATH)).toBe('2777 0:2000');
  });

  test('has a mode of its own only with its gate', () => {
    const bench = new Bench();
    bench.setUp(emptyDir, bench.volume(emptyDir, { mode: 0o1700 }));
    expect(bench.mode(PATH)).toBe('777 0:0');
    const other = new Bench();
    other.gates.add('EmptyDirVolumeMode');
    other.setUp(emptyDir, other.volume(emptyDir, { mode: 0o1700 }));
    expect(other.mode(PATH)).toBe('1700 0:0');
  });

  test.each(['Memory', 'HugePages-2Mi'])('has that mode on medium %s too', (medium) => {
    const bench = new Bench();
    bench.gates.add('EmptyDirVolumeMode');
    const requests = { 'hugepages-2Mi': '2Mi' };
    const pod = makePod({ containers: [{ name: 'c', image: 'i', resources: { requests } }] });
    bench.setUp(emptyDir, bench.volume(emptyDir, { medium, mode: 0o750 }, { pod }));
    expect(bench.mode(PATH)).toBe('750 0:0');
  });
});

describe('emptyDir in memory', () => {
  test.each([
    ['the least limit', { medium: 'Memory', sizeLimit: '64Mi' }, '128Mi', 'size=65536k'],
    ["the Pod's memory", { medium: 'Memory', sizeLimit: '1Gi' }, '128Mi', 'size=131072k'],
    ['what the node can allocate', { medium: 'Memory' }, undefined, 'size=1048576k'],
  ])('is a tmpfs as large as %s', (_, source, memory, size) => {
    const bench = new Bench();
    const resources = memory === undefined ? {} : { limits: { memory } };
    const pod = makePod({ containers: [{ name: 'c', image: 'busybox', resources }] });
    bench.setUp(emptyDir, bench.volume(emptyDir, source, { pod }));
    const mount = bench.node.namespace.mounts().find((one) => one.mountPoint === PATH);
    expect(mount).toMatchObject({ type: 'tmpfs', source: 'tmpfs' });
    expect(mount?.options).toContain(size);
    expect(bench.mode(PATH)).toBe('1777 0:0');
  });

  test('is unmounted and removed', () => {
    const bench = new Bench();
    const volume = bench.volume(emptyDir, { medium: 'Memory' });
    bench.setUp(emptyDir, volume);
    bench.run(emptyDir.tearDown(volume));
    expect(bench.root.exists(PATH)).toBe(false);
    expect(bench.node.namespace.mounts()).toHaveLength(1);
  });

  test('is mounted again, empty, after a reboot that kept the marker', () => {
    const bench = new Bench();
    const volume = bench.volume(emptyDir, { medium: 'Memory' });
    bench.setUp(emptyDir, volume);
    bench.node.namespace.unmount(PATH);
    bench.setUp(emptyDir, volume);
    expect(bench.node.namespace.isMountPoint(PATH)).toBe(true);
  });
});

describe('emptyDir of huge pages', () => {
  const withPages = (requests: Record<string, string>) =>
    makePod({ containers: [{ name: 'c', image: 'busybox', resources: { requests } }] });

  test('mounts a hugetlbfs with the requested page size', () => {
    const bench = new Bench();
    const pod = withPages({ 'hugepages-2Mi': '4Mi' });
    bench.setUp(emptyDir, bench.volume(emptyDir, { medium: 'HugePages' }, { pod }));
    const mount = bench.node.namespace.mounts().find((one) => one.mountPoint === PATH);
    expect(mount).toMatchObject({ type: 'hugetlbfs', source: 'nodev' });
    expect(mount?.options).toContain('pagesize=2Mi');
  });

  test.each([
    [{}, 'hugePages storage requested, but there is no resource request for huge pages'],
    [
      { 'hugepages-2Mi': '4Mi', 'hugepages-1Gi': '1Gi' },
      "can't be used if container requests multiple huge page sizes",
    ],
  ])('says what is wrong with requests %j', (requests, message) => {
    const bench = new Bench();
    const volume = bench.volume(emptyDir, { medium: 'HugePages' }, { pod: withPages(requests) });
    expect(bench.failure(emptyDir, volume)).toContain(message);
  });

  test('refuses a medium that there is not', () => {
    const bench = new Bench();
    const volume = bench.volume(emptyDir, { medium: 'Tape' });
    expect(bench.failure(emptyDir, volume)).toBe('unknown storage medium "Tape"');
  });
});
