import { quoted } from '../base/index.ts';
import { ApiError } from './api-error.ts';
import {
  DecodeError,
  mismatch,
  NOWHERE,
  type Place,
  scalar,
  wrongType,
  zeroOf,
} from './decode-scalar.ts';
import { copyOf, setOwn } from './freeze.ts';
import { fieldSince } from './gates.ts';
import { describe } from './go-types.ts';
import { demandJson } from './plain-json.ts';
import { type FieldType, parseField } from './schema/field.ts';
import { schemas } from './schema/registry.ts';
import type { NewObject } from './store.ts';
import type { VersionRules } from './versions.ts';

/** What is done about fields that the schema does not have. Models kubectl's `--validate`. */
export type FieldValidation = 'strict' | 'warn' | 'ignore';

interface Field extends FieldType {
  readonly element?: Field;
  readonly struct?: Struct | undefined;
}

interface Struct {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Parts that are no pointers in Go. */
  readonly filled: readonly (readonly [name: string, field: Field])[];
}

export interface DecodeOptions {
  /** Default `strict`. */
  readonly validation?: FieldValidation | undefined;
  /** Told of what a strict decoding would refuse. */
  readonly warn?: ((message: string) => void) | undefined;
  /** What was found in the text already. */
  readonly strict?: readonly string[];
}

/** What one decoding finds. */
interface Run {
  readonly unknown: string[];
  /** Whether it keeps in mind where it is. Most objects are good, so the first time it does not. */
  readonly places: boolean;
}

/**
 * Reads objects by the schemas: a deep copy with canonical quantities, without what is null. Kinds without a schema are
 * copied as they are. Models apimachinery's runtime/serializer/json.
 */
export class Decoder {
  readonly #rules: VersionRules;
  readonly #structs = new Map<string, Struct>();

  constructor(rules: VersionRules) {
    this.#rules = rules;
  }

  /**
   * Throws ApiError BadRequest for what is no object, has no kind or apiVersion, has a field of a wrong type, or (strict) one
   * that the schema does not have. `warn` is called with the text of the latter otherwise.
   */
  decode(input: unknown, options: DecodeOptions = {}): NewObject {
    const { validation = 'strict', warn, strict = [] } = options;
    const { apiVersion, kind } = typeMeta(input);
    let run: Run = { unknown: [], places: false };
    let object = this.#tried(input as object, kind, apiVersion, run);
    if (object === undefined || run.unknown.length > 0) {
      demandJson(input);
      run = { unknown: [], places: true };
      object = this.#read(input as object, kind, apiVersion, run);
    }
    const texts = [...strict, ...run.unknown.map((path) => `unknown field ${quoted(path)}`)];
    if (texts.length > 0 && validation === 'strict') {
      throw handled(kind, apiVersion, `strict decoding error: ${texts.join(', ')}`);
    }
    if (texts.length > 0 && validation === 'warn') warn?.(texts.join(', '));
    const { metadata } = object;
    if (metadata === undefined) object['metadata'] = {};
    else if (!isObject(metadata))
      throw handled(
        kind,
        apiVersion,
        wrongType(metadata, { struct: kind, field: 'metadata', type: 'v1.ObjectMeta' }),
        'metadata',
      );
    return object as unknown as NewObject;
  }

