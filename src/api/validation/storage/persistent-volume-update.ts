import type { FieldErrors } from '../../field-errors.ts';
import type { NodeSelector, PersistentVolumeSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { diff } from '../diff.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { sourceFields } from './volume-source.ts';

/** V88–V91: what of a volume stays. Models ValidatePersistentVolumeUpdate. */
export function validateVolumeUpdate(
  errors: FieldErrors,
  spec: PersistentVolumeSpec,
  old: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  validateSourceUpdate(errors, spec, old, rules);
  if (spec.volumeMode !== old.volumeMode) {
    errors.invalid('volumeMode', spec.volumeMode ?? null, 'field is immutable');
  }
  validateAffinityUpdate(errors, spec, old, rules);
  validateAttributesClassUpdate(errors, spec, old, rules);
}

/** V88. */
function validateSourceUpdate(
  errors: FieldErrors,
  spec: PersistentVolumeSpec,
  old: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  if (rules.before('1.9')) return;
  const [now, before] = [sourceOf(spec), sourceOf(old)];
  if (!before.csi?.controllerExpandSecretRef && now.csi?.controllerExpandSecretRef) {
    const { controllerExpandSecretRef: _, ...csi } = now.csi;
    now.csi = csi;
  }
  if (semanticEqual(now, before)) return;
  const detail = rules.before('1.19')
    ? 'is immutable after creation'
    : `spec.persistentvolumesource is immutable after creation\n${diff(before, now)}`;
  errors.forbidden('spec.persistentvolumesource', detail);
}

function sourceOf(spec: PersistentVolumeSpec): Partial<PersistentVolumeSpec> {
  const found = sourceFields.filter((field) => spec[field] !== undefined);
  return Object.fromEntries(found.map((field) => [field, spec[field]]));
}

/** Labels that were replaced by others: an affinity may follow. */
const GRADUATED: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};

const REQUIREMENT: InternalType = { Key: '', Operator: '', Values: null };
const TERM: InternalType = { MatchExpressions: [REQUIREMENT], MatchFields: [REQUIREMENT] };
const AFFINITY: InternalType = { Required: { NodeSelectorTerms: [TERM] } };

/** V90. */
function validateAffinityUpdate(
  errors: FieldErrors,
  { nodeAffinity }: PersistentVolumeSpec,
  old: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  if (!old.nodeAffinity || rules.gate('MutablePVNodeAffinity')) return;
  const before = old.nodeAffinity.required;
  if (semanticEqual(nodeAffinity?.required, before)) return;
  const follows = nodeAffinity?.required && before && isGraduation(nodeAffinity.required, before);
  if (follows) return;
  const detail = rules.before('1.26')
    ? 'field is immutable'
    : 'field is immutable, except for updating from beta label to GA';
  errors.invalid('nodeAffinity', internalValue(nodeAffinity, AFFINITY), detail);
}

function isGraduation(now: NodeSelector, before: NodeSelector): boolean {
  const graduated = structuredClone(before);
  graduated.nodeSelectorTerms?.forEach(({ matchExpressions = [] }, term) => {
    matchExpressions.forEach((requirement, index) => {
      const key = now.nodeSelectorTerms?.[term]?.matchExpressions?.[index]?.key ?? '';
      if (GRADUATED[requirement.key] === key) requirement.key = key;
    });
  });
  return semanticEqual(now, graduated);
}

/** V91. */
function validateAttributesClassUpdate(
  errors: FieldErrors,
  { volumeAttributesClassName: now }: PersistentVolumeSpec,
  { volumeAttributesClassName: before }: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  if (now === before) return;
  const field = 'spec.volumeAttributesClassName';
  if (!rules.gate('VolumeAttributesClass')) {
    const detail = 'update is forbidden when the VolumeAttributesClass feature gate is disabled';
    errors.forbidden(field, detail);
  }
  if (now === undefined) {
    errors.forbidden(field, 'update from non-nil value to nil is forbidden');
  }
}
