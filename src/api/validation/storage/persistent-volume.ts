import type { FieldErrors } from '../../field-errors.ts';
import type { NodeSelector, PersistentVolume, PersistentVolumeSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateAccessModes } from '../claim-spec.ts';
import { diff } from '../diff.ts';
import { isSubdomain } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import type { KindRules } from '../rules.ts';
import { validateNodeSelector } from '../selectors.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { sourceFields, validateVolumeSource } from './volume-source.ts';

/** V70–V91. Models ValidatePersistentVolume and its update of pkg/apis/core/validation/validation.go. */
export const persistentVolumeRules: KindRules<PersistentVolume> = {
  create: (errors, volume, { rules }) => validateVolume(errors, volume, rules),
  update: (errors, volume, old, { rules }) => {
    validateVolume(errors, volume, rules);
    validateSourceUpdate(errors, volume.spec, old.spec, rules);
    if (volume.spec.volumeMode !== old.spec.volumeMode) {
      errors.invalid('volumeMode', volume.spec.volumeMode ?? '', 'field is immutable');
    }
    validateAffinityUpdate(errors, volume.spec, old.spec, rules);
    validateAttributesClassUpdate(errors, volume.spec, old.spec, rules);
  },
};

const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';

/** Types that take the annotation. Models pkg/volume/validation/pv_validation.go. */
const WITH_MOUNT_OPTIONS: readonly (keyof PersistentVolumeSpec)[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
];

function validateVolume(
  errors: FieldErrors,
  { metadata, spec }: PersistentVolume,
  rules: VersionRules,
): void {
  validateVolumeSpec('spec', spec, { errors, rules, name: metadata.name ?? '' });
  const annotated = metadata.annotations?.[MOUNT_OPTIONS] !== undefined;
  if (annotated && !WITH_MOUNT_OPTIONS.some((field) => spec[field] !== undefined)) {
    const detail = 'may not specify mount options for this volume type';
    errors.forbidden(`metadata.annotations.${MOUNT_OPTIONS}`, detail);
  }
}

interface SpecContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  readonly name: string;
}

/** V71–V85. */
function validateVolumeSpec(at: string, spec: PersistentVolumeSpec, context: SpecContext): void {
  const { errors, rules } = context;
  const { accessModes = [], persistentVolumeReclaimPolicy, storageClassName = '' } = spec;
  if (accessModes.length === 0) errors.required(`${at}.accessModes`);
  validateAccessModes(errors, `${at}.accessModes`, accessModes, rules);
  validateCapacity(errors, `${at}.capacity`, spec.capacity ?? {});
  const policy = `${at}.persistentVolumeReclaimPolicy`;
  errors.oneOf(policy, persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']);
  validateNodeAffinity(errors, `${at}.nodeAffinity`, spec, rules);
  validateVolumeSource(at, spec, context);
  validateLocal(errors, at, spec, rules);
  const root = cleanPath(spec.hostPath?.path) === '/';
  if (spec.hostPath && root && persistentVolumeReclaimPolicy === 'Recycle') {
    errors.forbidden(policy, "may not be 'recycle' for a hostPath mount of '/'");
  }
  if (storageClassName !== '') {
    for (const text of isSubdomain(storageClassName)) {
      errors.invalid(`${at}.storageClassName`, storageClassName, text);
    }
  }
  validateVolumeMode(errors, at, spec.volumeMode, rules);
  validateAttributesClass(errors, at, spec);
}

function validateCapacity(
  errors: FieldErrors,
  at: string,
  capacity: Readonly<Record<string, string>>,
): void {
  const resources = Object.keys(capacity);
  if (resources.length === 0) errors.required(at);
  if (resources.length !== 1 || resources[0] !== 'storage') {
    errors.notSupported(at, capacity, ['storage']);
  }
  for (const [resource, quantity] of Object.entries(capacity)) {
    validateResourceQuantity(errors, `${at}[${resource}]`, quantity, 'positive');
  }
}

function validateNodeAffinity(
  errors: FieldErrors,
  at: string,
  { nodeAffinity }: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  if (!nodeAffinity) return;
  if (rules.before('1.14') && !rules.gate('VolumeScheduling') && rules.atLeast('1.10')) {
    errors.forbidden(at, 'Volume node affinity is disabled by feature-gate');
  }
  if (!nodeAffinity.required) {
    errors.required(`${at}.required`, 'must specify required node constraints');
  } else validateNodeSelector(errors, `${at}.required`, nodeAffinity.required, rules);
}

/** V82. Of 1.7 to 1.9, whose affinity was an annotation, nothing is said. */
function validateLocal(
  errors: FieldErrors,
  at: string,
  { local, nodeAffinity }: PersistentVolumeSpec,
  rules: VersionRules,
): void {
  if (!local || nodeAffinity || rules.before('1.10')) return;
  errors.required(`${at}.nodeAffinity`, 'Local volume requires node affinity');
}

function validateVolumeMode(
  errors: FieldErrors,
  at: string,
  mode: string | undefined,
  rules: VersionRules,
): void {
  const off = rules.atLeast('1.9') && rules.before('1.13') && !rules.gate('BlockVolume');
  if (mode !== undefined && mode !== 'Filesystem' && off) {
    errors.forbidden(`${at}.volumeMode`, 'PersistentVolume volumeMode is disabled by feature-gate');
  } else errors.oneOf(`${at}.volumeMode`, mode, ['Block', 'Filesystem']);
}

/** V85. */
function validateAttributesClass(
  errors: FieldErrors,
  at: string,
  spec: PersistentVolumeSpec,
): void {
  const { volumeAttributesClassName: name, csi } = spec;
  if (name === undefined) return;
  const field = `${at}.volumeAttributesClassName`;
  if (name === '') errors.required(field, 'an empty string is disallowed');
  else for (const text of isSubdomain(name)) errors.invalid(field, name, text);
  if (!csi) {
    errors.required(`${at}.csi`, 'has to be specified when using volumeAttributesClassName');
  }
}

/** `/a/../b/` is `/b`. Models Go's path.Clean of an absolute path. */
function cleanPath(path = ''): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
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
  const detail = rules.before('1.22')
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
  errors.invalid('nodeAffinity', nodeAffinity ?? null, detail);
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
  } else if (now === undefined) {
    errors.forbidden(field, 'update from non-nil value to nil is forbidden');
  }
}

const INLINE = 'in the context of inline volumes';
const NOT_INLINE = ['claimRef', 'capacity', 'storageClassName', 'nodeAffinity'] as const;

/** V140: a volume that a VolumeAttachment carries itself. */
export function validateInlineVolume(
  at: string,
  spec: Partial<PersistentVolumeSpec>,
  context: SpecContext,
): void {
  const { errors, rules } = context;
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, volumeMode, csi } = spec;
  for (const field of NOT_INLINE) {
    const value = spec[field] ?? '';
    if (Object.keys(value).length === 0) continue;
    errors.forbidden(`${at}.${field}`, `may not be specified ${INLINE}`);
  }
  if (!csi) errors.required(`${at}.csi`, `has to be specified ${INLINE}`);
  if (accessModes.length === 0) errors.required(`${at}.accessModes`);
  validateAccessModes(errors, `${at}.accessModes`, accessModes, rules);
  if (policy !== undefined && policy !== 'Retain') {
    errors.forbidden(`${at}.persistentVolumeReclaimPolicy`, `may only be Retain ${INLINE}`);
  }
  validateVolumeSource(at, spec, context);
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    const detail = `may not specify volumeMode other than Filesystem ${INLINE}`;
    errors.forbidden(`${at}.volumeMode`, detail);
  }
}
