import type { DeepReadonly } from '../base/index.ts';
import { parseFieldSelector } from './field-selectors.ts';
import { kindInfo } from './kinds.ts';
import { type Labels, parseLabelSelector } from './label-selectors.ts';
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

/** Whether an object is one of those asked for. Throws ApiError BadRequest for a selector that cannot be read. */
export function selects(kind: string, options: ListOptions): (object: StoredObject) => boolean {
  const { namespace, labelSelector, fieldSelector } = options;
  const labels = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  const fields = fieldSelector ? parseFieldSelector(kind, fieldSelector) : undefined;
  const inNamespace = namespace !== undefined && namespace !== '' && kindInfo(kind).namespaced;
  return (object) =>
    (!inNamespace || object.metadata.namespace === namespace) &&
    (!labels || labels(object.metadata.labels ?? {})) &&
    (!fields || fields(object));
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
