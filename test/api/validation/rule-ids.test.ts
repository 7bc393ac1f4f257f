import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { podRuleIds, storageRuleIds } from './rule-ids.ts';

test('every rule has a test that is named by its id', () => {
  const here = new URL('.', import.meta.url);
  const texts = readdirSync(here)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, here), 'utf8'));
  // Titles begin with ids: `V37g, V37h …`.
  const titles = texts.flatMap(
    (text) => text.match(/['`]((V\d+[a-z]?|KP)(, V\d+[a-z]?)*)[ :]/g) ?? [],
  );
  const named = new Set(titles.flatMap((title) => title.match(/V\d+[a-z]?|KP/g) ?? []));
  expect([...podRuleIds, ...storageRuleIds].filter((id) => !named.has(id))).toEqual([]);
  expect(podRuleIds).toHaveLength(7 + 26 + 12 + 17 + 14 + 8 + 1);
});
