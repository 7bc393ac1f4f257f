import { quoted } from '../base/index.ts';
import { fieldOf } from './validation/internal-value.ts';
import type { VersionRules } from './versions.ts';

/** A type of Go's: a text, number or boolean by its zero; a pointer, list, map or struct by its name. */
export type GoType =
  | ''
  | 0
  | false
  | { readonly pointer: string }
  | { readonly list: string; readonly of: GoType }
  | { readonly map: string; readonly of: GoType }
  | { readonly struct: string; readonly fields: GoFields }
  | { readonly intOrString: true };

type GoFields = Readonly<
  Record<string, GoType | { readonly since: string; readonly type: GoType }>
>;

/** A value of an error, with the type that it has upstream. */
export class GoValue {
  /** The value as a request has it. */
  readonly value: unknown;
  readonly type: GoType;
  /** How it looks as JSON. */
  readonly json: unknown;

  constructor(value: unknown, type: GoType, json: unknown = value ?? null) {
    this.value = value;
    this.type = type;
    this.json = json;
  }
}

/** What an error shows of a value with `%#v`, from 1.7 to 1.31. Undefined where that is the address of something in memory. */
export function goSyntax({ value, type }: GoValue, rules: VersionRules): string | undefined {
  const isNull = value === undefined || value === null;
  if (isNull && typeof type === 'object' && 'struct' in type) return 'null';
  return print(value, type, rules);
}

function print(value: unknown, type: GoType, rules: VersionRules): string | undefined {
  if (typeof type !== 'object') return printScalar(value ?? type);
  if ('intOrString' in type) return printIntOrString(value);
  if ('struct' in type) return printStruct(value, type, rules);
  const name = nameOf('list' in type ? type.list : 'map' in type ? type.map : type.pointer, rules);
  if (value === undefined || value === null)
    return 'pointer' in type ? `(${name})(nil)` : `${name}(nil)`;
  if ('pointer' in type) return undefined;
  const items =
    'list' in type
      ? (value as unknown[]).map((one) => print(one, type.of, rules))
      : Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => prefixed(quoted(key), print(one, type.of, rules)));
  return wrapped(name, items);
}

function printScalar(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

function printIntOrString(value: unknown): string {
  const [type, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, ''];
  return `intstr.IntOrString{Type:${type}, IntVal:${number}, StrVal:${quoted(text)}}`;
}

function printStruct(
  value: unknown,
  { struct, fields }: { readonly struct: string; readonly fields: GoFields },
  rules: VersionRules,
): string | undefined {
  const items = Object.entries(fields).flatMap(([name, field]) => {
    const dated = typeof field === 'object' && 'since' in field;
    if (dated && rules.before(field.since)) return [];
    return [prefixed(name, print(fieldOf(value, name), dated ? field.type : field, rules))];
  });
  return wrapped(nameOf(struct, rules), items);
}

function prefixed(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${name}:${text}`;
}

function wrapped(name: string, items: readonly (string | undefined)[]): string | undefined {
  return items.includes(undefined) ? undefined : `${name}{${items.join(', ')}}`;
}

/** The packages were others once. */
function nameOf(name: string, rules: VersionRules): string {
  const moved = rules.before('1.13')
    ? name.replace(/\bapps\.(?=.*(?:Deployment|DaemonSet))/, 'extensions.')
    : name;
  return rules.before('1.9') ? moved.replace(/\bcore\./, 'api.') : moved;
}

/** `[]string`. */
export const STRINGS: GoType = { list: '[]string', of: '' };

/** Labels. */
export const STRING_MAP: GoType = { map: 'map[string]string', of: '' };

/** `5`, `25%`. */
export const INT_OR_STRING: GoType = { intOrString: true };

/** What selects objects by labels. */
export const LABEL_SELECTOR: GoType = {
  struct: 'v1.LabelSelector',
  fields: {
    MatchLabels: STRING_MAP,
    MatchExpressions: {
      list: '[]v1.LabelSelectorRequirement',
      of: {
        struct: 'v1.LabelSelectorRequirement',
        fields: { Key: '', Operator: '', Values: STRINGS },
      },
    },
  },
};
