import { quoted } from '../base/index.ts';
import { ApiError, type StatusCause } from './api-error.ts';
import { GoValue, goSyntax } from './go-syntax.ts';
import { wordsOf } from './validation/words.ts';
import type { VersionRules } from './versions.ts';

const TEXTS = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueForbidden: 'Forbidden',
  FieldValueNotFound: 'Not found',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
} as const;

type FieldReason = keyof typeof TEXTS;

/** How texts of this kind of error differ between versions. */
export interface ErrorStyle {
  /** `supported values: "A"`, from 1.9; without quotes before. */
  readonly quotedValues: boolean;
  /** What is said of a text that is longer than so many bytes. */
  readonly tooLong: (limit: number) => string;
  /** What a rule says, in the words of the version. */
  readonly words?: ((text: string) => string) | undefined;
  /** A value in Go's syntax, from 1.7 to 1.31; undefined for one that has none that can be told. */
  readonly goSyntax?: ((value: GoValue) => string | undefined) | undefined;
}

const NEWEST: ErrorStyle = {
  quotedValues: true,
  tooLong: (limit) => `may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
};

/** How a version says it. */
export function errorStyleOf(rules: VersionRules): ErrorStyle {
  const unit = rules.before('1.19') ? 'characters' : 'bytes';
  return {
    quotedValues: rules.atLeast('1.9'),
    words: wordsOf(rules),
    goSyntax:
      rules.atLeast('1.7') && rules.before('1.32') ? (value) => goSyntax(value, rules) : undefined,
    tooLong: rules.atLeast('1.32')
      ? NEWEST.tooLong
      : (limit) => `must have at most ${limit} ${unit}`,
  };
}

/** The errors of one object, in the order of their discovery. Models apimachinery's util/validation/field. */
export class FieldErrors {
  readonly causes: StatusCause[] = [];
  readonly #style: ErrorStyle;

  constructor(style: ErrorStyle = NEWEST) {
    this.#style = style;
  }

  /** How many there are: to see whether a part of an object was good. */
  get count(): number {
    return this.causes.length;
  }

  required(field: string, detail = ''): void {
    this.#add('FieldValueRequired', field, '', detail);
  }

  invalid(field: string, value: unknown, detail = ''): void {
    const text = this.#style.words?.(detail) ?? detail;
    this.#add('FieldValueInvalid', field, this.#text(value), text);
  }

  duplicate(field: string, value: unknown, detail = ''): void {
    this.#add('FieldValueDuplicate', field, this.#text(value), detail);
  }

  forbidden(field: string, detail = ''): void {
    this.#add('FieldValueForbidden', field, '', detail);
  }

  notFound(field: string, value: unknown): void {
    this.#add('FieldValueNotFound', field, this.#text(value), '');
  }

  /** `supported` in the order of the text. */
  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const values = this.#style.quotedValues ? supported.map((one) => `"${one}"`) : supported;
    const detail = supported.length === 0 ? '' : `supported values: ${values.join(', ')}`;
    // These are named types of strings, which JSON is made of, too.
    const named = typeof value === 'string' && !this.#style.goSyntax;
    const text = named ? jsonText(value) : this.#text(value);
    this.#add('FieldValueNotSupported', field, text, detail);
  }

  tooLong(field: string, limit: number): void {
    this.#add('FieldValueTooLong', field, '', this.#style.tooLong(limit));
  }

  tooMany(field: string, count: number, limit: number): void {
    this.#add('FieldValueTooMany', field, String(count), `must have at most ${limit} items`);
  }

  /** A value that is not one of a set, given sorted. Absent is fine. */
  oneOf(field: string, value: string | undefined, supported: readonly string[]): void {
    if (value !== undefined && !supported.includes(value)) {
      this.notSupported(field, value, supported);
    }
  }

  /** Puts the errors since there were `from` into the order of what `rank` says of their fields; equal ones stay as they are. */
  sort(from: number, rank: (field: string) => number): void {
    const some = this.causes.splice(from);
    this.causes.push(...some.sort((a, b) => rank(a.field) - rank(b.field)));
  }

  /** `Pod "x" is invalid: …` with every error; undefined when there is none. */
  toError(kind: string, name: string, group = ''): ApiError | undefined {
    if (this.causes.length === 0) return undefined;
    const texts = [...new Set(this.causes.map(({ field, message }) => `${field}: ${message}`))];
    const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
    const qualified = group === '' ? kind : `${kind}.${group}`;
    return new ApiError('Invalid', `${qualified} "${name}" is invalid: ${all}`, this.causes);
  }

  #text(value: unknown): string {
    if (!(value instanceof GoValue)) return valueText(value);
    return this.#style.goSyntax?.(value) ?? valueText(value.json);
  }

  #add(reason: FieldReason, field: string, value: string, detail: string): void {
    const message = [TEXTS[reason], value, detail].filter((part) => part !== '').join(': ');
    const known = this.causes.some((cause) => cause.field === field && cause.message === message);
    if (!known) this.causes.push({ field, reason, message });
  }
}

/** A value in an error: strings as Go quotes them, numbers bare, anything else as Go's JSON. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value ?? 'null');
  return jsonText(value);
}

function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => {
    return `\\u00${char.charCodeAt(0).toString(16)}`;
  });
}
