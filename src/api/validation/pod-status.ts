import type { FieldErrors } from '../field-errors.ts';
import type { ContainerStatus, Pod } from '../types.ts';
import { isQualifiedName, isSubdomain } from './names.ts';

const SYSTEM_CONDITIONS: readonly string[] = ['PodScheduled', 'Ready', 'Initialized'];

/** What a status may not become. Models ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(errors: FieldErrors, pod: Pod, old: Pod): void {
  const { status = { phase: '' } } = pod;
  const before = old.status ?? { phase: '' };
  status.conditions?.forEach(({ type = '' }, index) => {
    if (SYSTEM_CONDITIONS.includes(type)) return;
    // Upstream names it so.
    const field = `metadata.conditions[${index}].Type`;
    for (const text of isQualifiedName(type)) errors.invalid(field, type, text);
  });
  const nominated = status.nominatedNodeName ?? '';
  if (nominated !== '' && nominated !== before.nominatedNodeName) {
    for (const text of isSubdomain(nominated)) {
      errors.invalid('status.nominatedNodeName', nominated, text);
    }
  }
  if (status.qosClass !== before.qosClass) {
    errors.invalid('status.qosClass', status.qosClass ?? '', 'field is immutable');
  }
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
    validateStates(errors, `status.${list}`, status[list] ?? [], before[list] ?? [], old);
  }
}

/** What has ended for good cannot run again. Models ValidateContainerStateTransition. */
function validateStates(
  errors: FieldErrors,
  at: string,
  now: readonly ContainerStatus[],
  old: readonly ContainerStatus[],
  { spec }: Pod,
): void {
  if (spec.restartPolicy === 'Always') return;
  old.forEach(({ name, state }, index) => {
    if (!state?.terminated) return;
    const failed = (state.terminated.exitCode ?? 0) !== 0;
    if (failed && spec.restartPolicy === 'OnFailure') return;
    const sidecar = spec.initContainers?.find((one) => one.name === name);
    if (sidecar?.restartPolicy === 'Always') return;
    if (!now.some((one) => one.name === name && !one.state?.terminated)) return;
    const detail = 'may not be transitioned to non-terminated state';
    errors.forbidden(`${at}[${index}].state`, detail);
  });
}
