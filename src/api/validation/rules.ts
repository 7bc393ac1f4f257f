import type { FieldErrors } from '../field-errors.ts';
import type { Store } from '../store.ts';
import type { VersionRules } from '../versions.ts';

/** What rules look at besides the object. */
export interface ValidationContext {
  readonly rules: VersionRules;
  readonly store: Store;
}

/** Says what is wrong with a new object. */
export type CreateRule<Kind> = (
  errors: FieldErrors,
  object: Kind,
  context: ValidationContext,
) => void;

/** Says what is wrong with a changed object. */
export type UpdateRule<Kind> = (
  errors: FieldErrors,
  object: Kind,
  old: Kind,
  context: ValidationContext,
) => void;

/** The rules of a kind, besides those of metadata, which every kind has. */
export interface KindRules<Kind> {
  readonly create?: CreateRule<Kind>;
  readonly update?: UpdateRule<Kind>;
  readonly updateStatus?: UpdateRule<Kind>;
  /** Of the subresource `ephemeralcontainers`. */
  readonly updateEphemeralContainers?: UpdateRule<Kind>;
  /** Of the subresource `resize`. */
  readonly updateResize?: UpdateRule<Kind>;
  /** Of the subresource `finalize`. */
  readonly updateFinalize?: UpdateRule<Kind>;
}
