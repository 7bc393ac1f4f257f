import { describe, expect, test } from 'vitest';
import { configMap } from '../../plugins/configMap.ts';
import { secret } from '../../plugins/secret.ts';
import { Bench, makePod, volumePath } from '../plugin/harness.ts';

const SECRET = volumePath('kubernetes.io~secret');
const CONFIG = volumePath('kubernetes.io~configmap');
const source = { secretName: 's', defaultMode: 0o644 };
const config = { name: 'm', defaultMode: 0o644 };

describe('the atomic writer', () => {
  test('writes a dated directory, a link to it and a link per name', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.setUp(secret, bench.volume(secret, source));
    const [dated = '', data, user] = bench.names(SECRET);
    expect(dated).toMatch(/^\.\.2026_01_31_10_20_30\.\d+$/);
    expect([data, user]).toEqual(['..data', 'user']);
    expect(bench.root.readlink(`${SECRET}/..data`)).toBe(dated);
    expect(bench.root.readlink(`${SECRET}/user`)).toBe('..data/user');
    expect(bench.text(`${SECRET}/user`)).toBe('me');
    expect(bench.mode(`${SECRET}/..data`)).toBe('755 0:0');
    expect(bench.mode(`${SECRET}/user`)).toBe('644 0:0');
  });

  test('writes nothing when no content differs, whatever the mode', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.setUp(secret, bench.volume(secret, source));
    const before = bench.names(SECRET);
    bench.setUp(secret, bench.volume(secret, { ...source, defaultMode: 0o400 }));
    expect(bench.names(SECRET)).toEqual(before);
    expect(bench.mode(`${SECRET}/user`)).toBe('644 0:0');
  });

  test('repairs a visible link that is missing', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.setUp(secret, bench.volume(secret, source));
    bench.root.unlink(`${SECRET}/user`);
    bench.setUp(secret, bench.volume(secret, source));
    expect(bench.text(`${SECRET}/user`)).toBe('me');
  });

  test('turns to new content, and takes old names and directories away', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me', old: 'x' });
    bench.setUp(secret, bench.volume(secret, source));
    const before = bench.root.readlink(`${SECRET}/..data`);
    bench.secret('s', { user: 'you' });
    bench.setUp(secret, bench.volume(secret, source));
    expect(bench.root.readlink(`${SECRET}/..data`)).not.toBe(before);
    expect(bench.names(SECRET)).toHaveLength(3);
    expect(bench.root.lexists(`${SECRET}/old`)).toBe(false);
    expect(bench.text(`${SECRET}/user`)).toBe('you');
  });

  test('leaves both directories when it crashes before the link is turned', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.setUp(secret, bench.volume(secret, source));
    bench.secret('s', { user: 'you' });
    using _crash = bench.simulation.faults.crash('rename', { times: 1 });
    bench.run(secret.setUp(bench.volume(secret, source)));
    expect(bench.names(SECRET).filter((name) => name.startsWith('..2026'))).toHaveLength(2);
    expect(bench.text(`${SECRET}/user`)).toBe('me');
  });

  test('tears the volume down when it fails, even on a refresh', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.setUp(secret, bench.volume(secret, source));
    bench.secret('s', { user: 'you' });
    using _fault = bench.simulation.faults.fail('symlink', { error: 'no', times: 1 });
    expect(bench.failure(secret, bench.volume(secret, source))).toContain('no');
    expect(bench.root.exists(SECRET)).toBe(false);
  });

  test.each([
    ['/abs', 'invalid path: must be relative path: /abs'],
    ['a/../b', "invalid path: must not contain '..': a/../b"],
    ['..x', "invalid path: must not start with '..': ..x"],
    [`${'n'.repeat(256)}`, 'invalid path: filenames must be less than or equal to 255 characters'],
  ])('refuses the path %s', (path, message) => {
    const bench = new Bench();
    bench.secret('s', { k: 'v' });
    const volume = bench.volume(secret, { ...source, items: [{ key: 'k', path }] });
    expect(bench.failure(secret, volume)).toBe(message);
  });
});

