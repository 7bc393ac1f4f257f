import type { FieldErrors } from '../../field-errors.ts';
import type {
  CSIPersistentVolumeSource,
  CSIVolumeSource,
  EphemeralVolumeSource,
  ObjectMeta,
  PersistentVolumeClaimVolumeSource,
} from '../../types.ts';
import { validateClaimSpec } from '../claim-spec.ts';
import { validateAnnotations, validateLabels } from '../metadata.ts';
import { isLabel, isSubdomain } from '../names.ts';
import { requireFields } from '../paths.ts';
import type { SourceContext, SourceRule } from './context.ts';

/** V21. */
export const persistentVolumeClaim: SourceRule<PersistentVolumeClaimVolumeSource> = (
  source,
  at,
  { errors },
) => {
  requireFields(errors, at, source, 'claimName');
};

/** A CSI driver's name. */
export function validateDriverName(errors: FieldErrors, field: string, name = ''): void {
  if (name === '') return errors.required(field);
  if (name.length > 63) errors.tooLong(field, 63);
  for (const text of isSubdomain(name.toLowerCase())) errors.invalid(field, name, text);
}

/** V33. */
export const csi: SourceRule<CSIVolumeSource> = (source, at, { errors }) => {
  validateDriverName(errors, `${at}.driver`, source.driver);
  const reference = source.nodePublishSecretRef;
  if (!reference) return;
  if (!reference.name) errors.required(`${at}.nodePublishSecretRef.name`);
  else {
    for (const text of isSubdomain(reference.name)) {
      errors.invalid(`${at}.name`, reference.name, text);
    }
  }
};

const SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

/** A PersistentVolume's CSI source. The secret for staging is not looked at. */
export const csiPersistent: SourceRule<CSIPersistentVolumeSource> = (source, at, context) => {
  const { errors, rules } = context;
  if (rules.before('1.13') && !rules.gate('CSIPersistentVolume')) {
    errors.forbidden(at, 'CSIPersistentVolume disabled by feature-gate');
  }
  validateDriverName(errors, `${at}.driver`, source.driver);
  if (!source.volumeHandle) errors.required(`${at}.volumeHandle`);
  for (const field of SECRETS) {
    const reference = source[field];
    if (!reference) continue;
    const blank = field === 'nodePublishSecretRef' && rules.before('1.24') ? ' ' : '';
    validateSecret(errors, `${at}.${field}${blank}`, reference);
  }
};

function validateSecret(
  errors: FieldErrors,
  at: string,
  { name = '', namespace = '' }: { name?: string; namespace?: string },
): void {
  if (name === '') errors.required(`${at}.name`);
  else for (const text of isSubdomain(name)) errors.invalid(`${at}.name`, name, text);
  if (namespace === '') errors.required(`${at}.namespace`);
  else for (const text of isLabel(namespace)) errors.invalid(`${at}.namespace`, namespace, text);
}

const TEMPLATE_METADATA = new Set(['labels', 'annotations']);

/** V34. */
export const ephemeral: SourceRule<EphemeralVolumeSource> = (
  source,
  at,
  context: SourceContext,
) => {
  const { errors } = context;
  const template = source.volumeClaimTemplate;
  const field = `${at}.volumeClaimTemplate`;
  if (!template) return errors.required(field);
  const metadata = (template.metadata ?? {}) as Partial<ObjectMeta>;
  validateAnnotations(errors, `${field}.metadata.annotations`, metadata.annotations);
  validateLabels(errors, `${field}.metadata.labels`, metadata.labels);
  for (const [name, value] of Object.entries(metadata)) {
    if (TEMPLATE_METADATA.has(name) || isZero(value)) continue;
    // Upstream makes the name out of Go's, in which it is UID.
    const where = context.rules.before('1.26') ? ' for an ephemeral volume' : '';
    errors.forbidden(`${field}.metadata.${name === 'uid' ? 'uID' : name}`, `cannot be set${where}`);
  }
  validateClaimSpec(errors, `${field}.spec`, template.spec ?? {}, context.rules);
  validateClaimName(context);
};

function isZero(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/** V7: the name of the claim that is made for the volume. */
function validateClaimName({ errors, at, name, podName }: SourceContext): void {
  if (!podName || name === '') return;
  const claim = `${podName}-${name}`;
  for (const text of isSubdomain(claim)) {
    errors.invalid(`${at}.name`, name, `PVC name "${claim}": ${text}`);
  }
}
