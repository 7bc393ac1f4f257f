import { compareQuantities, type DeepReadonly, quantityMilliValue } from '../../base/index.ts';
import type { LimitRangeItem } from '../types.ts';

/** Amounts by resource. */
export type Amounts = Readonly<Record<string, string>>;

type Item = DeepReadonly<LimitRangeItem>;

/** What requests and limits break of an item, in upstream's words and order. */
export function constraintErrors(item: Item, requests: Amounts, limits: Amounts): string[] {
  return [
    ...minErrors(item, requests, limits),
    ...maxErrors(item, requests, limits),
    ...ratioErrors(item, requests, limits),
  ];
}

/** Too little is asked for. Models minConstraint. */
export function minErrors({ type, min = {} }: Item, requests: Amounts, limits: Amounts): string[] {
  return Object.entries(min).flatMap(([name, least]) => {
    const [request, limit] = [requests[name], limits[name]];
    const rule = `minimum ${name} usage per ${type} is ${least}`;
    if (request === undefined) return [`${rule}.  No request is specified`];
    if (compareQuantities(request, least) < 0) return [`${rule}, but request is ${request}`];
    if (limit === undefined || compareQuantities(limit, least) >= 0) return [];
    return [`${rule}, but limit is ${limit}`];
  });
}

/** Too much may be used. Models maxConstraint. */
export function maxErrors({ type, max = {} }: Item, requests: Amounts, limits: Amounts): string[] {
  return Object.entries(max).flatMap(([name, most]) => {
    const [request, limit] = [requests[name], limits[name]];
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    if (limit === undefined) return [`${rule}.  No limit is specified`];
    if (compareQuantities(limit, most) > 0) return [`${rule}, but limit is ${limit}`];
    if (request === undefined || compareQuantities(request, most) <= 0) return [];
    return [`${rule}, but request is ${request}`];
  });
}

/** Too much is asked for of what has no limits. Models maxRequestConstraint. */
export function maxRequestErrors({ type, max = {} }: Item, requests: Amounts): string[] {
  return Object.entries(max).flatMap(([name, most]) => {
    const request = requests[name];
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    if (request === undefined) return [`${rule}.  No request is specified`];
    return compareQuantities(request, most) > 0 ? [`${rule}, but request is ${request}`] : [];
  });
}

/** A limit is too far from its request. Models limitRequestRatioConstraint. */
function ratioErrors(
  { type, maxLimitRequestRatio = {} }: Item,
  requests: Amounts,
  limits: Amounts,
): string[] {
  return Object.entries(maxLimitRequestRatio).flatMap(([name, most]) => {
    const request = quantityMilliValue(requests[name] ?? '0');
    const limit = quantityMilliValue(limits[name] ?? '0');
    const rule = `${name} max limit to request ratio per ${type} is ${most}`;
    if (request === 0) return [`${rule}, but no request is specified or request is 0`];
    if (limit === 0) return [`${rule}, but no limit is specified or limit is 0`];
    const ratio = limit / request;
    if (ratio * 1000 <= quantityMilliValue(most)) return [];
    return [`${rule}, but provided ratio is ${ratio.toFixed(6)}`];
  });
}
