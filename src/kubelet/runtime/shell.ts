/** One simple command of a script. */
export interface ShellCommand {
  /** Whether it runs, by how the one before ended. */
  readonly after: ';' | '&&' | '||';
  /** Its words, with variables still in them. */
  readonly words: readonly Word[];
  /** Where its output goes. */
  readonly redirect: { readonly path: Word; readonly append: boolean } | undefined;
}

/** Parts of a word: text, and names of variables. */
export type Word = readonly (string | { readonly variable: string })[];

type Token = { readonly operator: ';' | '&&' | '||' | '>' | '>>' } | { readonly word: Word };

/**
 * A script of simple commands with `;`, `&&`, `||`, `>`, quotes and variables; undefined for one that uses more of the
 * shell's language. Models the POSIX shell command language.
 */
export function parseScript(script: string): ShellCommand[] | undefined {
  const tokens = tokensOf(script);
  return tokens && commandsOf(tokens);
}

/** The text of a word. */
export function expand(word: Word, lookUp: (variable: string) => string): string {
  return word.map((part) => (typeof part === 'string' ? part : lookUp(part.variable))).join('');
}

function tokensOf(script: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length) {
    const blank = /^(?:[ \t]|\\\n)+/.exec(script.slice(at));
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const operator = /^(?:&&|\|\||>>|>|;|\n)/.exec(script.slice(at))?.[0];
    if (operator !== undefined) {
      tokens.push({ operator: operatorOf(operator) });
      at += operator.length;
      continue;
    }
    const read = wordAt(script, at);
    if (read === undefined) return undefined;
    tokens.push({ word: read.word });
    at = read.end;
  }
  return tokens;
}

function operatorOf(text: string): ';' | '&&' | '||' | '>' | '>>' {
  return text === '&&' || text === '||' || text === '>' || text === '>>' ? text : ';';
}

const PLAIN = /^[^\s'"\\$;|&<>()`*?[\]{}~!#]+/;
const SINGLE = /^'([^']*)'/;
const DOUBLE = /^"((?:[^"\\`]|\\[\s\S])*)"/;
const ESCAPE = /^\\([\s\S])/;
const VARIABLE = /^\$(?:([A-Za-z_]\w*|\?)|\{([A-Za-z_]\w*)\})/;

function wordAt(script: string, start: number): { word: Word; end: number } | undefined {
  const parts: (string | { variable: string })[] = [];
  let at = start;
  while (at < script.length && !/[\s;>]/.test(script.charAt(at))) {
    const rest = script.slice(at);
    if (/^(?:&&|\|\|)/.test(rest)) break;
    const match = partOf(rest, parts);
    if (match === undefined) return undefined;
    at += match;
  }
  return { word: parts, end: at };
}

/** Takes one part; its length, or undefined for what is not understood. */
function partOf(rest: string, parts: (string | { variable: string })[]): number | undefined {
  const plain = PLAIN.exec(rest) ?? SINGLE.exec(rest) ?? ESCAPE.exec(rest);
  if (plain) {
    parts.push(plain[1] ?? plain[0]);
    return plain[0].length;
  }
  const variable = VARIABLE.exec(rest);
  if (variable) {
    parts.push({ variable: variable[1] ?? variable[2] ?? '' });
    return variable[0].length;
  }
  const double = DOUBLE.exec(rest);
  return double && inQuotes(double[1] ?? '', parts) ? double[0].length : undefined;
}

function inQuotes(text: string, parts: (string | { variable: string })[]): boolean {
  parts.push('');
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const plain = /^[^\\$]+/.exec(rest) ?? /^\\[\s\S]/.exec(rest);
    const variable = plain ? undefined : VARIABLE.exec(rest);
    if (plain) parts.push(plain[0].replace(/^\\([\\"$`])/, '$1'));
    else if (variable) parts.push({ variable: variable[1] ?? variable[2] ?? '' });
    else return false;
    at += (plain ?? variable)?.[0].length ?? 1;
  }
  return true;
}

function commandsOf(tokens: readonly Token[]): ShellCommand[] | undefined {
  const commands: ShellCommand[] = [];
  let after: ';' | '&&' | '||' = ';';
  let words: Word[] = [];
  let redirect: ShellCommand['redirect'];
  const finish = (next: ';' | '&&' | '||'): void => {
    if (words.length > 0) commands.push({ after, words, redirect });
    after = next;
    words = [];
    redirect = undefined;
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    if ('word' in token) words.push(token.word);
    else if (token.operator === '>' || token.operator === '>>') {
      const target = tokens[++i];
      if (target === undefined || !('word' in target)) return undefined;
      redirect = { path: target.word, append: token.operator === '>>' };
    } else finish(token.operator);
  }
  finish(';');
  return commands;
}
