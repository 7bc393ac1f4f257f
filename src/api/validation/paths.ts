import type { FieldErrors } from '../field-errors.ts';

/** No element `..`. Models validatePathNoBacksteps of pkg/apis/core/validation/validation.go. */
export function noBacksteps(errors: FieldErrors, field: string, path: string): void {
  if (path.split('/').includes('..')) errors.invalid(field, path, "must not contain '..'");
}

/** Relative, and no element `..`. Models validateLocalDescendingPath. */
export function descending(errors: FieldErrors, field: string, path: string): void {
  if (path.startsWith('/')) errors.invalid(field, path, 'must be a relative path');
  noBacksteps(errors, field, path);
}

/** Descending, and not with the names that the atomic writer has for itself. Models validateLocalNonReservedPath. */
export function nonReserved(errors: FieldErrors, field: string, path: string): void {
  descending(errors, field, path);
  if (path.startsWith('..') && !path.startsWith('../')) {
    errors.invalid(field, path, "must not start with '..'");
  }
}

/** Modes of files: 0 to 0777. */
export function fileMode(errors: FieldErrors, field: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) {
    const detail = 'must be a number between 0 and 0777 (octal), both inclusive';
    errors.invalid(field, mode, detail);
  }
}

/** A user by its number. */
export function userId(errors: FieldErrors, field: string, user: number | undefined): void {
  inRange(errors, field, user, [0, 2 ** 31 - 1]);
}

/** A number from a range. */
export function inRange(
  errors: FieldErrors,
  field: string,
  value: number | undefined,
  [low, high]: readonly [number, number],
): void {
  if (value !== undefined && (value < low || value > high)) {
    errors.invalid(field, value, `must be between ${low} and ${high}, inclusive`);
  }
}

/** Required, with the fields that it is required of. */
export function requireFields(
  errors: FieldErrors,
  at: string,
  source: object,
  ...fields: readonly string[]
): void {
  for (const field of fields) {
    if (!(source as Record<string, unknown>)[field]) errors.required(`${at}.${field}`);
  }
}
