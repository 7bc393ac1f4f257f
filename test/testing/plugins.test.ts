import { describe, expect, test } from 'vitest';
import { configMap, emptyDir, gitRepo, local } from '../../plugins/index.ts';
import { definePlugin, type VolumePlugin } from '../../src/plugin/index.ts';
import { PluginContractError, type PluginSample, testPlugin } from '../../src/testing/index.ts';

const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } };
const REPOSITORY = 'https://example.com/site.git';
const clone: PluginSample = {
  name: 'clone',
  source: { repository: REPOSITORY, directory: '.' },
  outside: (cluster) => cluster.outside.gitRemotes.add(REPOSITORY, { HEAD: { x: 'x' } }),
};

/** All types are in test/long. */
const cases: readonly [VolumePlugin, PluginSample][] = [
  [emptyDir as VolumePlugin, { source: { medium: 'Memory' } }],
  [configMap as VolumePlugin, { source: { name: 'c' }, needs: [config] }],
  [
    local as VolumePlugin,
    { source: { path: '/data' }, as: 'persistentVolume', files: { '/data/x': 'x' } },
  ],
];

describe('our plugins keep the contract', () => {
  test.each(cases.map(([plugin, sample]) => [plugin.name, plugin, sample] as const))(
    '%s',
    (_, plugin, sample) => {
      const { runs, steps } = testPlugin(plugin, [sample]);
      expect(steps).toBeGreaterThan(4);
      expect(runs).toBeGreaterThan(4);
    },
  );
});

test('a clone that is half done stays, as it does upstream', () => {
  const problems = problemsFor(gitRepo as VolumePlugin, clone);
  expect(problems).toMatch(/clone: crash at step \d+, write: .*already exists and is not an empty/);
  expect(problems).toMatch(/clone: fail at step \d+, mkdir: left behind: /);
  const steps = problems.matchAll(/^clone: \w+ at step \d+, (\w+)/gm);
  expect([...new Set([...steps].map(([, step]) => step))]).toEqual(['mkdir', 'write']);
});

function problemsFor(plugin: VolumePlugin, sample: PluginSample): string {
  try {
    testPlugin(plugin, [sample]);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(PluginContractError);
    return (error as Error).message;
  }
}

function problemsOf(parts: Partial<VolumePlugin>): string {
  const plugin = definePlugin({ ...emptyDir, ...parts } as VolumePlugin);
  return problemsFor(plugin, { name: 'faulty', source: {} });
}

describe('a faulty plugin is found out', () => {
  test('SetUp that cannot be repeated', () => {
    const problems = problemsOf({
      *setUp({ dir, fail }) {
        if (dir.exists()) fail('final', 'it is there');
        yield* dir.create(0o755);
      },
    });
    expect(problems).toMatch(/faulty: SetUp once more: the Pod is Pending: .*it is there/);
  });

  test('TearDown that leaves files', () => {
    const problems = problemsOf({
      *setUp({ dir }) {
        yield* dir.create(0o755);
        yield* dir.files().write('left', new Uint8Array(), 0o644);
      },
      *tearDown() {},
    });
    expect(problems).toMatch(/faulty: left behind:/);
  });

  test('TearDown that leaves what the container wrote', () => {
    expect(problemsOf({ *tearDown() {} })).toMatch(/faulty: left behind:/);
  });

  test('TearDown that wants something to be there', () => {
    const problems = problemsOf({
      *tearDown({ dir }) {
        dir.open();
        yield* dir.removeAll();
      },
    });
    expect(problems).toMatch(/TearDown once more: (K65|the Pod cannot be deleted)/);
  });

  test('a bug', () => {
    const problems = problemsOf({
      *setUp() {
        yield* (undefined as never as { x: Generator<never, void, void> }).x;
      },
    });
    expect(problems).toMatch(/K58/);
  });
});
