import type { FieldErrors } from '../../field-errors.ts';
import type { Namespace } from '../../types.ts';
import { isQualifiedName } from '../names.ts';
import type { KindRules } from '../rules.ts';

/** Models ValidateNamespace and its updates of pkg/apis/core/validation/validation.go. */
export const namespaceRules: KindRules<Namespace> = {
  create: (errors, { spec }) => {
    for (const name of spec?.finalizers ?? []) validateFinalizer(errors, 'spec.finalizers', name);
  },
  updateFinalize: (errors, { spec }) => {
    spec?.finalizers?.forEach((name, index) => {
      validateFinalizer(errors, `spec.finalizers[${index}]`, name);
    });
  },
  updateStatus: (errors, { metadata, status }) => {
    const { phase = '' } = status ?? {};
    const wanted = metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating';
    if (phase === wanted) return;
    const when = wanted === 'Active' ? 'is empty' : 'is not empty';
    const detail = `may only be '${wanted}' if \`deletionTimestamp\` ${when}`;
    errors.invalid('status.Phase', phase, detail);
  },
};

const STANDARD: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

function validateFinalizer(errors: FieldErrors, field: string, name: string): void {
  for (const text of isQualifiedName(name)) errors.invalid(field, name, text);
  if (name.includes('/') || STANDARD.includes(name)) return;
  const detail = 'name is neither a standard finalizer name nor is it fully qualified';
  errors.invalid(field, name, detail);
}
