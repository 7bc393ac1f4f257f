import type { FieldErrors } from '../field-errors.ts';
import { kindInfo } from '../kinds.ts';
import type { NewObject } from '../store.ts';
import type { ObjectMeta } from '../types.ts';
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

const ANNOTATION_BYTES = 256 * 1024;

/** Names that may have anything that fits into a path of the API: roles, events, kinds without a schema. */
function isPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%']
    .filter((char) => name.includes(char))
    .map((char) => `may not contain '${char}'`);
}

/** Names, labels, annotations, finalizers and owners of an object. Models apimachinery's api/validation/objectmeta.go. */
export function validateMetadata(errors: FieldErrors, object: NewObject): void {
  const metadata = object.metadata as Partial<ObjectMeta>;
  const info = kindInfo(object.kind, object.apiVersion);
  const loose = info.group.startsWith('rbac.') || object.kind === 'Event';
  const rule = loose ? isPathSegment : (NAME_RULES[object.kind] ?? isSubdomain);
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
  validateFinalizers(errors, metadata.finalizers);
  validateOwners(errors, metadata.ownerReferences ?? []);
}

/** What a change of an object's metadata must not do. Models ValidateObjectMetaUpdate. */
export function validateMetadataUpdate(
  errors: FieldErrors,
  object: NewObject,
  old: NewObject,
): void {
  const metadata = object.metadata as Partial<ObjectMeta>;
  validateLabels(errors, 'metadata.labels', metadata.labels);
  validateAnnotations(errors, 'metadata.annotations', metadata.annotations);
  validateFinalizers(errors, metadata.finalizers);
  validateOwners(errors, metadata.ownerReferences ?? []);
  validateFinalizersOfDeleted(errors, metadata, old.metadata as Partial<ObjectMeta>);
}

function validateFinalizers(errors: FieldErrors, finalizers: readonly string[] = []): void {
  for (const finalizer of finalizers) {
    for (const text of isQualifiedName(finalizer)) {
      errors.invalid('metadata.finalizers', finalizer, text);
    }
  }
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
    // What is made up replaces nothing: a trailing dash is no error of the prefix.
    for (const text of rule(generateName.replace(/-+$/, '') || 'a')) {
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

function validateAnnotations(
  errors: FieldErrors,
  field: string,
  annotations: Readonly<Record<string, string>> = {},
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(field, key, text);
    size += key.length + value.length;
  }
  if (size > ANNOTATION_BYTES) errors.tooLong(field, ANNOTATION_BYTES);
}

function validateOwners(
  errors: FieldErrors,
  owners: NonNullable<ObjectMeta['ownerReferences']>,
): void {
  let controller: string | undefined;
  owners.forEach((owner, index) => {
    const at = `metadata.ownerReferences[${index}]`;
    if (!owner.apiVersion) errors.invalid(`${at}.apiVersion`, '', 'version must not be empty');
    if (!owner.kind) errors.invalid(`${at}.kind`, '', 'must not be empty');
    if (!owner.name) errors.invalid(`${at}.name`, '', 'must not be empty');
    if (!owner.uid) errors.invalid(`${at}.uid`, '', 'must not be empty');
    if (!owner.controller) return;
    if (controller !== undefined) {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.kind}/${owner.name}`;
      errors.invalid('metadata.ownerReferences', owners, detail);
    }
    controller = `${owner.kind}/${owner.name}`;
  });
}