describe('secret', () => {
  test('is in memory, and its marker is that of a wrapped emptyDir', () => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    const volume = bench.volume(secret, source);
    bench.setUp(secret, volume);
    expect(bench.node.namespace.isMountPoint(SECRET)).toBe(true);
    const marker = '/var/lib/kubelet/pods/uid-1/plugins/kubernetes.io~empty-dir/wrapped_v/ready';
    expect(bench.root.exists(marker)).toBe(true);
    bench.run(secret.tearDown(volume));
    expect([bench.root.exists(SECRET), bench.root.exists(marker)]).toEqual([false, false]);
  });

  test('puts items where they want to be, with their modes', () => {
    const bench = new Bench();
    bench.secret('s', { a: '1', b: '2' });
    const items = [{ key: 'b', path: 'deep/down/b', mode: 0o400 }];
    bench.setUp(secret, bench.volume(secret, { ...source, items }));
    expect(bench.names(SECRET).slice(1)).toEqual(['..data', 'deep']);
    expect(bench.text(`${SECRET}/deep/down/b`)).toBe('2');
    expect(bench.mode(`${SECRET}/deep/down/b`)).toBe('400 0:0');
  });

  test('says what is missing, unless it is optional', () => {
    const bench = new Bench();
    expect(bench.failure(secret, bench.volume(secret, source))).toBe('secret "s" not found');
    bench.setUp(secret, bench.volume(secret, { ...source, optional: true }));
    expect(bench.names(SECRET).slice(1)).toEqual(['..data']);
    bench.secret('s', { a: '1' });
    const items = [{ key: 'b', path: 'b' }];
    expect(bench.failure(secret, bench.volume(secret, { ...source, items }))).toBe(
      'references non-existent secret key: b',
    );
  });

  test('is readable by the fsGroup', () => {
    const bench = new Bench();
    bench.secret('s', { a: '1' });
    bench.setUp(secret, bench.volume(secret, { ...source, defaultMode: 0o400 }, { fsGroup: 7 }));
    expect(bench.mode(`${SECRET}/a`)).toBe('440 0:7');
    expect(bench.mode(`${SECRET}/..data`)).toBe('2755 0:7');
    expect(bench.mode(SECRET)).toBe('3777 0:7');
  });

  test('has the mount points of volumes inside it', () => {
    const bench = new Bench();
    bench.secret('s', { a: '1' });
    const volumeMounts = [
      { name: 'v', mountPath: '/etc/s' },
      { name: 'w', mountPath: '/etc/s/in/side' },
      { name: 'x', mountPath: '/etc/s/in/side/more' },
    ];
    const pod = makePod({ containers: [{ name: 'c', image: 'busybox', volumeMounts }] });
    bench.setUp(secret, bench.volume(secret, source, { pod }));
    expect(bench.names(`${SECRET}/in`)).toEqual(['side']);
    expect(bench.names(`${SECRET}/in/side`)).toEqual([]);
  });
});

describe('configMap', () => {
  test('is on the disk of the node, with text and bytes', () => {
    const bench = new Bench();
    bench.configMap('m', { text: 'é' });
    Object.assign(bench.configMaps.get('m') ?? {}, { binaryData: { bytes: 'AAH/' } });
    bench.setUp(configMap, bench.volume(configMap, config));
    expect(bench.node.namespace.isMountPoint(CONFIG)).toBe(false);
    expect(bench.mode(CONFIG)).toBe('777 0:0');
    expect(bench.text(`${CONFIG}/text`)).toBe('é');
    expect([...bench.root.readFile(`${CONFIG}/bytes`)]).toEqual([0, 1, 255]);
  });

  test('keeps what it has while its object is gone', () => {
    const bench = new Bench();
    bench.configMap('m', { a: '1' });
    bench.setUp(configMap, bench.volume(configMap, config));
    bench.configMaps.clear();
    expect(bench.failure(configMap, bench.volume(configMap, config))).toBe(
      'configmap "m" not found',
    );
    expect(bench.text(`${CONFIG}/a`)).toBe('1');
  });

  test('says which key is missing', () => {
    const bench = new Bench();
    bench.configMap('m', { a: '1' });
    const volume = bench.volume(configMap, { ...config, items: [{ key: 'b', path: 'b' }] });
    expect(bench.failure(configMap, volume)).toBe(
      'configmap references non-existent config key: b',
    );
  });
});
