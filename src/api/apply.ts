import { inElementOrder } from './element-order.ts';
import { copyOf, deepEqual, setOwn } from './freeze.ts';
import type { FieldType } from './schema/field.ts';
import { fieldOf, isPlain, own, type Plain, structOf } from './strategic.ts';

/** Where kubectl apply keeps what it was given last. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object with that annotation about itself. */
export function withLastApplied(object: Plain): Plain {
  const metadata = isPlain(object['metadata']) ? object['metadata'] : {};
  const given = isPlain(metadata['annotations']) ? { ...metadata['annotations'] } : {};
  delete given[LAST_APPLIED];
  const plain = { ...object, metadata: { ...metadata, annotations: given } };
  const text = `${JSON.stringify(sorted(plain))}\n`;
  const annotations = { ...given, [LAST_APPLIED]: text };
  return { ...object, metadata: { ...metadata, annotations } };
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
    return threeWayMerge(now, before, wanted, structOf(field));
  }
  if (!Array.isArray(wanted) || field?.mergeKey === undefined || !Array.isArray(current)) {
    return copyOf(wanted);
  }
  const before: unknown[] = Array.isArray(last) ? last : [];
  if (field.mergeKey === '') return mergedValues(current, before, wanted);
  return mergedEntries(current, before, wanted, { ...field, mergeKey: field.mergeKey });
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
  const { mergeKey, retainKeys } = field;
  const find = (list: readonly unknown[], key: unknown): Plain | undefined =>
    list.filter(isPlain).find((one) => own(one, mergeKey) === key);
  const entries = wanted.map((entry) => {
    if (!isPlain(entry)) return copyOf(entry);
    const key = own(entry, mergeKey);
    const now = find(current, key);
    if (!now) return copyOf(entry);
    const kept = retainKeys ? pickKeys(now, entry) : now;
    return threeWayMerge(kept, find(last, key) ?? {}, entry, structOf(field));
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
