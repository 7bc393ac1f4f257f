import type { FieldErrors } from '../field-errors.ts';
import type { LabelSelector, NodeSelectorTerm } from '../types.ts';
import { validateLabels } from './metadata.ts';
import { isLabelValue, isQualifiedName } from './names.ts';

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

/** One term of a selector of nodes. Models ValidateNodeSelectorTerm. */
export function validateNodeSelectorTerm(
  errors: FieldErrors,
  at: string,
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
): void {
  matchExpressions.forEach(({ key = '', operator, values = [] }, index) => {
    const field = `${at}.matchExpressions[${index}]`;
    checkValues(errors, field, operator, values);
    for (const text of isQualifiedName(key)) errors.invalid(`${field}.key`, key, text);
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
    if (key !== 'metadata.name') {
      errors.invalid(`${field}.key`, key, 'not a valid field selector key');
    }
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
