import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { invariants } from '../../src/testing/index.ts';

test('docs/testing.md lists every invariant in its own words', () => {
  const rows = [...readFileSync('docs/testing.md', 'utf8').matchAll(/^\| (K\d+) \| (.*) \|$/gm)];
  expect(rows.map(([, id, sentence]) => ({ id, sentence }))).toEqual(
    invariants.map(({ id, sentence }) => ({ id, sentence })),
  );
});

test('every number is there, once', () => {
  const all = Array.from({ length: 72 }, (_, i) => `K${i + 1}`);
  expect(invariants.map(({ id }) => id).sort(byNumber)).toEqual(all);
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}
