import { describe, expect, test } from 'vitest';
import { downwardAPI } from '../../plugins/downwardAPI.ts';
import { projected } from '../../plugins/projected.ts';
import { Bench, makePod, volumePath } from '../plugin/harness.ts';

const DOWNWARD = volumePath('kubernetes.io~downward-api');
const PROJECTED = volumePath('kubernetes.io~projected');
const field = (fieldPath: string) => ({ path: 'f', fieldRef: { fieldPath } });
const resource = (name: string, divisor?: string, containerName = 'c') => ({
  path: 'f',
  resourceFieldRef: { containerName, resource: name, ...(divisor !== undefined && { divisor }) },
});

const POD = makePod(
  {
    containers: [
      {
        name: 'c',
        image: 'busybox',
        resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { memory: '32Mi' } },
      },
    ],
  },
  { labels: { b: 'two', a: 'say "hi"\n' }, annotations: { 'x/y': 'z' } },
);

describe('downwardAPI', () => {
  test.each([
    ['the name', field('metadata.name'), 'p'],
    ['the namespace', field('metadata.namespace'), 'default'],
    ['the uid', field('metadata.uid'), 'uid-1'],
    ['labels, sorted and quoted', field('metadata.labels'), 'a="say \\"hi\\"\\n"\nb="two"'],
    ['one label, as it is', field("metadata.labels['b']"), 'two'],
    ['one annotation', field("metadata.annotations['x/y']"), 'z'],
    ['nothing for a label that there is not', field("metadata.labels['none']"), ''],
    ['cores, rounded up', resource('limits.cpu'), '2'],
    ['millicores', resource('limits.cpu', '1m'), '1500'],
    ['mebibytes', resource('requests.memory', '1Mi'), '32'],
    ['0 without a request', resource('requests.cpu'), '0'],
  ])('writes %s', (_, item, text) => {
    const bench = new Bench();
    const volume = bench.volume(downwardAPI, { items: [item], defaultMode: 0o644 }, { pod: POD });
    bench.setUp(downwardAPI, volume);
    expect(bench.text(`${DOWNWARD}/f`)).toBe(text);
    expect(bench.node.namespace.isMountPoint(DOWNWARD)).toBe(true);
  });

  test('falls back to what the node can allocate', () => {
    const bench = new Bench();
    const source = { items: [resource('limits.cpu', '1m')], defaultMode: 0o644 };
    bench.setUp(downwardAPI, bench.volume(downwardAPI, source));
    expect(bench.text(`${DOWNWARD}/f`)).toBe('4000');
  });

  test('follows the labels of the Pod', () => {
    const bench = new Bench();
    const source = { items: [field('metadata.labels')], defaultMode: 0o644 };
    bench.setUp(downwardAPI, bench.volume(downwardAPI, source, { pod: POD }));
    const pod = makePod({}, { labels: { b: 'three' } });
    bench.setUp(downwardAPI, bench.volume(downwardAPI, source, { pod }));
    expect(bench.text(`${DOWNWARD}/f`)).toBe('b="three"');
  });

  test('writes nothing when an item fails, and says what is wrong with all', () => {
    const bench = new Bench();
    const items = [
      field('metadata.name'),
      field('spec.nodeName'),
      resource('limits.cpu', '1', 'd'),
    ];
    const volume = bench.volume(downwardAPI, { items, defaultMode: 0o644 });
    expect(bench.failure(downwardAPI, volume)).toBe(
      '[unsupported fieldPath: spec.nodeName, container d not found]',
    );
    expect(bench.root.exists(DOWNWARD)).toBe(false);
  });
});

describe('projected', () => {
  const sources = [
    { secret: { name: 's' } },
    { configMap: { name: 'm', items: [{ key: 'k', path: 'conf/k', mode: 0o400 }] } },
    { downwardAPI: { items: [field('metadata.name')] } },
    { serviceAccountToken: { path: 'token', audience: 'vault', expirationSeconds: 600 } },
  ];
  const filled = (): Bench => {
    const bench = new Bench();
    bench.secret('s', { user: 'me' });
    bench.configMap('m', { k: 'v' });
    return bench;
  };

  test('puts all sources into one directory', () => {
    const bench = filled();
    bench.setUp(projected, bench.volume(projected, { sources, defaultMode: 0o640 }));
    expect(bench.names(PROJECTED).slice(2)).toEqual(['conf', 'f', 'token', 'user']);
    expect(bench.text(`${PROJECTED}/token`)).toBe('token for vault, 600 s');
    expect(bench.mode(`${PROJECTED}/conf/k`)).toBe('400 0:0');
    expect(bench.mode(`${PROJECTED}/token`)).toBe('640 0:0');
  });

  test('a later source goes over an earlier one', () => {
    const bench = filled();
    const same = [
      { secret: { name: 's' } },
      { configMap: { name: 'm', items: [{ key: 'k', path: 'user' }] } },
    ];
    bench.setUp(projected, bench.volume(projected, { sources: same, defaultMode: 0o644 }));
    expect(bench.text(`${PROJECTED}/user`)).toBe('v');
  });

  test.each([
    ['the user', { fsUser: 1000 }, '600 1000:0'],
    ['the group', { fsGroup: 2000 }, '640 0:2000'],
    ['both', { fsUser: 1000, fsGroup: 2000 }, '640 1000:2000'],
  ])('keeps a token for %s', (_, who, mode) => {
    const bench = filled();
    bench.setUp(projected, bench.volume(projected, { sources, defaultMode: 0o644 }, who));
    expect(bench.mode(`${PROJECTED}/token`)).toBe(mode);
  });

  test('says what is wrong with all sources, and writes nothing', () => {
    const bench = new Bench();
    const volume = bench.volume(projected, { sources, defaultMode: 0o644 });
    expect(bench.failure(projected, volume)).toBe(
      '[secret "s" not found, configmap "m" not found]',
    );
    expect(bench.root.exists(PROJECTED)).toBe(false);
  });

  test('forgets the tokens of a Pod', () => {
    const bench = filled();
    const volume = bench.volume(projected, { sources, defaultMode: 0o644 });
    bench.setUp(projected, volume);
    bench.run(projected.tearDown(volume));
    expect(bench.forgotten).toEqual(['uid-1']);
    expect(bench.root.exists(PROJECTED)).toBe(false);
  });

  test('refuses what it cannot issue, by the name of the field', () => {
    const bench = new Bench();
    const bundle = { clusterTrustBundle: { path: 'ca', name: 'x' } };
    const volume = bench.volume(projected, { sources: [bundle], defaultMode: 0o644 });
    expect(bench.failure(projected, volume)).toContain('projected.sources[0].clusterTrustBundle');
  });
});
