import { compareQuantities } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateClaimSpec } from '../claim-spec.ts';
import { diff } from '../diff.ts';
import { isQualifiedName } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const REQUEST = 'spec.resources.requests.storage';
const CLASS = 'spec.volumeAttributesClassName';

/** V100–V120. Models ValidatePersistentVolumeClaim and its updates of pkg/apis/core/validation/validation.go. */
export const claimRules: KindRules<PersistentVolumeClaim> = {
  create: (errors, { spec }, { rules }) => validateClaimSpec(errors, 'spec', spec, rules),
  update: (errors, claim, old, { rules }) => {
    validateClaimSpec(errors, 'spec', claim.spec, rules);
    validateClass(errors, claim, old);
    validateSpecUpdate(errors, claim, old, rules);
    validateSizeUpdate(errors, claim, old, rules);
    if (claim.spec.volumeMode !== old.spec.volumeMode) {
      errors.invalid('volumeMode', claim.spec.volumeMode ?? '', 'field is immutable');
    }
    validateAttributesClassUpdate(errors, claim, old, rules);
  },
  updateStatus: validateStatusUpdate,
};

/** V118. */
function validateClass(
  errors: FieldErrors,
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): void {
  const now = claim.metadata.annotations?.[CLASS_ANNOTATION];
  const before = old.metadata.annotations?.[CLASS_ANNOTATION];
  if (now === before || movedToField(claim, old)) return;
  errors.invalid(`metadata.annotations.${CLASS_ANNOTATION}`, now ?? '', 'field is immutable');
}

/** The class went from the old annotation to the field, unchanged. */
function movedToField(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const before = old.metadata.annotations?.[CLASS_ANNOTATION];
  if (before === undefined || old.spec.storageClassName !== undefined) return false;
  return claim.spec.storageClassName === before;
}

/** V115. */
function validateSpecUpdate(
  errors: FieldErrors,
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  rules: VersionRules,
): void {
  const now = structuredClone(claim.spec) as PersistentVolumeClaimSpec;
  const before = structuredClone(old.spec) as PersistentVolumeClaimSpec;
  if (!before.volumeName && now.volumeName) before.volumeName = now.volumeName;
  const named = now.storageClassName;
  if (before.storageClassName === undefined && named !== undefined) before.storageClassName = named;
  if (old.status?.phase === 'Bound') takeWhatMayChange(now, before, rules);
  if (semanticEqual(now, before)) return;
  errors.forbidden('spec', immutableText(rules, `\n${diff(before, now)}`));
}

function takeWhatMayChange(
  now: PersistentVolumeClaimSpec,
  before: PersistentVolumeClaimSpec,
  rules: VersionRules,
): void {
  const storage = before.resources?.requests?.['storage'];
  const expandable = rules.atLeast('1.24') || rules.gate('ExpandPersistentVolumes');
  if (expandable && now.resources?.requests && storage !== undefined) {
    now.resources.requests['storage'] = storage;
  }
  if (now.volumeAttributesClassName === undefined) return;
  if (before.volumeAttributesClassName === undefined) delete now.volumeAttributesClassName;
  else now.volumeAttributesClassName = before.volumeAttributesClassName;
}

/** The texts of 13.3. */
function immutableText(rules: VersionRules, difference: string): string {
  if (rules.before('1.7')) return 'spec is immutable once a claim has been bound to a volume';
  if (rules.before('1.22')) {
    const may = rules.gate('ExpandPersistentVolumes');
    if (may) return 'is immutable after creation except resources.requests for bound claims';
    return 'field is immutable after creation';
  }
  const what = rules.before('1.29')
    ? 'resources.requests'
    : 'resources.requests and volumeAttributesClassName';
  return `spec is immutable after creation except ${what} for bound claims${difference}`;
}

/** V116. */
function validateSizeUpdate(
  errors: FieldErrors,
  { spec }: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  rules: VersionRules,
): void {
  const now = spec.resources?.requests?.['storage'];
  const before = old.spec.resources?.requests?.['storage'];
  if (now === undefined || before === undefined || compareQuantities(now, before) >= 0) return;
  if (!rules.gate('RecoverVolumeExpansionFailure')) {
    errors.forbidden(REQUEST, 'field can not be less than previous value');
  } else if (compareQuantities(now, old.status?.capacity?.['storage'] ?? '0') <= 0) {
    errors.forbidden(REQUEST, 'field can not be less than status.capacity');
  }
}

/** V119, V120. */
function validateAttributesClassUpdate(
  errors: FieldErrors,
  { spec: { volumeAttributesClassName: now } }: PersistentVolumeClaim,
  { spec: { volumeAttributesClassName: before }, status }: PersistentVolumeClaim,
  rules: VersionRules,
): void {
  if (now === before) return;
  if (!rules.gate('VolumeAttributesClass')) {
    const detail = 'update is forbidden when the VolumeAttributesClass feature gate is disabled';
    return errors.forbidden(CLASS, detail);
  }
  if (status?.currentVolumeAttributesClassName === undefined || now) return;
  const to = now === undefined ? 'nil' : 'empty string';
  const when = 'is forbidden when status.currentVolumeAttributesClassName is not nil';
  errors.forbidden(CLASS, `update to ${to} ${when}`);
}

const RESIZE_STATUSES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
];

/** Models ValidatePersistentVolumeClaimStatusUpdate. */
function validateStatusUpdate(errors: FieldErrors, claim: PersistentVolumeClaim): void {
  const { capacity = {}, allocatedResources = {} } = claim.status ?? {};
  if (!claim.spec.accessModes?.length) errors.required('Spec.accessModes');
  for (const [name, quantity] of Object.entries(capacity)) {
    validateResourceQuantity(errors, `status.capacity[${name}]`, quantity, 'not negative');
  }
  for (const [name, status] of Object.entries(claim.status?.allocatedResourceStatuses ?? {})) {
    const field = `status.allocatedResourceStatuses[${name}]`;
    validateResizeKey(errors, field, name);
    // What is printed is the key, not the value.
    if (!RESIZE_STATUSES.includes(status)) errors.notSupported(field, name, RESIZE_STATUSES);
  }
  for (const [name, quantity] of Object.entries(allocatedResources)) {
    const field = `status.allocatedResources[${name}]`;
    validateResizeKey(errors, field, name);
    validateResourceQuantity(errors, field, quantity, 'not negative');
  }
}

function validateResizeKey(errors: FieldErrors, field: string, name: string): void {
  if (name === 'storage') return;
  for (const text of isQualifiedName(name)) errors.invalid(field, name, text);
  if (name.includes('/') && !name.includes('kubernetes.io/')) return;
  errors.notSupported(field, name, ['storage']);
}
