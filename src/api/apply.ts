import { inElementOrder } from './element-order.ts';
import { copyOf, deepEqual, setOwn } from './freeze.ts';
import type { FieldType } from './schema/field.ts';
import type { NewObject } from './store.ts';
import { fieldOf, isPlain, own, type Plain, structOf } from './strategic.ts';

/** Where kubectl apply keeps what it was given last. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What is applied, with the annotation about itself: as it was given, nothing filled in, in its namespace. Models kubectl's
 * GetModifiedConfiguration.
 */
export function modifiedConfiguration(document: Plain, namespace: string | undefined): Plain {
  const given = copyOf(document);
  const metadata = isPlain(given['metadata']) ? given['metadata'] : {};
  const annotations = isPlain(metadata['annotations']) ? { ...metadata['annotations'] } : {};
  delete annotations[LAST_APPLIED];
  const place = { ...metadata, ...(namespace !== undefined && { namespace }) };
  const text = goJson(sorted({ ...given, metadata: { ...place, annotations } }));
  const noted = { ...annotations, [LAST_APPLIED]: `${text}\n` };
  return { ...given, metadata: { ...place, annotations: noted } };
}

/** An object to be made with the annotation of what is applied. */
export function withLastApplied(object: NewObject, modified: Plain): NewObject {
  const { annotations } = modified['metadata'] as { annotations: Record<string, string> };
  const metadata = { ...object.metadata };
  metadata.annotations = {
    ...metadata.annotations,
    [LAST_APPLIED]: annotations[LAST_APPLIED] ?? '',
  };
  return { ...object, metadata };
}

/** As Go writes JSON. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What was applied to an object last; empty when it was made in another way. */
export function lastApplied(object: Plain): Plain {
  const metadata = object['metadata'] as { annotations?: Record<string, string> } | undefined;
  const text = metadata?.annotations?.[LAST_APPLIED];
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) ? value : {};
  } catch {
    return {};
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlain(value)) return value;
  const out: Plain = {};
  for (const key of Object.keys(value).sort()) setOwn(out, key, sorted(value[key]));
  return out;
}

/**
 * Three-way merge: what was applied last and is not any more goes, what is applied is set, and what others set stays. Lists
 * merge by their keys. Models CreateThreeWayMergePatch of apimachinery's util/strategicpatch.
 */
export function threeWayMerge(current: Plain, last: Plain, wanted: Plain, type?: string): Plain {
  const out: Plain = { ...current };
  for (const key of Object.keys(last)) {
    if (own(wanted, key) === undefined) delete out[key];
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) delete out[key];
    else if (value !== undefined) {
      setOwn(out, key, merged(own(current, key), own(last, key), value, fieldOf(type, key)));
    }
  }
  return out;
}

function merged(
  current: unknown,
  last: unknown,
  wanted: unknown,
  field: FieldType | undefined,
): unknown {
  if (isPlain(wanted)) {
    const [now, before] = [isPlain(current) ? current : {}, isPlain(last) ? last : {}];
    return mergedStruct(now, before, wanted, field);
  }
  if (!Array.isArray(wanted) || field?.mergeKey === undefined || !Array.isArray(current)) {
    return copyOf(wanted);
  }
  const before: unknown[] = Array.isArray(last) ? last : [];
  if (field.mergeKey === '') return mergedValues(current, before, wanted);
  return mergedEntries(current, before, wanted, { ...field, mergeKey: field.mergeKey });
}

/** Where a patch has anything to say of it, it says which fields there may be. */
function mergedStruct(
  now: Plain,
  before: Plain,
  wanted: Plain,
  field: FieldType | undefined,
): Plain {
  const merged = threeWayMerge(now, before, wanted, structOf(field));
  return field?.retainKeys && !deepEqual(merged, now) ? pickKeys(merged, wanted) : merged;
}

function mergedValues(current: unknown[], last: unknown[], wanted: unknown[]): unknown[] {
  const others = current.filter((one) => !has(last, one) && !has(wanted, one));
  return inElementOrder([...wanted, ...others], wanted, current, (entry) => entry);
}

function has(list: readonly unknown[], value: unknown): boolean {
  return list.some((one) => deepEqual(one, value));
}

function mergedEntries(
  current: readonly unknown[],
  last: readonly unknown[],
  wanted: readonly unknown[],
  field: FieldType & { mergeKey: string },
): unknown[] {
  const { mergeKey } = field;
  const find = (list: readonly unknown[], key: unknown): Plain | undefined =>
    list.filter(isPlain).find((one) => own(one, mergeKey) === key);
  const entries = wanted.map((entry) => {
    if (!isPlain(entry)) return copyOf(entry);
    const key = own(entry, mergeKey);
    const now = find(current, key);
    if (!now) return copyOf(entry);
    return mergedStruct(now, find(last, key) ?? {}, entry, field);
  });
  const others = current.filter((one) => {
    const key = isPlain(one) ? own(one, mergeKey) : one;
    return !find(wanted, key) && !find(last, key);
  });
  const key = (entry: unknown): unknown => (isPlain(entry) ? own(entry, mergeKey) : entry);
  return inElementOrder([...entries, ...others], wanted, current, key);
}

function pickKeys(object: Plain, like: Plain): Plain {
  return Object.fromEntries(Object.entries(object).filter(([key]) => Object.hasOwn(like, key)));
}
