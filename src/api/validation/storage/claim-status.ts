import type { FieldErrors } from '../../field-errors.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimStatus } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import { isNativeResource } from '../resource-names.ts';
import type { UpdateRule } from '../rules.ts';

/** In upstream's order, which is that of bytes. */
const RESIZE_STATUSES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

/** Whether a resize that failed may be taken back: by the gate, or because the claim is in one already. */
export function canRecover({ status }: PersistentVolumeClaim, rules: VersionRules): boolean {
  if (rules.gate('RecoverVolumeExpansionFailure')) return true;
  return (
    status?.allocatedResources !== undefined || status?.allocatedResourceStatuses !== undefined
  );
}

/** Models ValidatePersistentVolumeClaimStatusUpdate. */
export const validateClaimStatusUpdate: UpdateRule<PersistentVolumeClaim> = (
  errors,
  claim,
  old,
  { rules },
) => {
  const { capacity = {} } = claim.status ?? {};
  if (!claim.spec.accessModes?.length) errors.required('Spec.accessModes');
  for (const [name, quantity] of Object.entries(capacity)) {
    validateResourceQuantity(errors, `status.capacity[${name}]`, quantity, 'not negative');
  }
  if (canRecover(old, rules)) validateResize(errors, claim.status ?? {}, rules);
};

function validateResize(
  errors: FieldErrors,
  { allocatedResourceStatuses = {}, allocatedResources = {} }: PersistentVolumeClaimStatus,
  rules: VersionRules,
): void {
  const statuses = rules.atLeast('1.32')
    ? 'status.allocatedResourceStatuses'
    : 'status.allocatedResourceStatus';
  for (const [name, status] of Object.entries(allocatedResourceStatuses)) {
    validateResizeKey(errors, statuses, name);
    // What is printed is the key, not the value.
    if (!RESIZE_STATUSES.includes(status)) errors.notSupported(statuses, name, RESIZE_STATUSES);
  }
  const resources = 'status.allocatedResources';
  for (const [name, quantity] of Object.entries(allocatedResources)) {
    if (!validateResizeKey(errors, resources, name)) continue;
    validateResourceQuantity(errors, `${resources}[${name}]`, quantity, 'not negative');
  }
}

/** Says what is wrong with a resource's name; returns whether it is good. */
function validateResizeKey(errors: FieldErrors, field: string, name: string): boolean {
  const texts = isQualifiedName(name);
  for (const text of texts) errors.invalid(field, name, text);
  if (texts.length > 0) return false;
  if (name === 'storage' || !isNativeResource(name)) return true;
  errors.notSupported(field, name, ['storage']);
  return false;
}
