/** One simple command of a script. */
export interface ShellCommand {
  /** Whether it runs, by how the one before ended. */
  readonly after: ';' | '&&' | '||';
  /** Its words, with variables still in them. */
  readonly words: readonly Word[];
  /** Where its output goes. */
  readonly redirect: { readonly path: Word; readonly append: boolean } | undefined;
}

/** A part of a word: text, the name of a variable, or commands whose output it is. */
export type WordPart =
  | string
  | { readonly variable: string }
  | { readonly output: readonly ShellCommand[] };

export type Word = readonly WordPart[];

type Token = { readonly operator: ';' | '&&' | '||' | '>' | '>>' } | { readonly word: Word };

/**
 * A script of simple commands with `;`, `&&`, `||`, `>`, quotes, variables and, in quotes, `$(…)`; undefined for one that uses
 * more of the shell's language. Models the POSIX shell command language.
 */
export function parseScript(script: string): ShellCommand[] | undefined {
  const tokens = tokensOf(script);
  return tokens && commandsOf(tokens);
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
const OUTPUT = /^\$\(([^()]*)\)/;
const VARIABLE = /^\$(?:([A-Za-z_]\w*|\?)|\{([A-Za-z_]\w*)\})/;

function wordAt(script: string, start: number): { word: Word; end: number } | undefined {
  const parts: WordPart[] = [];
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
function partOf(rest: string, parts: WordPart[]): number | undefined {
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

function inQuotes(text: string, parts: WordPart[]): boolean {
  parts.push('');
  for (let at = 0; at < text.length; ) {
    const read = quotedPart(text.slice(at));
    if (!read) return false;
    parts.push(read.part);
    at += read.length;
  }
  return true;
}

function quotedPart(rest: string): { part: WordPart; length: number } | undefined {
  const plain = /^[^\\$]+/.exec(rest) ?? /^\\[\s\S]/.exec(rest);
  if (plain) {
    return { part: plain[0].replace(/^\\([\\"$`])/, '$1'), length: plain[0].length };
  }
  const variable = VARIABLE.exec(rest);
  if (variable) {
    return { part: { variable: variable[1] ?? variable[2] ?? '' }, length: variable[0].length };
  }
  const output = OUTPUT.exec(rest);
  const commands = output && parseScript(output[1] ?? '');
  return commands ? { part: { output: commands }, length: output[0].length } : undefined;
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
