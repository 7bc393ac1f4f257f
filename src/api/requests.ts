import { ApiError } from './api-error.ts';
import { FieldErrors } from './field-errors.ts';
import type { DeletionOptions } from './graceful-deletion.ts';

/** How kubectl deletes. A grace period of 0 without `force` is 1 second. */
export interface UserDeleteOptions {
  readonly namespace?: string;
  readonly gracePeriodSeconds?: number;
  readonly force?: boolean;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** Throws ApiError BadRequest, which names the argument, for what is no text, or an empty one. */
export function demandText(value: unknown, argument: string): void {
  if (typeof value === 'string' && value !== '') return;
  const what = value === '' ? 'it may not be empty' : `not ${typeOf(value)}`;
  throw ApiError.badRequest(`${argument} must be a text: ${what}`);
}

/** The same where it may be left out. */
export function demandOptionalText(value: unknown, argument: string): void {
  if (value !== undefined && typeof value !== 'string') {
    throw ApiError.badRequest(`${argument} must be a text: not ${typeOf(value)}`);
  }
}

/** Throws ApiError BadRequest, which names the argument, for what cannot be called. */
export function demandFunction(value: unknown, argument: string): void {
  if (typeof value === 'function') return;
  throw ApiError.badRequest(`${argument} must be a function: not ${typeOf(value)}`);
}

/** Throws ApiError BadRequest for options that are no object. */
export function demandOptions(value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw ApiError.badRequest(`options must be an object: not ${typeOf(value)}`);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'];

/**
 * What kubectl asks of the API server. Throws ApiError: BadRequest for what kubectl does not take, Invalid for what the server does not.
 * Models kubectl's cmd/delete and ValidateDeleteOptions of apimachinery's meta/v1/validation.
 */
export function deletionOptions(options: UserDeleteOptions): DeletionOptions {
  const { gracePeriodSeconds: period, force, propagationPolicy } = options;
  if (period !== undefined && !Number.isInteger(period)) {
    throw ApiError.badRequest(`gracePeriodSeconds: ${String(period)} is not a whole number`);
  }
  if (force && period !== undefined && period > 0) {
    throw ApiError.badRequest(
      '--force and --grace-period greater than 0 cannot be specified together',
    );
  }
  const errors = new FieldErrors();
  if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy)) {
    errors.notSupported('propagationPolicy', propagationPolicy, [...POLICIES, 'nil']);
  }
  const error = errors.toError('DeleteOptions', '', 'meta.k8s.io');
  if (error) throw error;
  const seconds = force ? 0 : period === 0 ? 1 : period;
  return { gracePeriodSeconds: seconds, propagationPolicy };
}
