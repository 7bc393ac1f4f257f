import type { FieldErrors } from '../field-errors.ts';
import { copyOf, deepEqual } from '../freeze.ts';
import type { Subresource } from '../store.ts';
import type { Container, Pod, PodSpec, Toleration } from '../types.ts';
import { diff } from './diff.ts';

const MUTABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** 7.6, 7.3: what of a Pod may be changed. Models ValidatePodUpdate and ValidatePodEphemeralContainersUpdate. */
export function validatePodUpdate(
  errors: FieldErrors,
  pod: Pod,
  old: Pod,
  subresource: Subresource | undefined,
): void {
  if (subresource === 'ephemeralcontainers') return validateEphemeralUpdate(errors, pod, old);
  if (subresource !== undefined) return;
  for (const list of ['containers', 'initContainers'] as const) {
    if ((pod.spec[list]?.length ?? 0) === (old.spec[list]?.length ?? 0)) continue;
    errors.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
    return;
  }
  validateDeadline(errors, pod.spec, old.spec);
  if (!keepsTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? [])) {
    const detail = 'existing toleration can not be modified except its tolerationSeconds';
    errors.forbidden('spec.tolerations', detail);
  }
  const munged = munge(pod.spec, old.spec);
  if (!deepEqual(munged, old.spec)) {
    errors.forbidden('spec', `${MUTABLE}\n${diff(old.spec, munged)}`);
  }
}

/** The new spec with what may change as it was. */
function munge(spec: PodSpec, old: PodSpec): PodSpec {
  const munged = copyOf(spec);
  const restore = (now: Container[] = [], before: readonly Container[] = []): void => {
    now.forEach((container, index) => {
      const image = before[index]?.image;
      if (image === undefined) delete container.image;
      else container.image = image;
    });
  };
  restore(munged.containers, old.containers);
  restore(munged.initContainers, old.initContainers);
  const keep = <Field extends keyof PodSpec>(field: Field): void => {
    if (old[field] === undefined) delete munged[field];
    else munged[field] = old[field];
  };
  keep('activeDeadlineSeconds');
  keep('tolerations');
  const seconds = old.terminationGracePeriodSeconds ?? 0;
  if (seconds < 0 && spec.terminationGracePeriodSeconds === 1)
    keep('terminationGracePeriodSeconds');
  return munged;
}

function validateDeadline(errors: FieldErrors, spec: PodSpec, old: PodSpec): void {
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  const field = 'spec.activeDeadlineSeconds';
  if (now === undefined && before !== undefined) {
    errors.invalid(field, now, 'must not update from a positive integer to nil value');
  } else if (now !== undefined && before !== undefined && now > before) {
    errors.invalid(field, now, 'must be less than or equal to previous value');
  }
}

function keepsTolerations(now: readonly Toleration[], old: readonly Toleration[]): boolean {
  const plain = ({ tolerationSeconds: _, ...rest }: Toleration): object => rest;
  return old.every((before) => now.some((one) => deepEqual(plain(one), plain(before))));
}

function validateEphemeralUpdate(errors: FieldErrors, pod: Pod, old: Pod): void {
  const field = 'spec.ephemeralContainers';
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    return errors.forbidden(field, 'static pods do not support ephemeral containers');
  }
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const what = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (!now) errors.forbidden(field, `${what} may not be removed\n`);
    else if (!deepEqual(now, before)) {
      errors.forbidden(field, `${what} may not be changed\n${diff(before, now)}`);
    }
  }
}
