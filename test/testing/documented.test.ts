import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { invariants } from '../../src/testing/index.ts';

test('docs/testing.md lists every invariant in its own words', () => {
  const rows = [...readFileSync('docs/testing.md', 'utf8').matchAll(/^\| (K\d+) \| (.*) \|$/gm)];
  expect(rows.map(([, id, sentence]) => ({ id, sentence }))).toEqual(
    invariants.map(({ id, sentence }) => ({ id, sentence })),
  );
});

test('no two have the same number, and only K55 and K56 are missing', () => {
  const all = Array.from({ length: 72 }, (_, i) => `K${i + 1}`);
  const ids = invariants.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all.filter((id) => !ids.includes(id))).toEqual(['K55', 'K56']);
});