  /** Undefined when something is wrong with it. */
  #tried(
    input: object,
    kind: string,
    apiVersion: string,
    run: Run,
  ): Record<string, unknown> | undefined {
    if (!Object.hasOwn(schemas, kind)) return undefined;
    try {
      return this.#read(input, kind, apiVersion, run);
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  #read(input: object, kind: string, apiVersion: string, run: Run): Record<string, unknown> {
    try {
      return Object.hasOwn(schemas, kind)
        ? this.#struct(input, this.#structOf(kind), '', '', run)
        : this.#withoutSchema(input, run);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw handled(kind, apiVersion, error.message, error.path);
    }
  }

  /** Only the metadata of such a kind is looked at: it has what every object has. */
  #withoutSchema(input: object, run: Run): Record<string, unknown> {
    const { metadata, ...rest } = input as Record<string, unknown>;
    const object = copyOf(rest);
    if (metadata === null || metadata === undefined) return object;
    if (!isObject(metadata)) return { ...object, metadata };
    const struct = this.#structOf('ObjectMeta');
    object['metadata'] = this.#struct(metadata, struct, 'metadata', 'metadata', run);
    return object;
  }

  /** `path` has the indexes that strict errors show, `goPath` is as Go's JSON shows it. */
  #struct(
    value: object,
    struct: Struct,
    path: string,
    goPath: string,
    run: Run,
  ): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      const field = struct.fields.get(name);
      const at = joined(path, name, run);
      if (!field) {
        run.unknown.push(at);
        continue;
      }
      const given = (value as Record<string, unknown>)[name];
      if (given === null || given === undefined) continue;
      const place = run.places
        ? { struct: struct.name, field: joined(goPath, name, run) }
        : NOWHERE;
      out[name] = this.#value(given, field, at, place, run);
    }
    if (struct.filled.length > 0) this.#fill(out, struct);
    return out;
  }

  /** In Go a part that is no pointer is there, empty, although nobody gave it. */
  #fill(out: Record<string, unknown>, { filled }: Struct): void {
    for (const [name, { shape, name: type }] of filled) {
      if (out[name] !== undefined) continue;
      if (shape === 'list') out[name] = [];
      else if (shape === 'map') out[name] = {};
      else {
        const part: Record<string, unknown> = {};
        this.#fill(part, this.#structOf(type));
        out[name] = part;
      }
    }
  }

  #value(value: unknown, field: Field, path: string, place: Place, run: Run): unknown {
    if (field.shape === 'scalar') return scalar(value, field, path, place);
    if (field.shape === 'list') return this.#list(value, field, path, place, run);
    if (field.shape === 'map') return this.#map(value, field, path, place, run);
    if (!isObject(value)) throw mismatch(value, field, path, place);
    return this.#struct(value, this.#structOf(field.name), path, place.field, run);
  }

  #list(value: unknown, field: Field, path: string, place: Place, run: Run): unknown[] {
    const { element } = field;
    if (!Array.isArray(value) || !element) throw mismatch(value, field, path, place);
    return value.map((item, index) => {
      const given = item === null || item === undefined ? zeroOf(element) : item;
      return this.#value(given, element, run.places ? `${path}[${index}]` : '', place, run);
    });
  }

  #map(value: unknown, field: Field, path: string, place: Place, run: Run): object {
    const { element } = field;
    if (!isObject(value) || !element) throw mismatch(value, field, path, place);
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      const given = item === null ? zeroOf(element) : item;
      setOwn(out, key, this.#value(given, element, joined(path, key, run), place, run));
    }
    return out;
  }

  #structOf(name: string): Struct {
    const known = this.#structs.get(name);
    if (known) return known;
    const fields = new Map<string, Field>();
    for (const [field, text] of Object.entries(schemas[name] ?? {})) {
      const since = fieldSince[`${name}.${field}`];
      if (since === undefined || this.#rules.atLeast(since)) fields.set(field, parseField(text));
    }
    const shown = name === 'NamespacedObjectMeta' || name === 'TemplateMeta' ? 'ObjectMeta' : name;
    const filled = [...fields].filter(([field, { shape, required }]) => {
      return required && shape !== 'scalar' && field !== 'metadata' && field !== 'status';
    });
    const struct = { name: shown, fields, filled };
    this.#structs.set(name, struct);
    return struct;
  }
}

function joined(path: string, name: string, run: Run): string {
  if (!run.places) return '';
  return path === '' ? name : `${path}.${name}`;
}

function typeMeta(input: unknown): { apiVersion: string; kind: string } {
  if (!isObject(input)) {
    throw ApiError.badRequest(
      `json: cannot unmarshal ${describe(input)} into Go value of type map[string]interface {}`,
    );
  }
  const { apiVersion, kind } = input as { apiVersion?: unknown; kind?: unknown };
  if (typeof kind !== 'string' || kind === '') {
    throw ApiError.badRequest(`Object 'Kind' is missing in '${shortJson(input)}'`);
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    throw ApiError.badRequest(`Object 'apiVersion' is missing in '${shortJson(input)}'`);
  }
  if (apiVersion.split('/').length > 2) {
    throw ApiError.badRequest(`unexpected GroupVersion string: ${apiVersion}`);
  }
  return { apiVersion, kind };
}

/** In the server's words. They do not always say which field it is, so the cause does. */
function handled(kind: string, apiVersion: string, message: string, field?: string): ApiError {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const text = `${kind} in version ${quoted(version)} cannot be handled as a ${kind}: ${message}`;
  const cause = field === undefined ? [] : [{ field, reason: 'FieldValueInvalid', message }];
  return new ApiError('BadRequest', text, cause);
}

function shortJson(value: object): string {
  demandJson(value);
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
