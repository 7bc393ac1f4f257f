import type { FieldErrors } from '../../field-errors.ts';
import type { PodSpec } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';

/** What the rules of one volume look at besides its source. */
export interface SourceContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  /** The field of the volume: `spec.volumes[0]`, or a PersistentVolume's `spec`. */
  readonly at: string;
  /** The volume's name. */
  readonly name: string;
  readonly owner: 'Pod' | 'template' | 'PersistentVolume';
  /** Of a Pod, once it has one. */
  readonly podName?: string | undefined;
  /** On update, what was wrong before may stay so where upstream lets it. */
  readonly old?: PodSpec | undefined;
}

/** Checks one source; `at` is its own field. */
export type SourceRule<Source> = (source: Source, at: string, context: SourceContext) => void;
