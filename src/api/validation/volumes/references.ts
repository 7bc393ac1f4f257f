import { byteLength } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type {
  CSIPersistentVolumeSource,
  CSIVolumeSource,
  EphemeralVolumeSource,
  ObjectMeta,
  PersistentVolumeClaimTemplate,
  PersistentVolumeClaimVolumeSource,
} from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { validateClaimSpec } from '../claim-spec.ts';
import { validateAnnotations, validateLabels } from '../metadata.ts';
import { isLabel, isOldDriverName, isSubdomain } from '../names.ts';
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

/** A CSI driver's name: a domain, and, until 1.13, anything of letters. */
export function validateDriverName(
  errors: FieldErrors,
  field: string,
  name: string | undefined = '',
  rules: VersionRules,
): void {
  if (name === '') errors.required(field);
  // Since then nothing more is said of one that is not there.
  if (name === '' && rules.atLeast('1.35')) return;
  if (byteLength(name) > 63) errors.tooLong(field, 63);
  const texts = rules.before('1.14') ? isOldDriverName(name) : isSubdomain(name.toLowerCase());
  for (const text of texts) errors.invalid(field, name, text);
}

/** V33. */
export const csi: SourceRule<CSIVolumeSource> = (source, at, { errors, rules }) => {
  validateDriverName(errors, `${at}.driver`, source.driver, rules);
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
  'nodeStageSecretRef',
  'nodeExpandSecretRef',
] as const;

/** A PersistentVolume's CSI source. The secret for staging is not looked at any more, from 1.15 on. */
export const csiPersistent: SourceRule<CSIPersistentVolumeSource> = (source, at, context) => {
  const { errors, rules } = context;
  if (rules.before('1.13') && !rules.gate('CSIPersistentVolume')) {
    errors.forbidden(at, 'CSIPersistentVolume disabled by feature-gate');
  }
  validateDriverName(errors, `${at}.driver`, source.driver, rules);
  if (!source.volumeHandle) errors.required(`${at}.volumeHandle`);
  for (const field of SECRETS) {
    const reference = source[field];
    if (!reference || (field === 'nodeStageSecretRef' && rules.atLeast('1.15'))) continue;
    const blank = field === 'nodePublishSecretRef' && rules.before('1.24') ? ' ' : '';
    validateSecret(`${at}.${field}${blank}`, reference, at, context);
  }
};

/** `source`: where versions before 1.25 say what is wrong with a name. */
function validateSecret(
  at: string,
  { name = '', namespace = '' }: { name?: string; namespace?: string },
  source: string,
  { errors, rules }: SourceContext,
): void {
  const field = rules.before('1.25') ? source : at;
  const rule = rules.before('1.27') ? isLabel : isSubdomain;
  if (name === '') errors.required(`${at}.name`);
  else for (const text of rule(name)) errors.invalid(`${field}.name`, name, text);
  if (namespace === '') errors.required(`${at}.namespace`);
  else for (const text of isLabel(namespace)) errors.invalid(`${field}.namespace`, namespace, text);
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
  if (template) validateTemplate(field, template, context);
  else errors.required(field);
  validateClaimName(context);
};

function validateTemplate(
  field: string,
  template: PersistentVolumeClaimTemplate,
  { errors, rules }: SourceContext,
): void {
  const metadata = (template.metadata ?? {}) as Partial<ObjectMeta>;
  validateAnnotations(errors, `${field}.metadata.annotations`, metadata.annotations);
  validateLabels(errors, `${field}.metadata.labels`, metadata.labels);
  for (const [name, value] of Object.entries(metadata)) {
    if (TEMPLATE_METADATA.has(name) || isZero(value)) continue;
    // Upstream makes the name out of Go's, in which it is UID.
    const where = rules.before('1.26') ? ' for an ephemeral volume' : '';
    errors.forbidden(`${field}.metadata.${name === 'uid' ? 'uID' : name}`, `cannot be set${where}`);
  }
  validateClaimSpec(errors, `${field}.spec`, template.spec ?? {}, rules);
}

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
