import { compareQuantities } from '../../../base/index.ts';
import { fillInDataSources } from '../../drop-disabled-storage.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateClaimSpec } from '../claim-spec.ts';
import { diff } from '../diff.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { canRecover, validateClaimStatusUpdate } from './claim-status.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const REQUEST = 'spec.resources.requests.storage';
const CLASS = 'spec.volumeAttributesClassName';

/** V100–V120. Models ValidatePersistentVolumeClaim and its updates of pkg/apis/core/validation/validation.go. */
export const claimRules: KindRules<PersistentVolumeClaim> = {
  create: (errors, { spec }, { rules }) => validateClaimSpec(errors, 'spec', spec, rules),
  update: (errors, claim, old, { rules }) => {
    validateClaimSpec(errors, 'spec', claim.spec, rules, old.spec);
    if (rules.atLeast('1.10')) validateClass(errors, claim, old, rules);
    validateSpecUpdate(errors, claim, old, rules);
    validateSizeUpdate(errors, claim, old, rules);
    if (rules.before('1.10')) validateClass(errors, claim, old, rules);
    if (claim.spec.volumeMode !== old.spec.volumeMode && rules.gate('BlockVolume')) {
      errors.invalid('volumeMode', claim.spec.volumeMode ?? '', 'field is immutable');
    }
    validateAttributesClassUpdate(errors, claim, old, rules);
  },
  updateStatus: validateClaimStatusUpdate,
};

/** V118. */
function validateClass(
  errors: FieldErrors,
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  rules: VersionRules,
): void {
  const { now, before } = classAnnotations(claim, old);
  if ((now ?? '') === (before ?? '') || movesToField(claim, old, rules)) return;
  errors.invalid(`metadata.annotations.${CLASS_ANNOTATION}`, now ?? '', 'field is immutable');
}

function classAnnotations(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): { now: string | undefined; before: string | undefined } {
  const now = claim.metadata.annotations?.[CLASS_ANNOTATION];
  return { now, before: old.metadata.annotations?.[CLASS_ANNOTATION] };
}

/** The class goes from the old annotation to the field, unchanged; since 1.10. Models validateStorageClassUpgradeFromAnnotation. */
function movesToField(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  rules: VersionRules,
): boolean {
  if (rules.before('1.10')) return false;
  const { now, before } = classAnnotations(claim, old);
  if (before === undefined || old.spec.storageClassName !== undefined) return false;
  return claim.spec.storageClassName === before && (now === undefined || now === before);
}

/** A claim without a class gets one. Models validateStorageClassUpgradeFromNil. */
function getsClass(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  rules: VersionRules,
): boolean {
  const name = claim.spec.storageClassName;
  if (name === undefined || old.spec.storageClassName !== undefined) return false;
  const { before = name } = classAnnotations(claim, old);
  return rules.gate('RetroactiveDefaultStorageClass') && before === name;
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
  if (rules.gate('AnyVolumeDataSource')) fillInDataSources(before);
  if (!before.volumeName && now.volumeName) before.volumeName = now.volumeName;
  if (movesToField(claim, old, rules) || getsClass(claim, old, rules)) delete now.storageClassName;
  takeWhatMayChange(now, before, old.status?.phase === 'Bound', rules);
  if (semanticEqual(now, before)) return;
  errors.forbidden('spec', immutableText(rules, `\n${diff(before, now)}`));
}

function takeWhatMayChange(
  now: PersistentVolumeClaimSpec,
  before: PersistentVolumeClaimSpec,
  bound: boolean,
  rules: VersionRules,
): void {
  const storage = before.resources?.requests?.['storage'];
  if (bound && isExpandable(rules) && now.resources?.requests && storage !== undefined) {
    now.resources.requests['storage'] = storage;
  }
  // Before 1.34 unbound claims, too, could say another class of attributes.
  if (!bound && rules.atLeast('1.34')) return;
  if (before.volumeAttributesClassName === undefined) delete now.volumeAttributesClassName;
  else now.volumeAttributesClassName = before.volumeAttributesClassName;
}

/** Whether sizes of claims can change at all. */
function isExpandable(rules: VersionRules): boolean {
  return rules.atLeast('1.24') || rules.gate('ExpandPersistentVolumes');
}

/** The texts of 13.3. */
function immutableText(rules: VersionRules, difference: string): string {
  if (rules.before('1.6')) return 'spec is immutable once a claim has been bound to a volume';
  const shown = rules.before('1.19') ? '' : difference;
  if (!isExpandable(rules)) return `field is immutable after creation${shown}`;
  if (rules.before('1.19')) {
    return 'is immutable after creation except resources.requests for bound claims';
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
  if (!isExpandable(rules)) return;
  if (now === undefined || before === undefined || compareQuantities(now, before) >= 0) return;
  if (!canRecover(old, rules)) {
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
    errors.forbidden(CLASS, detail);
  }
  if (now) return;
  const applied = status?.currentVolumeAttributesClassName !== undefined;
  if (rules.atLeast('1.34') && applied) {
    const to = now === undefined ? 'nil' : 'empty string';
    const when = 'is forbidden when status.currentVolumeAttributesClassName is not nil';
    errors.forbidden(CLASS, `update to ${to} ${when}`);
  } else if (rules.before('1.34') && before !== undefined) {
    const to = now === undefined ? 'nil' : 'an empty string';
    errors.forbidden(CLASS, `update from non-nil value to ${to} is forbidden`);
  }
}
