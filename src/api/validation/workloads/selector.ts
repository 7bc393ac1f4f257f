import type { FieldErrors } from '../../field-errors.ts';
import { GoValue, LABEL_SELECTOR, STRING_MAP } from '../../go-syntax.ts';
import { matchesLabels } from '../../selectors.ts';
import type { LabelSelector, PodTemplateSpec } from '../../types.ts';
import { validateLabelSelector } from '../selectors.ts';
import { semanticEqual } from '../semantic-equal.ts';

const SELECTOR = 'spec.selector';

/** A selector that has to be there, and has to select something; `what` has it. Returns whether it can be read. */
export function validateSelector(
  errors: FieldErrors,
  selector: LabelSelector | undefined,
  what: string,
): boolean {
  if (!selector) errors.required(SELECTOR);
  const before = errors.count;
  validateLabelSelector(errors, SELECTOR, selector);
  const readable = errors.count === before;
  if (selector) validateNotEmpty(errors, selector, what);
  return readable;
}

/** It selects something. */
export function validateNotEmpty(errors: FieldErrors, selector: LabelSelector, what: string): void {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length > 0 || matchExpressions.length > 0) return;
  errors.invalid(
    SELECTOR,
    new GoValue(selector, LABEL_SELECTOR),
    `empty selector is invalid for ${what}`,
  );
}

/** It selects what the template makes. One that is missing selects nothing. */
export function validateMatch(
  errors: FieldErrors,
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
  at = 'spec.template',
): void {
  const labels = template?.metadata?.labels ?? {};
  if (selector && matchesLabels(selector, labels)) return;
  const detail = '`selector` does not match template `labels`';
  const shown = new GoValue(template?.metadata?.labels, STRING_MAP);
  errors.invalid(`${at}.metadata.labels`, shown, detail);
}

/** What a kind of workload says to be selected by. */
interface Selecting {
  readonly apiVersion: string;
  readonly spec: { readonly selector?: LabelSelector };
}

/** A selector stays, where the API version says so: since apps/v1beta2. */
export function validateSelectorUpdate(
  errors: FieldErrors,
  { apiVersion, spec }: Selecting,
  old: Selecting,
): void {
  const loose = apiVersion === 'extensions/v1beta1' || apiVersion === 'apps/v1beta1';
  if (loose || semanticEqual(spec.selector, old.spec.selector)) return;
  errors.invalid(SELECTOR, new GoValue(spec.selector, LABEL_SELECTOR), 'field is immutable');
}
