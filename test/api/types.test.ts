import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedTexts } from '../../scripts/generated-texts.ts';
import { parseField } from '../../src/api/schema/field.ts';
import { schemas } from '../../src/api/schema/registry.ts';

test.each(Object.entries(generatedTexts()))('%s is what the schemas say', (file, text) => {
  const there = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(there === text, 'stale: run npm run generate').toBe(true);
});

test('every type that a schema names has a schema', () => {
  const named = Object.values(schemas).flatMap((schema) =>
    Object.values(schema).map((text) => parseField(text)),
  );
  const structs = named
    .map((type) => type.element?.element ?? type.element ?? type)
    .filter(({ shape }) => shape === 'struct');
  expect(structs.filter(({ name }) => !schemas[name])).toEqual([]);
  expect(structs.length).toBeGreaterThan(100);
});
