import { expect, test } from 'vitest';
import {
  configMap,
  downwardAPI,
  emptyDir,
  gitRepo,
  hostPath,
  local,
  projected,
  secret,
} from '../../plugins/index.ts';
import type { VolumePlugin } from '../../src/plugin/index.ts';
import { type PluginSample, testPlugin } from '../../src/testing/index.ts';

const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } };
const key = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { k: '1' } };
const REPOSITORY = 'https://example.com/site.git';

const cases: readonly (readonly [unknown, PluginSample])[] = [
  [emptyDir, { source: {} }],
  [emptyDir, { source: { medium: 'Memory' } }],
  [hostPath, { source: { path: '/data' }, files: { '/data/x': 'x' } }],
  [configMap, { source: { name: 'c' }, needs: [config] }],
  [secret, { source: { secretName: 's' }, needs: [key] }],
  [downwardAPI, { source: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
  [
    projected,
    {
      source: { sources: [{ configMap: { name: 'c' } }, { secret: { name: 's' } }] },
      needs: [config, key],
    },
  ],
  [
    gitRepo,
    {
      source: { repository: REPOSITORY, directory: '.' },
      // What marks it as cloned may be missing.
      unmended: ['mkdir', 'write'],
      outside: (cluster) => cluster.outside.gitRemotes.add(REPOSITORY, { HEAD: { x: 'x' } }),
    },
  ],
  [local, { source: { path: '/data' }, as: 'persistentVolume', files: { '/data/x': 'x' } }],
];

test.each(cases)('a plugin keeps the contract (%#)', (plugin, sample) => {
  const { runs, steps } = testPlugin(plugin as VolumePlugin, [sample]);
  expect(steps).toBeGreaterThan(1);
  expect(runs).toBeGreaterThan(4);
});
