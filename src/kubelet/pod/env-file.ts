import { OperationError } from '../../base/index.ts';

/** What bufio.Scanner can hold of one line. */
const MAX_LINE = 65_536;

/**
 * The value of a variable in a file of variables; empty when the file does not have it. Until 1.34 `NAME=value`, where a `\` at
 * the end of a line goes on in the next one; since 1.35 (`quoted`) `NAME='value'`, as a POSIX shell has it, over several lines
 * too. Lines behind the variable are not looked at. Throws an OperationError that names a wrong line. Models
 * pkg/kubelet/util/env ParseEnv.
 */
export function valueInFile(text: string, key: string, quoted: boolean): string {
  const lines = new Lines(text);
  const next = quoted ? nextQuoted : nextPlain;
  for (let found = next(lines); found !== undefined; found = next(lines)) {
    if (found.name === key) return found.value;
  }
  return '';
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** The lines of a text, without their ends. */
class Lines {
  readonly #lines: string[];
  /** That of the line read last, from 1. */
  number = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
    if (this.#lines.at(-1) === '') this.#lines.pop();
  }

  next(): string | undefined {
    const line = this.#lines[this.number];
    if (line === undefined) return undefined;
    if (line.length >= MAX_LINE) throw new OperationError('bufio.Scanner: token too long');
    this.number += 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  /** The next line that is neither blank nor a comment, without the blanks before it. */
  nextToRead(): string | undefined {
    for (let line = this.next(); line !== undefined; line = this.next()) {
      const text = withoutLeading(line);
      if (text !== '' && !text.startsWith('#')) return text;
    }
    return undefined;
  }
}

function nextPlain(lines: Lines): Assignment | undefined {
  const first = lines.nextToRead();
  if (first === undefined) return undefined;
  const line = wholeLine(lines, first);
  const equals = line.indexOf('=');
  const name = line.slice(0, Math.max(equals, 0)).trim();
  if (name === '') throw invalid(lines.number);
  return { name, value: line.slice(equals + 1).trim() };
}

/** A line with those that go on from it, each put after one blank. */
function wholeLine(lines: Lines, first: string): string {
  let whole = '';
  let line = first;
  for (;;) {
    const text = withoutTrailing(line);
    if (!text.endsWith('\\')) return whole === '' ? line : whole + text;
    whole += `${withoutTrailing(text.slice(0, -1))} `;
    const next = lines.next();
    if (next === undefined) {
      throw new OperationError('unexpected end of file: unfinished line continuation');
    }
    line = withoutLeading(next);
    if (line === '') throw invalid(lines.number, 'blank line in continuation');
    if (line.startsWith('#')) throw invalid(lines.number, 'comment in continuation');
  }
}

function nextQuoted(lines: Lines): Assignment | undefined {
  const line = lines.nextToRead();
  if (line === undefined) return undefined;
  const equals = line.indexOf('=');
  if (equals < 0) throw invalid(lines.number, "missing '='");
  const name = line.slice(0, equals);
  if (withoutTrailing(name) === '') throw invalid(lines.number, 'empty variable name');
  if (withoutTrailing(name) !== name) {
    throw invalid(lines.number, "whitespace before '=' is not allowed");
  }
  const value = line.slice(equals + 1);
  // To a shell, a blank ends the value before it began.
  if (/^[ \t]/.test(value)) return { name, value: '' };
  if (!value.startsWith("'")) {
    throw invalid(lines.number, 'value must be enclosed in single quotes');
  }
  return { name, value: quotedValue(lines, value.slice(1)) };
}

/** What is before the closing quote, which may be some lines further on. */
function quotedValue(lines: Lines, first: string): string {
  const start = lines.number;
  const parts: string[] = [];
  for (let rest: string | undefined = first; rest !== undefined; rest = lines.next()) {
    const end = rest.indexOf("'");
    if (end >= 0) {
      const after = withoutLeading(rest.slice(end + 1));
      if (after !== '' && !after.startsWith('#')) {
        throw invalid(lines.number, 'unexpected content after closing quote');
      }
      return [...parts, rest.slice(0, end)].join('\n');
    }
    parts.push(rest);
  }
  throw new OperationError(
    `invalid environment variable format starting at line ${start}: unclosed single quote`,
  );
}

function withoutLeading(text: string): string {
  return text.replace(/^[ \t]+/, '');
}

function withoutTrailing(text: string): string {
  return text.replace(/[ \t]+$/, '');
}

function invalid(line: number, why?: string): OperationError {
  const what = `invalid environment variable format at line ${line}`;
  return new OperationError(why === undefined ? what : `${what}: ${why}`);
}
