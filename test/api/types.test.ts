import { expect, test } from 'vitest';
import { parseField } from '../../src/api/schema/field.ts';
import { schemas } from '../../src/api/schema/registry.ts';
import { apiDocument } from './api-doc.ts';
import { typesText } from './type-text.ts';

test('src/api/types.ts is what the schemas say', async () => {
  await expect(typesText(schemas)).toMatchFileSnapshot('../../src/api/types.ts');
});

test('docs/api.md is what the schemas say', async () => {
  await expect(apiDocument()).toMatchFileSnapshot('../../docs/api.md');
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
