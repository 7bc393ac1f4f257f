import type { FieldErrors } from '../field-errors.ts';
import type { LabelSelector, NodeSelector, NodeSelectorTerm } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateLabels } from './metadata.ts';
import { isLabelValue, isQualifiedName, isSubdomain } from './names.ts';

/** A selector of labels. Models apimachinery's apis/meta/v1/validation. */
export function validateLabelSelector(
  errors: FieldErrors,
  at: string,
  selector: LabelSelector | undefined,
): void {
  if (!selector) return;
  validateLabels(errors, `${at}.matchLabels`, selector.matchLabels);
  selector.matchExpressions?.forEach(({ key = '', operator, values = [] }, index) => {
    const field = `${at}.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      if (values.length === 0) errors.required(`${field}.values`, detail);
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      if (values.length > 0) errors.forbidden(`${field}.values`, detail);
    } else errors.invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
    for (const text of isQualifiedName(key)) errors.invalid(`${field}.key`, key, text);
    values.forEach((value, at) => {
      for (const text of isLabelValue(value)) errors.invalid(`${field}.values[${at}]`, value, text);
    });
  });
}

/** A selector of nodes: one term at least. Models ValidateNodeSelector. */
export function validateNodeSelector(
  errors: FieldErrors,
  at: string,
  { nodeSelectorTerms = [] }: NodeSelector,
  rules: VersionRules,
): void {
  const field = `${at}.nodeSelectorTerms`;
  if (nodeSelectorTerms.length === 0) {
    errors.required(field, 'must have at least one node selector term');
  }
  nodeSelectorTerms.forEach((term, index) => {
    validateNodeSelectorTerm(errors, `${field}[${index}]`, term, rules.atLeast('1.33'));
  });
}

/** One term of a selector of nodes; also whether its values can be labels. Models ValidateNodeSelectorTerm. */
export function validateNodeSelectorTerm(
  errors: FieldErrors,
  at: string,
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  labelValues = false,
): void {
  matchExpressions.forEach(({ key = '', operator, values = [] }, index) => {
    const field = `${at}.matchExpressions[${index}]`;
    checkValues(errors, field, operator, values);
    for (const text of isQualifiedName(key)) errors.invalid(`${field}.key`, key, text);
    if (!labelValues) return;
    values.forEach((value, at) => {
      for (const text of isLabelValue(value)) errors.invalid(`${field}.values[${at}]`, value, text);
    });
  });
  matchFields.forEach(({ key = '', operator, values = [] }, index) => {
    const field = `${at}.matchFields[${index}]`;
    if (operator !== 'In' && operator !== 'NotIn') {
      errors.invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
    } else if (values.length !== 1) {
      const detail =
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
      errors.required(`${field}.values`, detail);
    }
    const known = key === 'metadata.name';
    if (!known) errors.invalid(`${field}.key`, key, 'not a valid field selector key');
    const rule = known ? isSubdomain : () => [];
    values.forEach((value, at) => {
      for (const text of rule(value)) errors.invalid(`${field}.values[${at}]`, value, text);
    });
  });
}

function checkValues(
  errors: FieldErrors,
  field: string,
  operator: string | undefined,
  values: readonly string[],
): void {
  if (operator === 'In' || operator === 'NotIn') {
    const detail = "must be specified when `operator` is 'In' or 'NotIn'";
    if (values.length === 0) errors.required(`${field}.values`, detail);
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) errors.forbidden(`${field}.values`, detail);
  } else if (operator === 'Gt' || operator === 'Lt') {
    const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
    if (values.length !== 1) errors.required(`${field}.values`, detail);
  } else errors.invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
}
