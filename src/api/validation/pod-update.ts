import { qosClass } from '../defaults/qos.ts';
import type { FieldErrors } from '../field-errors.ts';
import { copyOf } from '../freeze.ts';
import { GoValue, STRING_MAP } from '../go-syntax.ts';
import type { Container, Pod, PodSpec, Toleration } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { diff } from './diff.ts';
import { withoutCompute } from './resized-container.ts';
import { semanticEqual } from './semantic-equal.ts';

const MUTABLE: readonly string[] = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

/** What may be changed, in the words of a version. */
function mutableFields(rules: VersionRules): string {
  if (resizesByUpdate(rules)) {
    return [...MUTABLE, '`spec.containers[*].resources` (for CPU/memory only)'].join(',');
  }
  if (rules.atLeast('1.27')) return MUTABLE.join(',');
  const fields = rules.before('1.22') ? MUTABLE.slice(0, -1) : MUTABLE;
  return `${fields.slice(0, -1).join(', ')} or ${fields.at(-1)}`;
}

/** Before there was a subresource for it, resources were changed as images are. */
function resizesByUpdate(rules: VersionRules): boolean {
  return rules.gate('InPlacePodVerticalScaling') && rules.before('1.32');
}

/** 7.6: what of a Pod may be changed. Models ValidatePodUpdate. */
export function validatePodUpdate(
  errors: FieldErrors,
  pod: Pod,
  oldPod: Pod,
  rules: VersionRules,
): void {
  const [{ spec }, { spec: old }] = [pod, oldPod];
  for (const list of ['containers', 'initContainers'] as const) {
    if ((spec[list]?.length ?? 0) === (old[list]?.length ?? 0)) continue;
    return errors.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
  }
  if (!validateDeadline(errors, spec, old)) return;
  if (!keepsTolerations(spec.tolerations ?? [], old.tolerations ?? [])) {
    const detail = 'existing toleration can not be modified except its tolerationSeconds';
    errors.forbidden('spec.tolerations', detail);
  }
  validateGates(errors, spec, old);
  if (semanticEqual(spec, old)) return;
  validateQOS(errors, pod, oldPod, rules);
  const munged = munge(spec, old, rules);
  if (old.schedulingGates?.length) letPlacementGrow(errors, munged, old);
  if (semanticEqual(munged, old)) return;
  const difference = rules.before('1.8') ? '' : `\n${diff(old, munged)}`;
  const detail = `pod updates may not change fields other than ${mutableFields(rules)}`;
  errors.forbidden('spec', `${detail}${difference}`);
}

/** From 1.27 to 1.31; since then only a resize could change it. */
function validateQOS(errors: FieldErrors, pod: Pod, old: Pod, rules: VersionRules): void {
  if (rules.before('1.29') ? !resizesByUpdate(rules) : rules.atLeast('1.32')) return;
  const [now, before] = [qosClass(pod.spec), old.status?.qosClass ?? qosClass(old.spec)];
  if (now === before) return;
  const shown = rules.before('1.29') ? now : (pod.status?.qosClass ?? '');
  errors.invalid('metadata', shown, 'Pod QoS is immutable');
}

/** The new spec with what may change as it was. */
function munge(spec: PodSpec, old: PodSpec, rules: VersionRules): PodSpec {
  const munged = copyOf(spec);
  if (resizesByUpdate(rules)) {
    munged.containers = munged.containers.map((one, index) =>
      withoutCompute(one, old.containers[index] ?? one, rules),
    );
  }
  const restore = (now: Container[] = [], before: readonly Container[] = []): void => {
    now.forEach((container, index) => {
      const image = before[index]?.image;
      if (image === undefined) delete container.image;
      else container.image = image;
    });
  };
  restore(munged.containers, old.containers);
  restore(munged.initContainers, old.initContainers);
  keep(munged, old, 'activeDeadlineSeconds');
  keep(munged, old, 'schedulingGates');
  keep(munged, old, 'tolerations');
  const seconds = old.terminationGracePeriodSeconds ?? 0;
  if (seconds < 0 && spec.terminationGracePeriodSeconds === 1) {
    keep(munged, old, 'terminationGracePeriodSeconds');
  }
  return munged;
}

function keep<Field extends keyof PodSpec>(spec: PodSpec, old: PodSpec, field: Field): void {
  if (old[field] === undefined) delete spec[field];
  else spec[field] = old[field];
}

/** It may be set, and shortened. False: nothing more is looked at. */
function validateDeadline(errors: FieldErrors, spec: PodSpec, old: PodSpec): boolean {
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  const field = 'spec.activeDeadlineSeconds';
  if (now === undefined) {
    const detail = 'must not update from a positive integer to nil value';
    if (before !== undefined) errors.invalid(field, now, detail);
    return true;
  }
  if (now < 0 || now > 2 ** 31 - 1) {
    errors.invalid(field, now, 'must be between 0 and 2147483647, inclusive');
    return false;
  }
  if (before === undefined || now <= before) return true;
  errors.invalid(field, now, 'must be less than or equal to previous value');
  return false;
}

function keepsTolerations(now: readonly Toleration[], old: readonly Toleration[]): boolean {
  const plain = ({ tolerationSeconds: _, ...rest }: Toleration): object => rest;
  return old.every((before) => now.some((one) => semanticEqual(plain(one), plain(before))));
}

/** Gates can only go. */
function validateGates(errors: FieldErrors, spec: PodSpec, old: PodSpec): void {
  const names = new Set(old.schedulingGates?.map(({ name }) => name));
  spec.schedulingGates?.forEach(({ name }, index) => {
    if (names.has(name)) return;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.forbidden(`spec.schedulingGates[${index}].name`, detail);
  });
}

/** A Pod that nobody schedules yet may be given more labels of the node that it wants. */
function letPlacementGrow(errors: FieldErrors, munged: PodSpec, old: PodSpec): void {
  const labels = munged.nodeSelector ?? {};
  const kept = Object.entries(old.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  if (!kept) {
    const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.invalid('spec.nodeSelector', new GoValue(munged.nodeSelector, STRING_MAP), detail);
  }
  keep(munged, old, 'nodeSelector');
}

/**
 * 7.3: what of ephemeral containers may be changed. False for a mirror of a static Pod, of which nothing else is said. Models
 * ValidatePodEphemeralContainersUpdate.
 */
export function validateEphemeralContainersUpdate(
  errors: FieldErrors,
  pod: Pod,
  old: Pod,
): boolean {
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    // The root of an object is printed so.
    errors.forbidden('[]', 'static pods do not support ephemeral containers');
    return false;
  }
  const field = 'spec.ephemeralContainers';
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const what = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (!now) errors.forbidden(field, `${what} may not be removed\n`);
    else if (!semanticEqual(now, before)) {
      errors.forbidden(field, `${what} may not be changed\n${diff(before, now)}`);
    }
  }
  return true;
}
