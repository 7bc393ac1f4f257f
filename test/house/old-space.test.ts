import { parseAst } from 'rolldown/parseAst';
import { expect, test } from 'vitest';
import { sources } from './sources.ts';

/*
 * V8 puts some things into old space as they are made: a function that is assigned to a property where it stands, and the hidden
 * classes of a literal's accessor, of a class and of a generator function that are made inside of a function. What they lead to
 * lives until the next full collection, however young it is: here that is a whole cluster, and making one takes four times as long.
 */

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Faces and what draws or tests come once, or are small. */
const ONCE = /^src\/(face|cli|teaching|testing)\//;

function offences(text: string): string[] {
  const found: string[] = [];
  visit(
    parseAst(text, { lang: 'ts' }) as unknown as Node,
    { inside: false, method: false },
    (node) => found.push(`${text.slice(0, node.start).split('\n').length}: ${node.type}`),
  );
  return found;
}

function visit(
  node: Node,
  { inside, method }: { inside: boolean; method: boolean },
  tell: (node: Node) => void,
): void {
  if (inside && !method && isMadeOld(node)) tell(node);
  const within = inside || isFunction(node);
  for (const [field, value] of Object.entries(node)) {
    const ofClass = node.type === 'MethodDefinition' && field === 'value';
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) visit(child, { inside: within, method: ofClass }, tell);
  }
}

function isMadeOld(node: Node): boolean {
  if (node.type === 'AssignmentExpression')
    return (node['left'] as Node).type === 'MemberExpression' && isFunction(node['right'] as Node);
  if (node.type === 'Property') return node['kind'] !== 'init';
  if (/^Class(Declaration|Expression)$/.test(node.type)) return true;
  return isFunction(node) && node['generator'] === true;
}

function isFunction({ type }: Node): boolean {
  return /Function(Declaration|Expression)$/.test(type);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

test.each(
  sources('src', 'plugins')
    .filter(({ path }) => !ONCE.test(path))
    .map(({ path, text }) => [path, text] as const),
)('%s makes nothing that is old from the start', (_, text) => {
  expect(offences(text)).toEqual([]);
});

test.each([
  ['a function assigned to a property', 'function f(o, x) { o.told = () => x; }', 1],
  ['an accessor of a literal', 'const f = (x) => ({ get y() { return x; } });', 1],
  ['a generator function in a function', 'function f(x) { return function* () { yield x; }; }', 1],
  ['a class in a function', 'function f(x) { class A {} return new A(x); }', 1],
  ['what a class has', 'class A { *f() { yield 1; } get y() { return 1; } told = () => this; }', 0],
  ['a function that is passed on', 'function f(o, x) { o.whenTold(() => x); }', 0],
  ['what a module has', 'export const told = { *f() {}, get y() { return 1; } };', 0],
])('%s is seen, or not', (_, text, count) => {
  expect(offences(text)).toHaveLength(count);
});
