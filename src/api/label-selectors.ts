import { quoted } from '../base/index.ts';
import { ApiError } from './api-error.ts';
import { isLabelValue, isQualifiedName } from './validation/names.ts';

export type Labels = Readonly<Record<string, string>>;
/** Whether labels are of those that were asked for. */
export type LabelTest = (labels: Labels) => boolean;

const TOKEN = /\s*(==|!=|[=!><(),]|[^=!><(),\s]+)\s*/g;
const OPERATORS = ['in', 'notin', '=', '==', '!=', '>', '<'];
const SYMBOL = /^(?:==|!=|[=!><(),])$/;
const END = '';

/**
 * Reads a label selector in its text form: `app=a,tier in (x, y),!old,cpus>4`. Throws ApiError BadRequest in the API server's words.
 * Models labels.Parse of apimachinery's pkg/labels/selector.go.
 */
export function parseLabelSelector(text: string): LabelTest {
  const tests = new Parser(text).requirements();
  return (labels) => tests.every((test) => test(labels));
}

function bad(message: string): ApiError {
  return ApiError.badRequest(`unable to parse requirement: ${message}`);
}

class Parser {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    for (const [, token = ''] of text.matchAll(TOKEN)) this.#tokens.push(token);
  }

  requirements(): LabelTest[] {
    if (this.#next === END) return [];
    const tests = [this.#requirement()];
    for (let token = this.#take(); token !== END; token = this.#take()) {
      if (token !== ',') {
        throw ApiError.badRequest(`found '${token}', expected: ',' or 'end of string'`);
      }
      if (!isIdentifier(this.#next) && this.#next !== '!') {
        throw ApiError.badRequest(`found '${this.#next}', expected: identifier after ','`);
      }
      tests.push(this.#requirement());
    }
    return tests;
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? END;
  }

  #take(): string {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #requirement(): LabelTest {
    if (!isIdentifier(this.#next) && this.#next !== '!') {
      const found = `found '${this.#next}', expected: !, identifier, or 'end of string'`;
      throw ApiError.badRequest(found);
    }
    const absent = this.#next === '!';
    if (absent) this.#take();
    const key = this.#take();
    if (!isIdentifier(key)) throw bad(`found '${key}', expected: identifier`);
    const wrong = isQualifiedName(key);
    // The API server has no name for the place.
    if (wrong.length > 0) throw bad(`<nil>: Invalid value: ${quoted(key)}: ${wrong.join('; ')}`);
    if (absent) return (labels) => !Object.hasOwn(labels, key);
    if (this.#next === END || this.#next === ',') return (labels) => Object.hasOwn(labels, key);
    return this.#comparison(key);
  }

  #comparison(key: string): LabelTest {
    const operator = this.#take();
    if (!OPERATORS.includes(operator)) {
      throw bad(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const isSet = operator === 'in' || operator === 'notin';
    const values = isSet ? this.#set() : [this.#value()];
    for (const [index, value] of values.entries()) demandValue(key, value, index);
    if (operator === '>' || operator === '<') return comparison(key, operator, values[0] ?? '');
    return membership(key, new Set(values), operator !== 'notin' && operator !== '!=');
  }

  #value(): string {
    if (this.#next === END || this.#next === ',') return '';
    const token = this.#take();
    if (!isIdentifier(token)) throw bad(`found '${token}', expected: identifier`);
    return token;
  }

  #set(): string[] {
    const open = this.#take();
    if (open !== '(') throw bad(`found '${open}' expected: '('`);
    if (this.#next === ')') {
      throw bad(
        `values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty`,
      );
    }
    const values: string[] = [];
    for (;;) {
      values.push(isIdentifier(this.#next) ? this.#take() : '');
      const token = this.#take();
      if (token === ')') return [...new Set(values)].sort();
      if (token !== ',') throw bad(`found '${token}', expected: ',' or ')'`);
    }
  }
}

/** `in` and `notin` may be keys and values, too. */
function isIdentifier(token: string): boolean {
  return token !== END && !SYMBOL.test(token);
}

function demandValue(key: string, value: string, index: number): void {
  const wrong = isLabelValue(value);
  if (wrong.length === 0) return;
  throw bad(`values[${index}][${key}]: Invalid value: ${quoted(value)}: ${wrong.join('; ')}`);
}

function membership(key: string, values: ReadonlySet<string>, wanted: boolean): LabelTest {
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? !wanted : values.has(value) === wanted;
  };
}

const INTEGER = /^[-+]?\d+$/;

function comparison(key: string, operator: '>' | '<', text: string): LabelTest {
  if (!INTEGER.test(text)) {
    const why = "for 'Gt', 'Lt' operators, the value must be an integer";
    throw bad(`values[0]: Invalid value: ${quoted(text)}: ${why}`);
  }
  const limit = BigInt(text.replace('+', ''));
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? (labels[key] ?? '') : '';
    if (!INTEGER.test(value)) return false;
    const given = BigInt(value.replace('+', ''));
    return operator === '>' ? given > limit : given < limit;
  };
}
