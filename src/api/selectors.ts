import type { DeepReadonly } from '../base/index.ts';
import { ApiError } from './api-error.ts';
import { kindInfo } from './kinds.ts';
import type { StoredObject } from './objects.ts';
import type { LabelSelector } from './types.ts';

/** Which objects of a kind. */
export interface ListOptions {
  /** Default: all. */
  readonly namespace?: string | undefined;
  /** `app=a,tier in (x, y),!old`. */
  readonly labelSelector?: string | undefined;
  /** `metadata.name=a,spec.nodeName!=n`. */
  readonly fieldSelector?: string | undefined;
}

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** Whether an object is one of those asked for. Throws ApiError BadRequest for a selector that cannot be read. */
export function selects(kind: string, options: ListOptions): (object: StoredObject) => boolean {
  const { namespace, labelSelector, fieldSelector } = options;
  const labels = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  const fields = fieldSelector ? parseFieldSelector(fieldSelector) : undefined;
  const inNamespace = namespace !== undefined && namespace !== '' && kindInfo(kind).namespaced;
  return (object) =>
    (!inNamespace || object.metadata.namespace === namespace) &&
    (!labels || labels(object.metadata.labels ?? {})) &&
    (!fields || fields(object));
}

/** Reads a label selector in its text form. Models apimachinery's labels.Parse. */
export function parseLabelSelector(text: string): Test {
  const tests = splitOutsideParentheses(text).map((part) => labelTest(part.trim(), text));
  return (labels) => tests.every((test) => test(labels));
}

const KEY = '([A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)';
const SET = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(`^${KEY}\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`);
const PRESENCE = new RegExp(`^(!?)\\s*${KEY}$`);

function labelTest(part: string, whole: string): Test {
  const set = SET.exec(part);
  if (set) {
    const values = new Set((set[3] ?? '').split(',').map((value) => value.trim()));
    return membership(set[1] ?? '', values, set[2] === 'in');
  }
  const equality = EQUALITY.exec(part);
  if (equality)
    return membership(equality[1] ?? '', new Set([equality[3] ?? '']), equality[2] !== '!=');
  const presence = PRESENCE.exec(part);
  if (!presence)
    throw ApiError.badRequest(
      `unable to parse requirement: couldn't parse the selector string "${whole}"`,
    );
  const [key, wanted] = [presence[2] ?? '', presence[1] === ''];
  return (labels) => Object.hasOwn(labels, key) === wanted;
}

function membership(key: string, values: ReadonlySet<string>, wanted: boolean): Test {
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? !wanted : values.has(value) === wanted;
  };
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

/** Whether labels match a selector as objects have it. An empty one matches everything, none nothing. */
export function matchesLabels(
  selector: DeepReadonly<LabelSelector> | undefined,
  labels: Labels = {},
): boolean {
  if (!selector) return false;
  const exact = Object.entries(selector.matchLabels ?? {});
  if (!exact.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) {
    return false;
  }
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const there = Object.hasOwn(labels, key);
    if (operator === 'Exists') return there;
    if (operator === 'DoesNotExist') return !there;
    const among = there && values.includes(labels[key] ?? '');
    return operator === 'In' ? among : operator === 'NotIn' && !among;
  });
}

function parseFieldSelector(text: string): (object: StoredObject) => boolean {
  const tests = text.split(',').map((part) => {
    const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (!match) {
      throw ApiError.badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    }
    const [, path = '', operator, value = ''] = match;
    return (object: StoredObject) => (fieldAt(object, path) === value) === (operator !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}

function fieldAt(object: StoredObject, path: string): string {
  let value: unknown = object;
  for (const name of path.split('.')) {
    const there = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = there ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}
