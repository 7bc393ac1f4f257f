import { describe, expect, test } from 'vitest';
import { allPlugins } from '../../plugins/index.ts';
import type { PersistentVolume, Volume } from '../../src/api/index.ts';
import {
  definePlugin,
  escapePluginName,
  inlineSpec,
  inVersion,
  mountOptionsOf,
  PluginRegistry,
  persistentSpec,
  unescapePluginName,
  type VolumePlugin,
} from '../../src/plugin/index.ts';
import { rules } from './rules.ts';

const nothing = function* () {};
const plugin = (name: string, more: Partial<VolumePlugin> = {}): VolumePlugin =>
  definePlugin({ name, source: 'tape', setUp: nothing, tearDown: nothing, ...more });
const spec = (volume: object) =>
  inlineSpec({ name: 'v', ...volume } as Volume, new PluginRegistry(allPlugins, rules('all')));

describe('the plugin of a volume', () => {
  test.each(['emptyDir', 'secret', 'configMap', 'downwardAPI', 'projected', 'hostPath', 'gitRepo'])(
    'is found by the field %s',
    (field) => {
      const registry = new PluginRegistry(allPlugins, rules('all'));
      const found = registry.bySpec(spec({ [field]: { readOnly: true } }));
      expect(found.source).toBe(field);
      expect(registry.byName(found.name)).toBe(found);
    },
  );

  test('is none, in upstream words', () => {
    const registry = new PluginRegistry(allPlugins, rules('all'));
    expect(() => registry.bySpec(spec({ nfs: {} }))).toThrow(/^no volume plugin matched$/);
    expect(() => registry.bySpec(spec({ local: {} }))).toThrow(/^no volume plugin matched$/);
    expect(() => registry.byName('x')).toThrow(/^no volume plugin matched name: x$/);
  });

  test('must be one', () => {
    const registry = new PluginRegistry([plugin('a'), plugin('b')], rules('all'));
    const both = { name: 'v', source: {}, readOnly: false, mountOptions: [] };
    const volume = { name: 'v', tape: {} } as Volume;
    expect(() => registry.bySpec({ ...both, volume })).toThrow(
      'multiple volume plugins matched: a,b',
    );
  });

  test.each(['deviceName', 'deviceMountPath'])(
    'can be made out after a restart of the kubelet, if it has %s',
    (field) => {
      const more = { [field]: () => 'disk' };
      const error = `plugin tape: reconstruct is required with ${field}: `;
      expect(() => plugin('tape', more)).toThrow(error);
      const unchecked = { ...plugin('tape'), ...more };
      expect(() => new PluginRegistry([unchecked], rules('all'))).toThrow(error);
      expect(() => plugin('tape', { ...more, reconstruct: () => undefined })).not.toThrow();
    },
  );

  test('is only there in its versions', () => {
    const at = (version: string): (string | undefined)[] =>
      new PluginRegistry(allPlugins, rules(version)).all.map(({ source }) => source);
    expect(at('1.5')).not.toContain('projected');
    expect(at('1.6')).toContain('projected');
    expect(at('1.6')).not.toContain('local');
    expect(at('1.7')).toContain('local');
  });

  test.each([
    [{ from: '1.6' }, '1.5', false],
    [{ from: '1.6' }, '1.6', true],
    [{ until: '1.24' }, '1.24', true],
    [{ until: '1.24' }, '1.25', false],
    [{ until: '1.24' }, 'all', true],
    [undefined, '1.5', true],
  ])('%j holds %s: %s', (range, version, expected) => {
    expect(inVersion(range, rules(version))).toBe(expected);
  });
});

test('every plugin has a name and a field of its own', () => {
  expect(new Set(allPlugins.map(({ name }) => name)).size).toBe(allPlugins.length);
  expect(new Set(allPlugins.map(({ source }) => source)).size).toBe(allPlugins.length);
  for (const { name } of allPlugins) {
    expect(unescapePluginName(escapePluginName(name))).toBe(name);
    expect(Object.isFrozen(allPlugins.find((one) => one.name === name))).toBe(true);
  }
});

test('a PersistentVolume is read-only by its claim alone, and has its mount options', () => {
  const volume = {
    metadata: { name: 'pv' },
    spec: { local: { path: '/p', readOnly: true }, mountOptions: ['b', 'a'] },
  } as unknown as PersistentVolume;
  const read = persistentSpec(volume, false, new PluginRegistry(allPlugins, rules('all')));
  expect(read).toMatchObject({ name: 'pv', readOnly: false, mountOptions: ['b', 'a'] });
  expect(read.source).toMatchObject({ path: '/p' });
  const annotated = structuredClone(volume);
  annotated.metadata.annotations = { 'volume.beta.kubernetes.io/mount-options': 'ro,a,ro' };
  expect(mountOptionsOf(annotated)).toEqual(['a', 'ro']);
});
