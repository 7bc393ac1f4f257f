import type { FieldErrors } from '../../field-errors.ts';
import { validateCounts } from './counts.ts';

/** How many Pods there are, by what they are. */
interface ReplicaCounts {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
}

const BOUNDED: readonly string[] = [
  'updatedReplicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'currentReplicas',
  'availableReplicas',
];

/** Counts of a status: not negative, and no part more than the whole. `ready`: how the ready ones are called. */
export function validateReplicaCounts<T extends ReplicaCounts>(
  errors: FieldErrors,
  status: T,
  fields: readonly (keyof T & string)[],
  ready = 'readyReplicas',
): void {
  validateCounts(errors, 'status', status, fields);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const field of fields) {
    const count = (status[field] ?? 0) as number;
    if (!BOUNDED.includes(field) || count <= replicas) continue;
    errors.invalid(`status.${field}`, count, 'cannot be greater than status.replicas');
  }
  if (availableReplicas <= readyReplicas) return;
  errors.invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${ready}`);
}

/** How often names collided only grows. */
export function validateNotDecremented(
  errors: FieldErrors,
  { collisionCount: now }: { readonly collisionCount?: number },
  { collisionCount: before }: { readonly collisionCount?: number } = {},
): void {
  if (before === undefined || (now !== undefined && now >= before)) return;
  errors.invalid('status.collisionCount', now ?? 0, 'cannot be decremented');
}
