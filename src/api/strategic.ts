import { ApiError } from './api-error.ts';
import { type Identify, inElementOrder } from './element-order.ts';
import { copyOf, deepEqual, setOwn } from './freeze.ts';
import { type FieldType, parseField } from './schema/field.ts';
import { schemas } from './schema/registry.ts';

export type Plain = Record<string, unknown>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type of a field of a type; undefined where there is no schema: it merges as plain JSON. */
export function fieldOf(type: string | undefined, field: string): FieldType | undefined {
  const fields = type === undefined ? undefined : schemas[type];
  const text = fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
  return text === undefined ? undefined : parseField(text);
}

/** The type's name of a struct that a field holds, or that its entries are. */
export function structOf(field: FieldType | undefined): string | undefined {
  const inner = field?.shape === 'list' ? field.element : field;
  return inner?.shape === 'struct' ? inner.name : undefined;
}

/** Merge patch. Models RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return copyOf(patch);
  const out: Plain = isPlain(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else setOwn(out, key, mergePatch(own(out, key), value));
  }
  return out;
}

export function own(object: Plain, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: lists merge by their keys, `$patch: delete | replace`, `$deleteFromPrimitiveList/…`, `$retainKeys`.
 * Throws ApiError BadRequest for an entry without its key, and for a directive that is none. Models apimachinery's util/strategicpatch.
 */
export function strategicPatch(target: Plain, patch: Plain, type: string | undefined): Plain {
  const directive = own(patch, DIRECTIVE);
  if (directive === 'replace') return copyOf(without(patch));
  if (directive === 'delete') return {};
  if (directive !== undefined) throw badDirective(patch);
  const out = retained(target, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) removeValues(out, key.slice(DELETE_FROM.length), value);
    else if (value === null) delete out[key];
    else if (!key.startsWith('$')) put(out, key, value, type);
  }
  for (const [key, value] of Object.entries(patch)) {
    const name = key.slice(ORDER.length);
    if (key.startsWith(ORDER)) reorder(out, name, value, { live: own(target, name), type });
  }
  return out;
}

function badDirective(patch: Plain): ApiError {
  const given = patch[DIRECTIVE];
  const type = typeof given === 'string' ? given : JSON.stringify(given);
  return ApiError.badRequest(`unknown patch type: ${type} in map: ${JSON.stringify(patch)}`);
}

/** What `$retainKeys` leaves. It has to name all that the patch sets. */
function retained(target: Plain, patch: Plain): Plain {
  const keys = own(patch, RETAIN);
  if (keys === undefined) return { ...target };
  const set = Object.entries(patch).filter(([key, value]) => value !== null && key[0] !== '$');
  if (!Array.isArray(keys) || set.some(([key]) => !keys.includes(key))) {
    throw ApiError.badRequest('invalid patch format of retainKeys');
  }
  return pick(target, keys);
}

/** Where there is nothing like it yet, the value is taken as it is, without the patch's own marks. */
function put(out: Plain, key: string, value: unknown, type: string | undefined): void {
  const old = own(out, key);
  const alike = isPlain(value) ? isPlain(old) : Array.isArray(value) && Array.isArray(old);
  const now = alike ? patched(old, value, type, key) : withoutDirectives(value);
  if (now === undefined) delete out[key];
  else setOwn(out, key, now);
}

/** Undefined for what is nothing but a mark. Models removeDirectives. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((one) => one !== undefined);
  if (!isPlain(value)) return value;
  if (own(value, DIRECTIVE) !== undefined) return undefined;
  const out: Plain = {};
  for (const [key, inner] of Object.entries(without(value))) {
    const kept = withoutDirectives(inner);
    if (kept !== undefined) setOwn(out, key, kept);
  }
  return out;
}

function patched(old: unknown, value: unknown, type: string | undefined, key: string): unknown {
  const field = fieldOf(type, key);
  if (isPlain(value)) return strategicPatch(isPlain(old) ? old : {}, value, structOf(field));
  if (!Array.isArray(value) || field?.mergeKey === undefined) return copyOf(value);
  const list = Array.isArray(old) ? old : [];
  if (field.mergeKey === '') {
    return inElementOrder([...new Set([...list, ...value])], value, list, (entry) => entry);
  }
  return mergeLists(list, value, field.mergeKey, structOf(field), key);
}

function mergeLists(
  old: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  type: string | undefined,
  name: string,
): unknown[] {
  const entries = patch.filter(isPlain);
  for (const entry of entries) demandDirective(entry);
  if (entries.some((entry) => entry[DIRECTIVE] === 'replace')) {
    return copyOf(entries.filter((entry) => own(entry, DIRECTIVE) === undefined));
  }
  const out = [...old];
  for (const entry of entries) {
    const key = entry[mergeKey];
    if (key === undefined) {
      throw ApiError.badRequest(
        `map: ${JSON.stringify(entry)} does not contain declared merge key: ${mergeKey} (${name})`,
      );
    }
    const at = out.findIndex((one) => isPlain(one) && one[mergeKey] === key);
    if (entry[DIRECTIVE] === 'delete') {
      if (at >= 0) out.splice(at, 1);
      continue;
    }
    const before = out[at];
    if (isPlain(before)) out[at] = strategicPatch(before, entry, type);
    else out.push(withoutDirectives(entry));
  }
  return inElementOrder(out, entries, old, by(mergeKey));
}

function demandDirective(entry: Plain): void {
  const directive = own(entry, DIRECTIVE);
  if (directive === 'merge') {
    throw ApiError.badRequest('merging lists cannot yet be specified in the patch');
  }
  if (directive !== undefined && directive !== 'delete' && directive !== 'replace') {
    throw badDirective(entry);
  }
}

function by(mergeKey: string): Identify {
  return (entry) => (isPlain(entry) && mergeKey !== '' ? entry[mergeKey] : entry);
}

function reorder(
  out: Plain,
  name: string,
  order: unknown,
  { live, type }: { readonly live: unknown; readonly type: string | undefined },
): void {
  const list = own(out, name);
  const key = fieldOf(type, name)?.mergeKey;
  if (!Array.isArray(list) || !Array.isArray(order) || key === undefined) return;
  out[name] = inElementOrder(list, order, Array.isArray(live) ? live : [], by(key));
}

function removeValues(out: Plain, name: string, values: unknown): void {
  const list = own(out, name);
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  out[name] = list.filter((one) => !values.some((value) => deepEqual(one, value)));
}

function pick(target: Plain, keys: readonly unknown[]): Plain {
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

/** A patch's own marks are not part of what it sets. */
function without(patch: Plain): Plain {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}
