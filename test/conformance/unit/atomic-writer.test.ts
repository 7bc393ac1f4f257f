import { describe, expect, test } from 'vitest';
import { bytesOf, OperationError } from '../../../src/base/index.ts';
import { writeAtomically } from '../../../src/plugin/atomic-writer.ts';
import { definePlugin } from '../../../src/plugin/index.ts';
import { cleanPayload, firstElements, obsoletePaths } from '../../../src/plugin/payload-paths.ts';
import { Bench, volumePath } from '../../plugin/harness.ts';
import { rowsOf } from './cases.ts';

type Files = Record<string, { content: string; mode?: string }>;

const plugin = definePlugin<object>({
  name: 'test/a',
  source: 'emptyDir',
  *setUp() {},
  *tearDown() {},
});
const PLACE = volumePath('test~a');

function payloadOf(files: Files) {
  return new Map(
    Object.entries(files).map(([path, { content, mode = '0644' }]) => [
      path,
      { data: bytesOf(content), mode: Number.parseInt(mode, 8) },
    ]),
  );
}

/** Writes payloads one after the other; gives the last error. */
function write(bench: Bench, ...payloads: Files[]): OperationError | undefined {
  const { dir } = bench.volume(plugin, {});
  bench.root.mkdirAll(PLACE.slice(1), 0o755);
  try {
    for (const files of payloads) {
      const { now, random } = bench.simulation;
      const payload = payloadOf(files);
      bench.run(
        writeAtomically({ files: dir.files(), payload, now, random: random.stream('atomic', 'v') }),
      );
      check(bench, files);
    }
    return undefined;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}

/** What is visible is the payload, and nothing else. */
function check(bench: Bench, files: Files): void {
  for (const [path, { content }] of Object.entries(files)) {
    expect(bench.text(`${PLACE}/${path}`)).toBe(content);
  }
  const visible = bench.names(PLACE).filter((name) => !name.startsWith('..'));
  expect(visible).toEqual([...firstElements(cleanPayload(payloadOf(files)).keys())].sort());
}

function checkModes(bench: Bench, files: Files): void {
  for (const [path, { content, mode }] of Object.entries(files)) {
    expect(bench.text(`${PLACE}/${path}`)).toBe(content);
    if (mode)
      expect(bench.root.stat(`${PLACE}/${path}`).mode & 0o7777).toBe(Number.parseInt(mode, 8));
  }
}

describe('atomic-write-once', () => {
  test.each(rowsOf('atomic-write-once'))('%s', (_, { input, expect: expected }) => {
    const bench = new Bench();
    const failure = write(bench, input.payload);
    expect(failure !== undefined).toBe(expected.error ?? false);
    checkModes(bench, expected.files ?? {});
  });
});

describe('atomic-update-sequences', () => {
  test.each(rowsOf('atomic-update-sequences'))('%s', (_, { input, expect: expected }) => {
    const bench = new Bench();
    expect(write(bench, ...input.payloads)).toBeUndefined();
    checkModes(bench, expected.finalFiles);
  });
});

describe('atomic-paths-to-remove', () => {
  test.each(rowsOf('atomic-paths-to-remove'))('%s', (_, { input, expect: expected }) => {
    const existing = new Set<string>();
    for (const file of input.oldFiles as string[]) {
      const parts = file.split('/');
      for (const i of parts.keys()) existing.add(parts.slice(0, i + 1).join('/'));
    }
    const files = Object.fromEntries(input.newFiles.map((path: string) => [path, { content: '' }]));
    const found = obsoletePaths(existing, payloadOf(files));
    expect([...found].sort()).toEqual([...expected.remove].sort());
  });
});

describe('atomic-user-visible-links', () => {
  test.each(rowsOf('atomic-user-visible-links'))('%s', (_, { input, expect: expected }) => {
    // Links are asked for without files: a path may be a file and a directory here.
    const clean = cleanPayload(
      payloadOf(Object.fromEntries(input.paths.map((path: string) => [path, { content: '' }]))),
    );
    const links = [...firstElements(clean.keys())].map((name) => [name, `..data/${name}`]);
    expect(Object.fromEntries(links)).toEqual(expected.links);
  });
});
