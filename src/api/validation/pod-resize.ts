import { compareQuantities } from '../../base/index.ts';
import { qosClass } from '../defaults/qos.ts';
import type { FieldErrors } from '../field-errors.ts';
import { copyOf } from '../freeze.ts';
import type { Container, Pod, ResourceRequirements } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { semanticEqual } from './semantic-equal.ts';

/** What the resources of a running Pod may become: cpu and memory only. Models ValidatePodResize. */
export function validatePodResize(
  errors: FieldErrors,
  pod: Pod,
  old: Pod,
  rules: VersionRules,
): void {
  if ([pod, old].some(({ spec }) => hasAmounts(spec.resources))) {
    return errors.forbidden('[]', 'pods with pod-level resources cannot be resized');
  }
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    return errors.forbidden('[]', 'static pods cannot be resized');
  }
  if (old.spec.os?.name === 'windows') {
    return errors.forbidden('[]', 'windows pods cannot be resized');
  }
  if (qosClass(pod.spec) !== (old.status?.qosClass ?? qosClass(old.spec))) {
    const detail = 'Pod QOS Class may not change as a result of resizing';
    errors.invalid('spec', pod.status?.qosClass ?? '', detail);
  }
  old.spec.containers.forEach((before, index) => {
    const now = pod.spec.containers[index];
    if (!now) return;
    const field = `spec.containers[${index}].resources`;
    validateRemoved(errors, field, now, before.resources ?? {});
    if (rules.version === '1.33') validateMemory(errors, field, now, before.resources ?? {});
    if (!semanticEqual(withoutCompute(now, before), before)) {
      errors.forbidden('spec', 'only cpu and memory resources are mutable');
    }
  });
}

function hasAmounts({ requests = {}, limits = {} }: ResourceRequirements = {}): boolean {
  return Object.keys(requests).length + Object.keys(limits).length > 0;
}

function validateRemoved(
  errors: FieldErrors,
  at: string,
  { resources = {} }: Container,
  old: ResourceRequirements,
): void {
  for (const list of ['requests', 'limits'] as const) {
    if (Object.keys(old[list] ?? {}).every((name) => resources[list]?.[name] !== undefined))
      continue;
    errors.forbidden(`${at}.${list}`, `resource ${list} cannot be removed`);
  }
}

/** In 1.33 what a process has was not taken from it while it runs. */
function validateMemory(
  errors: FieldErrors,
  at: string,
  { resources = {}, resizePolicy = [] }: Container,
  old: ResourceRequirements,
): void {
  const restarts = resizePolicy.find(({ resourceName }) => resourceName === 'memory');
  if (restarts?.restartPolicy === 'RestartContainer') return;
  const [now, before] = [resources.limits?.['memory'], old.limits?.['memory']];
  if (now === undefined || (before !== undefined && compareQuantities(now, before) >= 0)) return;
  const what = before === undefined ? 'added' : 'decreased';
  const detail = `memory limits cannot be ${what} unless resizePolicy is RestartContainer`;
  errors.forbidden(`${at}.limits[memory]`, detail);
}

function withoutCompute(now: Container, old: Container): Container {
  const container = copyOf(now);
  for (const list of ['limits', 'requests'] as const) {
    const amounts = container.resources?.[list];
    if (!amounts) continue;
    for (const name of ['cpu', 'memory']) {
      const before = old.resources?.[list]?.[name];
      if (before === undefined) delete amounts[name];
      else amounts[name] = before;
    }
    if (Object.keys(amounts).length === 0 && !old.resources?.[list]) {
      delete container.resources?.[list];
    }
  }
  return container;
}
