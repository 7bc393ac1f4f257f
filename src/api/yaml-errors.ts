import { type Document, isPair, isSeq, visit, type YAMLParseError } from 'yaml';

const START = 'error converting YAML to JSON: yaml: ';

export const TOO_DEEP: string = `${START}exceeded max depth`;

/** What is wrong with a text, with line and column. */
export function syntaxError({ message, pos }: YAMLParseError, source: string): string {
  const { line, col } = placeOf(source, pos[0]);
  // Where it gave up says how much stack there was, and nothing of the text.
  if (/call stack/.test(message)) return TOO_DEEP;
  const [text = ''] = message.split('\n');
  return `${START}line ${line}: ${text} (column ${col})`;
}

function placeOf(source: string, offset: number): { line: number; col: number } {
  const lines = source.slice(0, offset).split('\n');
  return { line: lines.length, col: (lines.at(-1) ?? '').length + 1 };
}

/** Keys that are there twice. */
export function twiceError(errors: readonly YAMLParseError[], source: string): string {
  const lines = errors.map(({ pos }) => {
    const { line, col } = placeOf(source, pos[0]);
    const key = /^["']?([^:"'\s]*)/.exec(source.slice(pos[0], pos[0] + 300))?.[1] ?? '';
    return `  line ${line}: key ${JSON.stringify(key)} already set in map (column ${col})`;
  });
  return `${START}unmarshal errors:\n${lines.join('\n')}`;
}

/** What is wrong with aliases, in the words of Go's reader, with the line where it is known. */
export function aliasError(message: string, document: Document.Parsed, source: string): string {
  if (message.startsWith('Excessive alias count')) {
    return `${START}document contains excessive aliasing`;
  }
  const name = /^Unresolved alias .*: (.*)$/.exec(message)?.[1];
  if (name === undefined) return `${START}${message}`;
  let at = '';
  visit(document, {
    Alias: (_, { source: alias, range }) => {
      if (alias !== name || !range) return undefined;
      at = `line ${placeOf(source, range[0]).line}: `;
      return visit.BREAK;
    },
  });
  return `${START}${at}unknown anchor '${name}' referenced`;
}

/** The path of the key at an offset of the text: `spec.volumes[0].name`. */
export function pathAt(document: Document.Parsed, offset: number): string {
  let found = '';
  visit(document, {
    Pair: (_, pair, above) => {
      const { range } = pair.key as { range?: readonly number[] };
      if (range?.[0] !== offset) return undefined;
      found = pathOf([...above, pair]);
      return visit.BREAK;
    },
  });
  return found;
}

function pathOf(nodes: readonly unknown[]): string {
  let path = '';
  for (const [depth, node] of nodes.entries()) {
    if (isPair(node)) path += `${path === '' ? '' : '.'}${String(node.key)}`;
    else if (isSeq(node)) path += `[${node.items.indexOf(nodes[depth + 1])}]`;
  }
  return path;
}
