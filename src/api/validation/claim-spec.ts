import { compareQuantities } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { PersistentVolumeClaimSpec, TypedObjectReference } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { isLabel, isSubdomain } from './names.ts';
import { validateNonnegativeQuantity } from './quantities.ts';
import { validateLabelSelector } from './selectors.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** V71–V73, V100, V101: access modes of volumes and claims; `old`: what is stored. */
export function validateAccessModes(
  errors: FieldErrors,
  at: string,
  modes: readonly string[],
  rules: VersionRules,
  old: readonly string[] = [],
): void {
  const once = rules.gate('ReadWriteOncePod') || old.includes('ReadWriteOncePod');
  const supported = once ? ACCESS_MODES : ACCESS_MODES.slice(0, 3);
  for (const mode of modes) errors.oneOf(at, mode, supported);
  if (!once || !modes.includes('ReadWriteOncePod')) return;
  if (modes.some((mode) => mode !== 'ReadWriteOncePod' && supported.includes(mode))) {
    errors.forbidden(at, 'may not use ReadWriteOncePod with other access modes');
  }
}

/** V100–V113: a claim's spec, or a template's; `old`: what is stored. Models ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(
  errors: FieldErrors,
  at: string,
  spec: PersistentVolumeClaimSpec,
  rules: VersionRules,
  old?: PersistentVolumeClaimSpec,
): void {
  const { accessModes = [], selector, resources, storageClassName = '', volumeMode } = spec;
  const modes = `${at}.accessModes`;
  if (accessModes.length === 0) errors.required(modes, 'at least 1 access mode is required');
  validateLabelSelector(errors, `${at}.selector`, selector);
  validateAccessModes(errors, modes, accessModes, rules, old?.accessModes);
  const storage = resources?.requests?.['storage'];
  if (storage === undefined) errors.required(`${at}.resources[storage]`);
  else validateSize(errors, `${at}.resources[storage]`, storage, rules);
  validateNameIfSet(errors, `${at}.storageClassName`, storageClassName);
  errors.oneOf(`${at}.volumeMode`, volumeMode, VOLUME_MODES);
  if (rules.before('1.15')) validateSnapshotSource(errors, `${at}.dataSource`, spec, rules);
  else validateDataSources(errors, at, spec, { rules, anyGroup: hasGroup(old) });
  const { volumeAttributesClassName: attributes = '' } = spec;
  if (!rules.gate('VolumeAttributesClass') && !old?.volumeAttributesClassName) return;
  validateNameIfSet(errors, `${at}.volumeAttributesClassName`, attributes);
}

/** V84, V105. */
export const VOLUME_MODES: readonly string[] = ['Block', 'Filesystem'];

const SNAPSHOTS = 'snapshot.storage.k8s.io';

/** The source of a claim in 1.12 to 1.14, which could be a snapshot only. */
function validateSnapshotSource(
  errors: FieldErrors,
  field: string,
  { dataSource }: PersistentVolumeClaimSpec,
  rules: VersionRules,
): void {
  if (!dataSource) return;
  const { apiGroup = '', kind = '', name } = dataSource;
  if (!rules.gate('VolumeSnapshotDataSource')) {
    return errors.forbidden(field, 'VolumeSnapshotDataSource is disabled by feature-gate');
  }
  if (!name) errors.required(`${field}.name`);
  if (rules.atLeast('1.13')) {
    const groupKind = apiGroup === '' ? kind : `${kind}.${apiGroup}`;
    errors.oneOf(field, groupKind, [`VolumeSnapshot.${SNAPSHOTS}`]);
  } else if (name && kind !== 'VolumeSnapshot') {
    errors.notSupported(field, kind, ['VolumeSnapshot']);
  } else if (name) errors.oneOf(field, apiGroup, [SNAPSHOTS]);
}

/** A group that was taken once is not looked at again. */
function hasGroup({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec = {}): boolean {
  return dataSource?.apiGroup !== undefined || dataSourceRef?.apiGroup !== undefined;
}

/** V103: greater than zero; until 1.8 not negative was enough, and until 1.16 that was told besides. */
function validateSize(
  errors: FieldErrors,
  field: string,
  quantity: string,
  rules: VersionRules,
): void {
  if (rules.before('1.17')) validateNonnegativeQuantity(errors, field, quantity);
  if (rules.before('1.9') || compareQuantities(quantity, '0') > 0) return;
  errors.invalid(field, quantity, 'must be greater than zero');
}

function validateNameIfSet(errors: FieldErrors, field: string, name: string): void {
  if (name !== '') for (const text of isSubdomain(name)) errors.invalid(field, name, text);
}

interface SourceContext {
  readonly rules: VersionRules;
  /** Whether the group was there before. */
  readonly anyGroup: boolean;
}

function validateDataSources(
  errors: FieldErrors,
  at: string,
  { dataSource, dataSourceRef }: PersistentVolumeClaimSpec,
  context: SourceContext,
): void {
  if (dataSource) validateSource(errors, `${at}.dataSource`, dataSource, context);
  if (dataSourceRef) {
    validateSource(errors, `${at}.dataSourceRef`, dataSourceRef, context);
    const { namespace } = dataSourceRef;
    if (namespace) {
      for (const text of isLabel(namespace)) {
        errors.invalid(`${at}.dataSourceRef.namespace`, namespace, text);
      }
    }
  }
  if (!dataSource || !dataSourceRef) return;
  if (dataSourceRef.namespace) {
    const detail = 'may not be specified when dataSourceRef.namespace is specified';
    errors.invalid(at, {}, detail);
  } else if (!sameSource(dataSource, dataSourceRef))
    errors.invalid(at, {}, 'must match dataSourceRef');
}

type Source = Pick<TypedObjectReference, 'apiGroup' | 'kind' | 'name'>;

function sameSource(a: Source, b: Source): boolean {
  return a.name === b.name && a.kind === b.kind && a.apiGroup === b.apiGroup;
}

function validateSource(
  errors: FieldErrors,
  at: string,
  { apiGroup, kind, name }: Source,
  { rules, anyGroup }: SourceContext,
): void {
  if (!name) errors.required(`${at}.name`);
  if (!kind) errors.required(`${at}.kind`);
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.invalid(at, kind ?? '', rules.atLeast('1.26') ? detail : '');
  }
  if (apiGroup && !anyGroup && rules.atLeast('1.29')) {
    for (const text of isSubdomain(apiGroup)) errors.invalid(`${at}.apiGroup`, apiGroup, text);
  }
}
