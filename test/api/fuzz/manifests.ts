import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';

const root = new URL('../../fixtures/', import.meta.url);

/** Manifests to start from. */
const texts: readonly string[] = readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => /\.ya?ml$/.test(file))
  .sort()
  .map((file) => readFileSync(new URL(file.replaceAll('\\', '/'), root), 'utf8'));

export const objects: readonly unknown[] = texts.flatMap((text) =>
  parseAllDocuments(text)
    .filter((document) => document.errors.length === 0)
    .map((document) => document.toJS() as unknown)
    .filter((value) => typeof value === 'object' && value !== null),
);

/** What is put in place of something: often near to what belongs there. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    '',
    '..',
    '/',
    'a',
    'A',
    '__proto__',
    'constructor',
    'x'.repeat(300),
    '\u0000',
    '1Gi',
    '-1',
    'ReadWriteOnce',
  ),
  fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 53, Number.NaN, null, true, undefined),
  fc.constantFrom<unknown>([], {}, [null], [[]], { '': '' }, { a: 'b' }, [
    { name: 'a' },
    { name: 'a' },
  ]),
  fc.jsonValue({ maxDepth: 2 }),
);

interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
  readonly value: unknown;
  readonly key: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  value,
  key: fc.constantFrom(
    'name',
    'emptyDir',
    'subPath',
    'metadata',
    'uid',
    'status',
    '__proto__',
    'constructor',
    'zzz',
  ),
});

/** An object of some fixture with a few things changed. */
export const mutatedObject: fc.Arbitrary<unknown> = fc
  .tuple(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([which, mutations]) => {
    const object = structuredClone(objects[which % objects.length]);
    for (const one of mutations) mutate(object, one);
    return object;
  });

export function mutate(object: unknown, { at, how, value, key }: Mutation): void {
  const places = [...placesOf(object)];
  const place = places[at % places.length];
  if (!place) return;
  const { parent, name } = place;
  const given = structuredClone(value);
  if (how === 'replace') parent[name] = given;
  else if (how === 'add' && isMap(parent[name])) {
    Object.defineProperty(parent[name], key, {
      value: given,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (how === 'repeat' && Array.isArray(parent))
    parent.push(structuredClone(parent[Number(name)]));
  else if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* placesOf(
  value: unknown,
): Generator<{ parent: Record<string, unknown>; name: string }, void> {
  if (typeof value !== 'object' || value === null) return;
  const parent = value as Record<string, unknown>;
  for (const name of Object.keys(parent)) {
    yield { parent, name };
    yield* placesOf(parent[name]);
  }
}

/** The text of some fixture with a few characters changed. */
export const mutatedText: fc.Arbitrary<string> = fc
  .tuple(
    fc.nat(),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.oneof(
          fc.constantFrom(
            '',
            ' ',
            '\t',
            '\n',
            ':',
            '- ',
            '{',
            '}',
            '[',
            '&a ',
            '*a',
            '!!',
            '|',
            '"',
            '\u0000',
            '---\n',
          ),
          fc.string(),
        ),
      ),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map(([which, edits]) => {
    let text = texts[which % texts.length] ?? '';
    for (const [at, length, insert] of edits) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + insert + text.slice(from + length);
    }
    return text;
  });
