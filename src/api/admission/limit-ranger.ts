import { compareQuantities, type DeepReadonly } from '../../base/index.ts';
import { ApiError } from '../api-error.ts';
import type { Container, LimitRangeItem, PersistentVolumeClaim, Pod } from '../types.ts';
import type { AdmissionContext } from './index.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

type Item = DeepReadonly<LimitRangeItem>;
type Amounts = Readonly<Record<string, string>>;

/** What a LimitRange of the namespace asks of containers: its defaults are filled in. Throws ApiError Forbidden. Models plugin/pkg/admission/limitranger. */
export function admitPodLimits(pod: Pod, context: AdmissionContext): void {
  const items = itemsOf(pod.metadata.namespace, 'Container', context);
  if (items.length === 0) return;
  const said: string[] = [];
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  for (const item of items) {
    for (const container of containers) said.push(...fillIn(container, item));
  }
  if (said.length > 0) {
    const text = `LimitRanger plugin set: ${said.join('; ')}`;
    pod.metadata.annotations = { ...pod.metadata.annotations, [ANNOTATION]: text };
  }
  const errors = containers.flatMap(({ resources }) =>
    items.flatMap((item) => violations(item, resources?.requests ?? {}, resources?.limits ?? {})),
  );
  refuse('pods', pod.metadata.name, errors);
}

/** The smallest and the largest claim that a namespace takes. Throws ApiError Forbidden. */
export function admitClaimLimits(claim: PersistentVolumeClaim, context: AdmissionContext): void {
  const items = itemsOf(claim.metadata.namespace, 'PersistentVolumeClaim', context);
  const requests = claim.spec.resources?.requests ?? {};
  const errors = items.flatMap((item) => [
    ...tooLittle(item, requests),
    ...Object.entries(item.max ?? {}).flatMap(([name, max]) => {
      const asked = requests[name];
      if (asked === undefined || compareQuantities(asked, max) <= 0) return [];
      return [`maximum ${name} usage per ${item.type} is ${max}, but request is ${asked}`];
    }),
  ]);
  refuse('persistentvolumeclaims', claim.metadata.name, errors);
}

function itemsOf(namespace: string, type: string, { store }: AdmissionContext): Item[] {
  return store
    .list('LimitRange', { namespace })
    .flatMap(({ spec }) => spec?.limits?.filter((item) => item.type === type) ?? []);
}

/** Fills in the defaults; returns which, in upstream's words. */
function fillIn(
  container: Container,
  { defaultRequest = {}, default: limits = {} }: Item,
): string[] {
  container.resources ??= {};
  const { resources } = container;
  const set = (what: 'request' | 'limit', defaults: Amounts): string[] => {
    const field = what === 'request' ? 'requests' : 'limits';
    const missing = Object.keys(defaults).filter((name) => resources[field]?.[name] === undefined);
    if (missing.length === 0) return [];
    const added = Object.fromEntries(missing.map((name) => [name, defaults[name] ?? '0']));
    resources[field] = { ...resources[field], ...added };
    return [`${missing.sort().join(', ')} ${what} for container ${container.name}`];
  };
  return [...set('request', defaultRequest), ...set('limit', limits)];
}

function violations(item: Item, requests: Amounts, limits: Amounts): string[] {
  return [...tooLittle(item, requests), ...tooMuch(item, limits)];
}

function tooLittle({ type, min = {} }: Item, requests: Amounts): string[] {
  return Object.entries(min).flatMap(([name, least]) => {
    const asked = requests[name];
    const rule = `minimum ${name} usage per ${type} is ${least}`;
    if (asked === undefined) return [`${rule}.  No request is specified`];
    return compareQuantities(asked, least) < 0 ? [`${rule}, but request is ${asked}`] : [];
  });
}

function tooMuch({ type, max = {} }: Item, limits: Amounts): string[] {
  return Object.entries(max).flatMap(([name, most]) => {
    const limit = limits[name];
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    if (limit === undefined) return [`${rule}.  No limit is specified`];
    return compareQuantities(limit, most) > 0 ? [`${rule}, but limit is ${limit}`] : [];
  });
}

function refuse(resource: string, name: string | undefined, errors: readonly string[]): void {
  const different = [...new Set(errors)];
  if (different.length === 0) return;
  const text = different.length === 1 ? different[0] : `[${different.join(', ')}]`;
  throw ApiError.forbidden(resource, name ?? '', text ?? '');
}
