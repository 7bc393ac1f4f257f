import type { FieldErrors } from '../../field-errors.ts';
import { GoValue, LABEL_SELECTOR } from '../../go-syntax.ts';
import type { CSIStorageCapacity } from '../../types.ts';
import { isSubdomain } from '../names.ts';
import { validateNonnegativeQuantity } from '../quantities.ts';
import type { KindRules } from '../rules.ts';
import { validateLabelSelector } from '../selectors.ts';
import { semanticEqual } from '../semantic-equal.ts';

/** Models ValidateCSIStorageCapacity and its update of pkg/apis/storage/validation/validation.go. */
export const csiStorageCapacityRules: KindRules<CSIStorageCapacity> = {
  create: validateStorageCapacity,
  update: (errors, now, old) => {
    validateStorageCapacity(errors, now);
    for (const field of ['nodeTopology', 'storageClassName'] as const) {
      if (!semanticEqual(now[field], old[field], field)) {
        const topology = new GoValue(now.nodeTopology, LABEL_SELECTOR);
        const value = field === 'nodeTopology' ? topology : (now[field] ?? null);
        errors.invalid(field, value, 'field is immutable');
      }
    }
  },
};

function validateStorageCapacity(errors: FieldErrors, object: CSIStorageCapacity): void {
  const { storageClassName = '', nodeTopology, capacity } = object;
  validateLabelSelector(errors, 'nodeTopology', nodeTopology);
  for (const text of isSubdomain(storageClassName)) {
    errors.invalid('storageClassName', storageClassName, text);
  }
  if (capacity !== undefined) validateNonnegativeQuantity(errors, 'capacity', capacity);
}
