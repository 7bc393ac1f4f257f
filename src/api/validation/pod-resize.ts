import { isSidecar } from '../defaults/pod.ts';
import { qosClass } from '../defaults/qos.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { Container, Pod, PodSpec } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import {
  removes,
  resourcesWithoutCompute,
  validateContainerResize,
  withoutCompute,
} from './resized-container.ts';
import { semanticEqual } from './semantic-equal.ts';

/** Pods that are not resized at all, of which nothing else is said. True: this is one. */
export function refusesResize(
  errors: FieldErrors,
  pod: Pod,
  old: Pod,
  rules: VersionRules,
): boolean {
  const what = notResized(pod, old, rules);
  // The root of an object is printed so.
  if (what) errors.forbidden('[]', `${what} cannot be resized`);
  return what !== undefined;
}

function notResized(pod: Pod, old: Pod, rules: VersionRules): string | undefined {
  if (rules.before('1.35') && asksAsWhole(pod, old)) return 'pods with pod-level resources';
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return 'static pods';
  return old.spec.os?.name === 'windows' ? 'windows pods' : undefined;
}

function asksAsWhole(...pods: Pod[]): boolean {
  return pods.some(({ spec: { resources: { requests = {}, limits = {} } = {} } }) => {
    return Object.keys(requests).length + Object.keys(limits).length > 0;
  });
}

/** What the resources of a running Pod may become: cpu and memory only. Models ValidatePodResize. */
export function validatePodResize(
  errors: FieldErrors,
  pod: Pod,
  old: Pod,
  rules: VersionRules,
): void {
  if (qosClass(pod.spec) !== (old.status?.qosClass ?? qosClass(old.spec))) {
    const detail = 'Pod QOS Class may not change as a result of resizing';
    errors.invalid('spec', pod.status?.qosClass ?? '', detail);
  }
  if (asksAsWhole(pod, old) && !validateWhole(errors, pod.spec, old.spec, rules)) return;
  if (rules.atLeast('1.33') && !keepsContainers(errors, pod.spec, old.spec)) return;
  const context = { errors, rules, old: old.spec };
  validateAmounts(pod.spec, context);
  pod.spec.containers.forEach((now, index) => {
    const before = old.spec.containers[index] ?? now;
    if (isCompute(now, before, rules)) return;
    errors.forbidden('spec', 'only cpu and memory resources are mutable');
  });
  if (rules.atLeast('1.33')) validateInit(pod.spec, context);
}

interface ResizeContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  readonly old: PodSpec;
}

/** What a Pod asks for as a whole may change too, since 1.36 unless that is turned off. False: nothing more is looked at. */
function validateWhole(
  errors: FieldErrors,
  { resources: now }: PodSpec,
  { resources: old }: PodSpec,
  rules: VersionRules,
): boolean {
  const gate = 'InPlacePodLevelResourcesVerticalScaling';
  if (!rules.gate(gate)) {
    const detail = `resize of pods with pod-level resources is forbidden when ${gate}Enabled feature gate is disabled`;
    errors.forbidden('[]', detail);
    return false;
  }
  if (!now) {
    errors.forbidden('spec.resources', 'pod-level resources cannot be removed');
    return true;
  }
  for (const list of ['requests', 'limits'] as const) {
    if (!removes(now[list], old?.[list])) continue;
    errors.forbidden(`spec.resources.${list}`, `pod-level resource ${list} cannot be removed`);
  }
  if (!semanticEqual(resourcesWithoutCompute(now, old ?? {}, rules), old ?? {})) {
    errors.forbidden('spec', 'only cpu and memory resources are mutable at pod-level');
  }
  return true;
}

/** Models validatePodResizeContainerOrdering. */
function keepsContainers(errors: FieldErrors, now: PodSpec, old: PodSpec): boolean {
  const before = errors.count;
  for (const list of ['containers', 'initContainers'] as const) {
    const [all, others] = [now[list] ?? [], old[list] ?? []];
    if (all.length !== others.length) {
      errors.forbidden(`spec.${list}`, `${list} may not be added or removed on resize`);
      continue;
    }
    all.forEach(({ name }, index) => {
      if (name === others[index]?.name) return;
      const detail = `${list} may not be renamed or reordered on resize`;
      errors.forbidden(`spec.${list}[${index}].name`, detail);
    });
  }
  return errors.count === before;
}

function validateAmounts(spec: PodSpec, { errors, rules, old }: ResizeContext): void {
  for (const list of ['initContainers', 'containers'] as const) {
    old[list]?.forEach((before, index) => {
      if (list === 'initContainers' && (rules.before('1.33') || !canResize(before, rules))) return;
      const now = spec[list]?.[index] ?? before;
      validateContainerResize(errors, `spec.${list}[${index}].resources`, now, before, rules);
    });
  }
}

/** Of those that start a Pod, side-cars, since 1.36 all. */
function canResize(container: Container, rules: VersionRules): boolean {
  return isSidecar(container) || rules.gate('InPlacePodVerticalScalingInitContainers');
}

/** In 1.32 the policy changed along. */
function isCompute(now: Container, old: Container, rules: VersionRules): boolean {
  const rest = withoutCompute(now, old, rules);
  if (rules.version !== '1.32') return semanticEqual(rest, old);
  const { resizePolicy: _, ...others } = old;
  delete rest.resizePolicy;
  return semanticEqual(rest, others);
}

function validateInit(spec: PodSpec, { errors, rules, old }: ResizeContext): void {
  spec.initContainers?.forEach((now, index) => {
    const before = old.initContainers?.[index] ?? now;
    const changed = !semanticEqual(now, before);
    const at = `spec.initContainers[${index}]`;
    if (!canResize(now, rules)) {
      const detail = 'resources for non-sidecar init containers are immutable';
      if (changed) errors.forbidden('spec', detail);
      return;
    }
    if (!isCompute(now, before, rules)) {
      const [field, what] = rules.before('1.36') ? ['spec', ''] : [at, 'init or '];
      const detail = `only cpu and memory resources for ${what}sidecar containers are mutable`;
      errors.forbidden(field, detail);
    }
    const restarts = now.resizePolicy?.some((one) => one.restartPolicy === 'RestartContainer');
    if (!changed || isSidecar(now) || !restarts) return;
    const detail = 'with a resize policy of RestartContainer cannot be resized';
    errors.forbidden(at, `non-sidecar init containers ${detail}`);
  });
}
