import type { ApiServer } from '../../../src/api/index.ts';
import { type Rules, refusals, server } from './refusals.ts';

/** A manifest of a kind, with fields replaced; `undefined` takes one away. */
export type Fields = Readonly<Record<string, unknown>>;

/** How objects of one kind are made here, and what is said of them. */
export interface Subject {
  /** What is said of a new one with such fields. */
  create(fields: Fields, rules?: Rules): string[];
  /** What is said when one, once stored, is replaced by another. */
  update(before: Fields, now: Fields, options?: UpdateOptions): string[];
}

export interface UpdateOptions extends Rules {
  readonly subresource?: 'status';
}

/** Objects of a kind that have a spec. `base`: a good one. */
export function subject(apiVersion: string, kind: string, base: Fields): Subject {
  const object = (fields: Fields): object => ({
    apiVersion,
    kind,
    ...(merged({ metadata: { name: 'x' }, ...base }, fields) as object),
  });
  return {
    create: (fields, rules) => refusals(() => server(rules).create(object(fields))),
    update: (before, now, { subresource, ...rules } = {}) => {
      const api = server(rules);
      api.restore(object(before));
      return refusals(() => replace(api, object(now), subresource));
    },
  };
}

function replace(api: ApiServer, object: object, subresource: 'status' | undefined): void {
  api.replace(object as never, subresource ? { subresource } : {});
}

/** Objects are merged, field by field; anything else replaces what was there. */
function merged(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  const keys = new Set([...Object.keys(base), ...Object.keys(change)]);
  const entries = [...keys].map((key) => {
    return [key, Object.hasOwn(change, key) ? merged(base[key], change[key]) : base[key]] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
