import type { FieldErrors } from '../../field-errors.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimStatus } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import { isNativeResource } from '../resource-names.ts';
import type { UpdateRule } from '../rules.ts';

/** In upstream's order, which is that of bytes. */
const RESIZE_STATUSES: readonly string[] = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

/** Until 1.30 one that could not be done had failed. */
const OLD_RESIZE_STATUSES: readonly string[] = [
  'ControllerResizeFailed',
  'ControllerResizeInProgress',
  'NodeResizeFailed',
  'NodeResizeInProgress',
  'NodeResizePending',
];

/** Until 1.27 a claim had one. */
const EXPANSIONS: readonly string[] = [
  '',
  'ControllerExpansionFailed',
  'ControllerExpansionInProgress',
  'NodeExpansionFailed',
  'NodeExpansionInProgress',
  'NodeExpansionPending',
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
  const refused = rules.before('1.14') && !rules.gate('ExpandPersistentVolumes');
  if (refused && claim.status?.conditions?.length) {
    errors.forbidden('status.conditions', 'invalid field');
  }
  for (const [name, quantity] of Object.entries(capacity)) {
    validateResourceQuantity(errors, `status.capacity[${name}]`, quantity, 'not negative');
  }
  if (canRecover(old, rules)) validateResize(errors, claim.status ?? {}, rules);
};

function validateResize(
  errors: FieldErrors,
  status: PersistentVolumeClaimStatus,
  rules: VersionRules,
): void {
  if (rules.before('1.28')) {
    errors.oneOf('status.resizeStatus', status.resizeStatus, EXPANSIONS);
  } else validateStatuses(errors, status.allocatedResourceStatuses ?? {}, rules);
  const field = 'status.allocatedResources';
  for (const [name, quantity] of Object.entries(status.allocatedResources ?? {})) {
    if (!validateResizeKey(errors, field, name, rules)) continue;
    validateResourceQuantity(errors, `${field}[${name}]`, quantity, 'not negative');
  }
}

function validateStatuses(
  errors: FieldErrors,
  statuses: Readonly<Record<string, string>>,
  rules: VersionRules,
): void {
  const known = rules.before('1.31') ? OLD_RESIZE_STATUSES : RESIZE_STATUSES;
  const field = rules.atLeast('1.32')
    ? 'status.allocatedResourceStatuses'
    : 'status.allocatedResourceStatus';
  for (const [name, status] of Object.entries(statuses)) {
    validateResizeKey(errors, field, name, rules);
    // What is printed is the key, not the value.
    if (!known.includes(status)) errors.notSupported(field, name, known);
  }
}

/** Says what is wrong with a resource's name; returns whether it is good. */
function validateResizeKey(
  errors: FieldErrors,
  field: string,
  name: string,
  rules: VersionRules,
): boolean {
  if (rules.before('1.28')) {
    errors.oneOf(field, name, ['storage']);
    return name === 'storage';
  }
  const texts = isQualifiedName(name);
  for (const text of texts) errors.invalid(field, name, text);
  if (texts.length > 0) return false;
  if (name === 'storage' || !isNativeResource(name)) return true;
  errors.notSupported(field, name, ['storage']);
  return false;
}
