import { FieldErrors } from '../field-errors.ts';
import { kindInfo } from '../kinds.ts';
import type { NewObject, Store, Subresource } from '../store.ts';
import type { VersionRules } from '../versions.ts';

/** What rules look at besides the object. */
export interface ValidationContext {
  readonly rules: VersionRules;
  readonly store: Store;
}

/** Throws ApiError Invalid with everything that is wrong with a new object. */
export function validateCreate(object: NewObject, context: ValidationContext): void {
  const errors = newErrors(context);
  finish(object, errors);
}

/** The same for a changed one. */
export function validateUpdate(
  object: NewObject,
  old: NewObject,
  context: ValidationContext,
  subresource: Subresource | undefined,
): void {
  const errors = newErrors(context);
  void [old, subresource];
  finish(object, errors);
}

function newErrors({ rules }: ValidationContext): FieldErrors {
  return new FieldErrors({ quotedValues: rules.atLeast('1.9') });
}

function finish({ kind, apiVersion, metadata }: NewObject, errors: FieldErrors): void {
  const error = errors.toError(kind, metadata.name ?? '', kindInfo(kind, apiVersion).group);
  if (error) throw error;
}
