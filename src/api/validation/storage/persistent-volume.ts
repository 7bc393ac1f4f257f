import type { FieldErrors } from '../../field-errors.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { VOLUME_MODES, validateAccessModes } from '../claim-spec.ts';
import { isSubdomain } from '../names.ts';
import { validateResourceQuantity } from '../quantities.ts';
import type { KindRules } from '../rules.ts';
import { validateAnnotatedAffinity, validateNodeAffinity } from './node-affinity.ts';
import { validateVolumeUpdate } from './persistent-volume-update.ts';
import { validateVolumeSource } from './volume-source.ts';

/** V70–V91. Models ValidatePersistentVolume and its update of pkg/apis/core/validation/validation.go. */
export const persistentVolumeRules: KindRules<PersistentVolume> = {
  create: (errors, volume, { rules }) => validateVolume(errors, volume, undefined, rules),
  update: (errors, volume, old, { rules }) => {
    validateVolume(errors, volume, old, rules);
    validateVolumeUpdate(errors, volume.spec, old.spec, rules);
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
  old: PersistentVolume | undefined,
  rules: VersionRules,
): void {
  const { name = '', annotations } = metadata;
  const context = { errors, rules, name, annotations };
  validateVolumeSpec('spec', spec, context, old?.spec);
  const modifiable =
    rules.gate('VolumeAttributesClass') || old?.spec.volumeAttributesClassName !== undefined;
  if (modifiable) validateAttributesClass(errors, 'spec', spec);
  const annotated = metadata.annotations?.[MOUNT_OPTIONS] !== undefined;
  if (annotated && !WITH_MOUNT_OPTIONS.some((field) => spec[field] !== undefined)) {
    const detail = 'may not specify mount options for this volume type';
    errors.forbidden(`metadata.annotations.${MOUNT_OPTIONS}`, detail);
  }
}

/** What the rules of a volume's spec look at besides. */
export interface SpecContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** V71–V85. */
function validateVolumeSpec(
  at: string,
  spec: PersistentVolumeSpec,
  context: SpecContext,
  old: PersistentVolumeSpec | undefined,
): void {
  const { errors, rules } = context;
  const { accessModes = [], persistentVolumeReclaimPolicy, storageClassName = '' } = spec;
  if (accessModes.length === 0) errors.required(`${at}.accessModes`);
  validateAccessModes(errors, `${at}.accessModes`, accessModes, rules, old?.accessModes);
  validateCapacity(errors, `${at}.capacity`, spec.capacity ?? {}, rules);
  const policy = `${at}.persistentVolumeReclaimPolicy`;
  errors.oneOf(policy, persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']);
  const annotatedAffinity = validateAnnotatedAffinity(context);
  validateNodeAffinity(`${at}.nodeAffinity`, spec, { errors, rules, annotatedAffinity });
  validateVolumeSource(at, spec, { ...context, annotatedAffinity });
  const root = cleanPath(spec.hostPath?.path) === '/';
  if (spec.hostPath && root && persistentVolumeReclaimPolicy === 'Recycle') {
    errors.forbidden(policy, "may not be 'recycle' for a hostPath mount of '/'");
  }
  if (storageClassName !== '') {
    for (const text of isSubdomain(storageClassName)) {
      errors.invalid(`${at}.storageClassName`, storageClassName, text);
    }
  }
  errors.oneOf(`${at}.volumeMode`, spec.volumeMode, VOLUME_MODES);
}

function validateCapacity(
  errors: FieldErrors,
  at: string,
  capacity: Readonly<Record<string, string>>,
  rules: VersionRules,
): void {
  const resources = Object.keys(capacity);
  if (resources.length === 0) errors.required(at);
  if (resources.length !== 1 || resources[0] !== 'storage') {
    errors.notSupported(at, capacity, ['storage']);
  }
  for (const [resource, quantity] of Object.entries(capacity)) {
    const kind = rules.before('1.9') ? 'not negative' : 'positive';
    validateResourceQuantity(errors, `${at}[${resource}]`, quantity, kind);
  }
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
