import { type DeepReadonly, formatQuantity } from '../../base/index.ts';
import { ApiError } from '../api-error.ts';
import { podTotal } from '../quota.ts';
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from '../types.ts';
import type { AdmissionContext } from './index.ts';
import {
  type Amounts,
  constraintErrors,
  maxRequestErrors,
  minErrors,
} from './limit-constraints.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

type Item = DeepReadonly<LimitRangeItem>;
type Range = DeepReadonly<LimitRange>;

/** Fills in what containers do not say. Models plugin/pkg/admission/limitranger. */
export function fillInLimits(pod: Pod, context: AdmissionContext): void {
  for (const range of rangesOf(pod.metadata.namespace, context)) fillInPod(pod, range);
}

/** Holds containers and the Pod to what the namespace's LimitRanges ask. Throws ApiError Forbidden. */
export function admitPodLimits(pod: Pod, context: AdmissionContext): void {
  for (const range of rangesOf(pod.metadata.namespace, context)) {
    refuse('pods', pod.metadata.name, podErrors(pod, range));
  }
}

/** The smallest and the largest claim that a namespace takes. Throws ApiError Forbidden. */
export function admitClaimLimits(claim: PersistentVolumeClaim, context: AdmissionContext): void {
  const requests = claim.spec.resources?.requests ?? {};
  for (const range of rangesOf(claim.metadata.namespace, context)) {
    const errors = itemsOf(range, 'PersistentVolumeClaim').flatMap((item) => [
      ...minErrors(item, requests, {}),
      ...maxRequestErrors(item, requests),
    ]);
    refuse('persistentvolumeclaims', claim.metadata.name, errors);
  }
}

function rangesOf(namespace: string, { store }: AdmissionContext): Range[] {
  return store.list('LimitRange', { namespace });
}

function itemsOf({ spec }: Range, type: string): Item[] {
  return spec?.limits?.filter((item) => item.type === type) ?? [];
}

function fillInPod({ metadata, spec }: Pod, range: Range): void {
  const said: string[] = [];
  for (const item of itemsOf(range, 'Container')) {
    for (const container of spec.containers) said.push(...fillIn('container', container, item));
    for (const container of spec.initContainers ?? []) {
      said.push(...fillIn('init container', container, item));
    }
  }
  if (said.length === 0) return;
  const text = `LimitRanger plugin set: ${said.join('; ')}`;
  metadata.annotations = { ...metadata.annotations, [ANNOTATION]: text };
}

/** Fills in the defaults; returns which, in upstream's words. */
function fillIn(
  what: string,
  container: Container,
  { defaultRequest = {}, default: limits = {} }: Item,
): string[] {
  container.resources ??= {};
  const { resources } = container;
  const set = (list: 'requests' | 'limits', defaults: Amounts): string[] => {
    const missing = Object.keys(defaults).filter((name) => resources[list]?.[name] === undefined);
    if (missing.length === 0) return [];
    const added = Object.fromEntries(missing.map((name) => [name, defaults[name] ?? '0']));
    resources[list] = { ...resources[list], ...added };
    return [`${missing.sort().join(', ')} ${list.slice(0, -1)} for ${what} ${container.name}`];
  };
  return [...set('requests', defaultRequest), ...set('limits', limits)];
}

function podErrors({ spec }: Pod, range: Range): string[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const ofContainers = itemsOf(range, 'Container').flatMap((item) =>
    containers.flatMap(({ resources }) =>
      constraintErrors(item, resources?.requests ?? {}, resources?.limits ?? {}),
    ),
  );
  const ofPod = itemsOf(range, 'Pod').flatMap((item) =>
    constraintErrors(item, podAmounts(spec, 'requests'), podAmounts(spec, 'limits')),
  );
  return [...ofContainers, ...ofPod];
}

function podAmounts(spec: Pod['spec'], list: 'requests' | 'limits'): Amounts {
  const amounts = [...podTotal(spec, list)];
  return Object.fromEntries(amounts.map(([name, amount]) => [name, formatQuantity(amount)]));
}

function refuse(resource: string, name: string | undefined, errors: readonly string[]): void {
  const different = [...new Set(errors)];
  if (different.length === 0) return;
  const text = different.length === 1 ? different[0] : `[${different.join(', ')}]`;
  throw ApiError.forbidden(resource, name ?? '', text ?? '');
}
