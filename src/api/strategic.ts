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

const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch: lists merge by their keys, `$patch: delete | replace`, `$deleteFromPrimitiveList/…`, `$retainKeys`.
 * Throws ApiError BadRequest for an entry without its key. Models apimachinery's util/strategicpatch.
 */
export function strategicPatch(target: Plain, patch: Plain, type: string | undefined): Plain {
  if (patch['$patch'] === 'replace') return copyOf(without(patch));
  if (patch['$patch'] === 'delete') return {};
  const retained = patch[RETAIN];
  const out: Plain = Array.isArray(retained) ? pick(target, retained) : { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) removeValues(out, key.slice(DELETE_FROM.length), value);
    else if (value === null) delete out[key];
    else if (!key.startsWith('$')) setOwn(out, key, patched(own(out, key), value, type, key));
  }
  for (const [key, value] of Object.entries(patch)) {
    const name = key.slice(ORDER.length);
    if (key.startsWith(ORDER)) reorder(out, name, value, { live: own(target, name), type });
  }
  return out;
}

function patched(old: unknown, value: unknown, type: string | undefined, key: string): unknown {
  const field = fieldOf(type, key);
  if (isPlain(value)) {
    return strategicPatch(isPlain(old) ? old : {}, value, structOf(field));
  }
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
  if (entries.some((entry) => entry['$patch'] === 'replace' && Object.keys(entry).length === 1)) {
    return copyOf(entries.filter((entry) => entry['$patch'] !== 'replace'));
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
    if (entry['$patch'] === 'delete') {
      if (at >= 0) out.splice(at, 1);
      continue;
    }
    const before = out[at];
    if (isPlain(before)) out[at] = strategicPatch(before, entry, type);
    else out.push(copyOf(without(entry)));
  }
  return inElementOrder(out, entries, old, by(mergeKey));
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
