import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { Event } from '../../types.ts';
import { isQualifiedName } from '../names.ts';
import type { KindRules } from '../rules.ts';

/** Models legacyValidateEvent of pkg/apis/core/validation/events.go, which is all that core/v1 asks for. */
export const eventRules: KindRules<Event> = {
  create: validateEvent,
  update: (errors, event) => validateEvent(errors, event),
};

const LONGEST = 128;
const LONGEST_MESSAGE = 1024;

function validateEvent(errors: FieldErrors, event: Event): void {
  const { metadata, involvedObject, eventTime } = event;
  const { namespace } = metadata;
  const of = involvedObject.namespace ?? '';
  // Objects that are in no namespace have their events in the first one.
  const free = eventTime === undefined ? ['default'] : ['default', 'kube-system'];
  const agrees = of === '' ? free.includes(namespace) : eventTime !== undefined || of === namespace;
  if (!agrees) errors.invalid('involvedObject.namespace', of, 'does not match event.namespace');
  if (eventTime !== undefined) validateReport(errors, event);
}

/** What events of the newer form say. */
function validateReport(errors: FieldErrors, event: Event): void {
  const { reportingComponent = '', reportingInstance, action, reason, message = '' } = event;
  if (reportingComponent === '') errors.required('reportingComponent');
  for (const text of isQualifiedName(reportingComponent)) {
    errors.invalid('reportingComponent', reportingComponent, text);
  }
  for (const [field, text = ''] of Object.entries({ reportingInstance, action, reason })) {
    if (text === '') errors.required(field);
    validateLength(errors, field, text, LONGEST);
  }
  validateLength(errors, 'message', message, LONGEST_MESSAGE);
}

/** Upstream leaves the text out of what it says. */
function validateLength(errors: FieldErrors, field: string, text: string, limit: number): void {
  if (bytesOf(text).length <= limit) return;
  errors.invalid(field, '', `can have at most ${limit} characters`);
}
