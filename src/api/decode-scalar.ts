import { formatQuantity, parseQuantity, QUANTITY_ERROR, quoted } from '../base/index.ts';
import { copyOf } from './freeze.ts';
import { describe, goType } from './go-types.ts';
import { demandJson } from './plain-json.ts';
import type { FieldType } from './schema/field.ts';

/** Where a value stands, as Go says it: `Go struct field PodSpec.spec.hostNetwork`. */
export interface Place {
  readonly struct: string;
  readonly field: string;
}

export const NOWHERE: Place = { struct: '', field: '' };

/** A value that a field cannot have; `path` is where, with indexes. */
export class DecodeError extends Error {
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** Of a value of another type than its field's. */
export function mismatch(value: unknown, type: FieldType, path: string, place: Place): DecodeError {
  const field = place.field.slice(place.field.lastIndexOf('.') + 1);
  const wanted = goType(type, place.struct, field);
  return new DecodeError(wrongType(value, { ...place, type: wanted }), path);
}

export function wrongType(value: unknown, place: Place & { readonly type: string }): string {
  const { struct, field, type } = place;
  return `json: cannot unmarshal ${describe(value)} into Go struct field ${struct}.${field} of type ${type}`;
}

/** What Go makes of null in a list or a map. */
export function zeroOf(element: FieldType): unknown {
  if (element.shape === 'list') return [];
  if (element.shape !== 'scalar') return {};
  if (element.name === 'bool') return false;
  if (element.name === 'Quantity') return '0';
  return element.name === 'int32' || element.name === 'int64' ? 0 : '';
}

const RANGES: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** A text, a number, a quantity … as a field has it. Throws DecodeError. */
export function scalar(value: unknown, field: FieldType, path: string, place: Place): unknown {
  const wrong = (): DecodeError => mismatch(value, field, path, place);
  const type = field.name;
  switch (type) {
    case 'Object':
      demandJson(value);
      return copyOf(value);
    case 'bool':
      if (typeof value !== 'boolean') throw wrong();
      return value;
    case 'int32':
    case 'int64':
      if (typeof value !== 'number' || !isWhole(value, RANGES[type] ?? 0)) throw wrong();
      return value;
    case 'Quantity':
      return quantity(value, path);
    case 'IntOrString':
      if (typeof value !== 'string' && !(typeof value === 'number' && isWhole(value, 2 ** 31))) {
        throw wrong();
      }
      return value;
    default:
      if (typeof value !== 'string') throw wrong();
      return type === 'string' ? value : formatted(value, type, path);
  }
}

function isWhole(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= -limit && value < limit;
}

/** Up to three digits, and a suffix: that is canonical. */
const CANONICAL = /^[1-9]\d{0,2}(?:[KMGTPE]i|[numkMGTPE])?$/;

function quantity(value: unknown, path: string): string {
  if (typeof value === 'string' && CANONICAL.test(value)) return value;
  const text = typeof value === 'number' ? numberText(value) : value;
  const read = typeof text === 'string' ? parseQuantity(text) : undefined;
  if (!read) throw new DecodeError(QUANTITY_ERROR, path);
  return formatQuantity(read);
}

/** As JSON has it, without the `+` that Go's own form does not take either. */
function numberText(value: number): string {
  return String(value).replace('e+', 'e');
}

function formatted(value: string, type: string, path: string): string {
  if (type === 'Bytes') return base64(value, path);
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  if (pattern.test(value) && !Number.isNaN(new Date(value).getTime())) return value;
  throw new DecodeError(
    `parsing time ${quoted(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted(value)} as "2006"`,
    path,
  );
}

function base64(value: string, path: string): string {
  const text = value.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/]/.exec(text.replace(/={1,2}$/, ''));
  if (!bad && text.length % 4 === 0) return text;
  throw new DecodeError(
    `illegal base64 data at input byte ${bad?.index ?? Math.max(text.length - (text.length % 4), 0)}`,
    path,
  );
}
