import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { StorageClass, TopologySelectorTerm, VolumeAttributesClass } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { isQualifiedName } from '../names.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';

const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;

/** V130–V136. Models pkg/apis/storage/validation/validation.go. */
export const storageClassRules: KindRules<StorageClass> = {
  create: (errors, storageClass, { rules }) => validateStorageClass(errors, storageClass, rules),
  update: (errors, now, old, { rules }) => {
    validateStorageClass(errors, now, rules);
    for (const field of ['parameters', 'provisioner', 'reclaimPolicy'] as const) {
      if (!semanticEqual(now[field] ?? undefined, old[field] ?? undefined, field)) {
        errors.forbidden(field, `updates to ${field} are forbidden.`);
      }
    }
    if (now.volumeBindingMode !== old.volumeBindingMode) {
      errors.invalid('volumeBindingMode', now.volumeBindingMode ?? '', 'field is immutable');
    }
  },
};

function validateStorageClass(
  errors: FieldErrors,
  storageClass: StorageClass,
  rules: VersionRules,
): void {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode } = storageClass;
  validateProvisioner(errors, 'provisioner', provisioner, rules);
  validateParameters(errors, parameters);
  if (reclaimPolicy !== '') errors.oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']);
  errors.oneOf('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
  validateTopologies(errors, storageClass.allowedTopologies ?? []);
}

/** V130. It is told in lower case since 1.21, which is how it is looked at. */
function validateProvisioner(
  errors: FieldErrors,
  field: string,
  name: string | undefined = '',
  rules: VersionRules,
): void {
  if (name === '') return errors.required(field);
  const lower = name.toLowerCase();
  const shown = rules.before('1.21') ? name : lower;
  for (const text of isQualifiedName(lower)) errors.invalid(field, shown, text);
}

/** V131. */
function validateParameters(
  errors: FieldErrors,
  parameters: Readonly<Record<string, string>> = {},
): void {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) return errors.tooLong('parameters', MAX_PARAMETERS);
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') errors.invalid('parameters', key, 'field can not be empty.');
    size += bytesOf(key).length + bytesOf(value).length;
  }
  if (size > MAX_PARAMETER_BYTES) errors.tooLong('parameters', MAX_PARAMETER_BYTES);
}

/** V134. */
function validateTopologies(errors: FieldErrors, terms: readonly TopologySelectorTerm[]): void {
  const seen: TopologySelectorTerm[] = [];
  terms.forEach((term, index) => {
    const at = `allowedTopologies[${index}]`;
    validateTopology(errors, at, term);
    // One that says nothing is as good as there already.
    const empty = !term.matchLabelExpressions?.length;
    if (empty || seen.some((other) => semanticEqual(sorted(other), sorted(term)))) {
      errors.duplicate(`${at}.matchLabelExpressions`, '');
    }
    seen.push(term);
  });
}

/** Keys and values in one order: terms that say the same are the same. */
function sorted({ matchLabelExpressions = [] }: TopologySelectorTerm): Record<string, string[]> {
  return Object.fromEntries(
    matchLabelExpressions.map(({ key, values = [] }) => [key, [...values].sort()]),
  );
}

function validateTopology(
  errors: FieldErrors,
  at: string,
  { matchLabelExpressions = [] }: TopologySelectorTerm,
): void {
  const keys = new Set<string>();
  matchLabelExpressions.forEach(({ key, values = [] }, index) => {
    const field = `${at}.matchLabelExpressions[${index}]`;
    if (values.length === 0) errors.required(`${field}.values`);
    values.forEach((value, i) => {
      if (values.indexOf(value) < i) errors.duplicate(`${field}.values[${i}]`, value);
    });
    for (const text of isQualifiedName(key)) errors.invalid(`${field}.key`, key, text);
    if (keys.has(key)) errors.duplicate(`${field}.key`, key);
    keys.add(key);
  });
}

/** V146. */
export const volumeAttributesClassRules: KindRules<VolumeAttributesClass> = {
  create: (errors, one, { rules }) => validateAttributesClass(errors, one, rules),
  update: (errors, now, old, { rules }) => {
    for (const field of ['driverName', 'parameters'] as const) {
      if (!semanticEqual(now[field], old[field], field)) {
        errors.forbidden(field, `updates to ${field} are forbidden.`);
      }
    }
    validateAttributesClass(errors, now, rules);
  },
};

function validateAttributesClass(
  errors: FieldErrors,
  { driverName, parameters = {} }: VolumeAttributesClass,
  rules: VersionRules,
): void {
  validateProvisioner(errors, 'driverName', driverName, rules);
  if (Object.keys(parameters).length === 0) {
    errors.required('parameters', 'must contain at least one key/value pair');
  } else validateParameters(errors, parameters);
}
