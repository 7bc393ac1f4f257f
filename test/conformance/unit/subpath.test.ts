import { describe, expect, test } from 'vitest';
import { createVersionRules } from '../../../src/api/index.ts';
import type { MountedVolume } from '../../../src/kubelet/contracts.ts';
import { Layout } from '../../../src/kubelet/layout.ts';
import { makeDevices, makeMounts } from '../../../src/kubelet/pod/make-mounts.ts';
import { cleanSubPaths, removeEmptyDirectories } from '../../../src/kubelet/subpath/clean.ts';
import { makeDirectoryInside } from '../../../src/kubelet/subpath/make-directory.ts';
import { safeOpen } from '../../../src/kubelet/subpath/safe-open.ts';
import { Bench, makePod } from '../../plugin/harness.ts';
import { type Row, rowsOf } from './cases.ts';
import { expectPaths, fails, makeTree } from './tree.ts';

/** A directory with the tree of a row in it. */
function scene({ input }: Row, at = 'base') {
  const bench = new Bench();
  const base = bench.root.mkdirAll(at, 0o755);
  makeTree(bench, base, input.tree);
  return { bench, base };
}

describe('subpath-safe-makedir-table', () => {
  test.each(rowsOf('subpath-safe-makedir-table'))('%s', (_, row) => {
    const { base } = scene(row);
    const { path, mode = '0750' } = row.input;
    const { error = false, dirExists, mode: wanted } = row.expect;
    expect(fails(() => makeDirectoryInside(base, path, Number.parseInt(mode, 8)))).toBe(error);
    if (dirExists === undefined) return;
    const found = base.lstat(dirExists).mode;
    expect(found & 0o170000).toBe(0o040000);
    if (wanted) expect(found & 0o7777).toBe(Number.parseInt(wanted, 8));
  });
});

describe('subpath-safe-open-table', () => {
  test.each(rowsOf('subpath-safe-open-table'))('%s', (_, row) => {
    const { base } = scene(row);
    expect(fails(() => safeOpen(base, row.input.path))).toBe(row.expect.error);
  });
});

describe('subpath-clean-table', () => {
  test.each(rowsOf('subpath-clean-table'))('%s', (_, row) => {
    const { bench, base } = scene(row, 'var/lib/kubelet/pods/uid-1');
    const { error = false, left, gone = [], unmounted } = row.expect;
    const parts = { system: bench.node, layout: new Layout(bench.root) };
    expect(fails(() => bench.run(cleanSubPaths(parts, 'uid-1', 'vol1')))).toBe(error);
    expectPaths(base, left ?? [], left?.length === 0 ? ['volume-subpaths'] : gone);
    const { records } = bench.simulation.trace;
    const found = records.filter(({ type }) => type === 'unmount').length;
    if (unmounted !== undefined) expect(found).toBe(unmounted);
  });
});

describe('subpath-remove-empty-dirs-table', () => {
  test.each(rowsOf('subpath-remove-empty-dirs-table'))('%s', (_, row) => {
    const { bench, base } = scene(row);
    const { path: end, removeBase } = row.input;
    const { error = false, left, gone } = row.expect;
    const remove = () =>
      bench.run(removeEmptyDirectories(bench.node, base, { base: removeBase, end }));
    expect(fails(remove)).toBe(error);
    expectPaths(base, left, gone);
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

/** A container without a name, whose one mount or device is `disk`. */
function parts(bench: Bench, container: object, volumes: string[], volume: Partial<MountedVolume>) {
  bench.root.mkdirAll('mnt/disk', 0o755);
  const mounted = {
    path: '/mnt/disk',
    spec: { name: 'disk', readOnly: false },
    plugin: {},
    ...volume,
  };
  return {
    context: {
      system: bench.node,
      layout: new Layout(bench.root),
      rules: createVersionRules(),
    },
    pod: makePod(),
    container: { name: '', image: 'i', ...container },
    volumes: new Map(volumes.map((name) => [name, mounted as MountedVolume])),
    environment: new Map<string, string>(),
  };
}

describe('subpath-make-mounts-errors', () => {
  test.each(rowsOf('subpath-make-mounts-errors'))('%s', (_, { input, expect: expected }) => {
    const bench = new Bench();
    const { subPath } = input;
    const volumeMounts = [{ name: 'disk', mountPath: '/mnt/path', ...(subPath && { subPath }) }];
    const made = () => bench.run(makeMounts(parts(bench, { volumeMounts }, input.volumes, {})));
    expect(messageOf(made)).toBe(expected.error);
  });
});

describe('make-block-volumes', () => {
  test.each(rowsOf('make-block-volumes'))('%s', (_, { input, expect: expected }) => {
    const { devicePath, readOnly = false, volumes = ['disk'] } = input;
    const container = { volumeDevices: [{ name: 'disk', devicePath }] };
    const spec = { name: 'disk', readOnly } as MountedVolume['spec'];
    const made = () =>
      makeDevices(parts(new Bench(), container, volumes, { devicePath: '/dev/x', spec }));
    if (expected.error) return expect(messageOf(made)).toBe(expected.error);
    expect(made()).toEqual([
      {
        hostPath: '/mnt/disk',
        containerPath: expected.pathInContainer,
        permissions: expected.permissions,
      },
    ]);
  });
});
