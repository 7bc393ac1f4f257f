import { byteLength } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import { isKnownKind, kindInfo } from '../kinds.ts';
import type { NewObject } from '../store.ts';
import type { ObjectMeta } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import {
  isLabel,
  isLabelValue,
  isQualifiedName,
  isRfc1035Label,
  isSubdomain,
  type NameRule,
} from './names.ts';

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  Namespace: isLabel,
  Service: isRfc1035Label,
  CSIDriver: isSubdomain,
};

function nameRuleOf(kind: string, rules: VersionRules | undefined): NameRule | undefined {
  // Its Pods' hosts are named by it.
  if (kind === 'StatefulSet' && rules?.atLeast('1.27')) return isLabel;
  // Rules of its own look at it.
  if (kind === 'CSIDriver' && rules?.before('1.21')) return isPathSegment;
  return Object.hasOwn(NAME_RULES, kind) ? NAME_RULES[kind] : undefined;
}

const ANNOTATION_BYTES = 256 * 1024;

/** Names that may have anything that fits into a path of the API: roles, events, kinds without a schema. */
function isPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%']
    .filter((char) => name.includes(char))
    .map((char) => `may not contain '${char}'`);
}

/** Names, labels, annotations, owners and finalizers of an object. Models apimachinery's api/validation/objectmeta.go. */
export function validateMetadata(
  errors: FieldErrors,
  object: NewObject,
  rules?: VersionRules,
): void {
  const metadata = object.metadata as Partial<ObjectMeta>;
  const info = kindInfo(object.kind, object.apiVersion);
  const loose = info.group.startsWith('rbac.') || object.kind === 'Event';
  const rule = loose ? isPathSegment : (nameRuleOf(object.kind, rules) ?? isSubdomain);
  validateName(errors, metadata, rule);
  if (!info.namespaced && metadata.namespace) {
    errors.forbidden('metadata.namespace', 'not allowed on this type');
  } else if (metadata.namespace) {
    for (const text of isLabel(metadata.namespace)) {
      errors.invalid('metadata.namespace', metadata.namespace, text);
    }
  }
  validateLabels(errors, 'metadata.labels', metadata.labels);
  validateAnnotations(errors, 'metadata.annotations', metadata.annotations);
  validateOwners(errors, metadata.ownerReferences ?? [], rules);
  validateFinalizers(errors, object);
}

/** What a change of an object's metadata must not do. Models ValidateObjectMetaUpdate. */
export function validateMetadataUpdate(
  errors: FieldErrors,
  object: NewObject,
  old: NewObject,
  rules: VersionRules,
): void {
  const metadata = object.metadata as Partial<ObjectMeta>;
  validateFinalizersOfDeleted(errors, metadata, old.metadata as Partial<ObjectMeta>);
  validateLabels(errors, 'metadata.labels', metadata.labels);
  validateAnnotations(errors, 'metadata.annotations', metadata.annotations);
  validateOwners(errors, metadata.ownerReferences ?? [], rules);
  validateFinalizers(errors, object);
}

const STANDARD_FINALIZERS: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Names with a prefix, or, in Kubernetes' own kinds, one of three without. */
function validateFinalizers(errors: FieldErrors, { kind, metadata }: NewObject): void {
  const { finalizers = [] } = metadata;
  const field = 'metadata.finalizers';
  for (const finalizer of finalizers) {
    for (const text of isQualifiedName(finalizer)) errors.invalid(field, finalizer, text);
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.invalid(field, finalizers, detail);
  }
  if (!isKnownKind(kind)) return;
  finalizers.forEach((finalizer, index) => {
    if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return;
    const detail = 'name is neither a standard finalizer name nor is it fully qualified';
    errors.invalid(`${field}[${index}]`, finalizer, detail);
  });
}

/** Once an object is being deleted, nothing more can hold it. */
function validateFinalizersOfDeleted(
  errors: FieldErrors,
  { finalizers = [] }: Partial<ObjectMeta>,
  old: Partial<ObjectMeta>,
): void {
  if (old.deletionTimestamp === undefined) return;
  const added = finalizers.filter((one) => !old.finalizers?.includes(one));
  if (added.length === 0) return;
  const names = added.map((one) => JSON.stringify(one)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  errors.forbidden('metadata.finalizers', detail);
}

function validateName(
  errors: FieldErrors,
  { name, generateName }: Partial<ObjectMeta>,
  rule: NameRule,
): void {
  if (generateName) {
    // A trailing dash is no error of a prefix: more comes after it.
    const masked = /.-$/.test(generateName) ? `${generateName.slice(0, -2)}a` : generateName;
    for (const text of rule(masked)) {
      errors.invalid('metadata.generateName', generateName, text);
    }
  }
  if (name) for (const text of rule(name)) errors.invalid('metadata.name', name, text);
  else if (!generateName) errors.required('metadata.name', 'name or generateName is required');
}

/** Keys and values of labels. */
export function validateLabels(
  errors: FieldErrors,
  field: string,
  labels: Readonly<Record<string, string>> = {},
): void {
  for (const [key, value] of Object.entries(labels)) {
    for (const text of isQualifiedName(key)) errors.invalid(field, key, text);
    for (const text of isLabelValue(value)) errors.invalid(field, value, text);
  }
}

/** Keys of annotations, and the size of all of them. */
export function validateAnnotations(
  errors: FieldErrors,
  field: string,
  annotations: Readonly<Record<string, string>> = {},
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(field, key, text);
    size += byteLength(key) + byteLength(value);
  }
  if (size > ANNOTATION_BYTES) errors.tooLong(field, ANNOTATION_BYTES);
}

function validateOwners(
  errors: FieldErrors,
  owners: NonNullable<ObjectMeta['ownerReferences']>,
  rules: VersionRules | undefined,
): void {
  let controller: string | undefined;
  const at = 'metadata.ownerReferences';
  for (const owner of owners) {
    if (!owner.apiVersion) errors.invalid(`${at}.apiVersion`, '', 'version must not be empty');
    for (const field of ['kind', 'name', 'uid'] as const) {
      const what = rules?.before('1.34') ? `${field} ` : '';
      if (!owner[field]) errors.invalid(`${at}.${field}`, '', `${what}must not be empty`);
    }
    // One goes after an hour, and would take everything along.
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner');
    }
    if (!owner.controller) continue;
    if (controller !== undefined) {
      const other = rules?.before('1.26') ? owner.name : `${owner.kind}/${owner.name}`;
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${other}`;
      errors.invalid(at, owners, detail);
    } else controller = `${owner.kind}/${owner.name}`;
  }
}
