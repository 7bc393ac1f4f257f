import type { FieldErrors } from '../field-errors.ts';
import type { Container } from '../types.ts';
import { type ContainersContext, validateContainer } from './container.ts';
import { validateHandlers } from './handlers.ts';

/** In which order versions up to 1.24 looked at a container. Models validateContainers as it was then. */
const FIELDS: readonly string[] = [
  'name',
  'image',
  'lifecycle',
  'livenessProbe',
  'startupProbe',
  'terminationMessagePolicy',
  'readinessProbe',
  'ports',
  'env',
  'envFrom',
  'volumeMounts',
  'volumeDevices',
  'imagePullPolicy',
  'resources',
  'securityContext',
];

/** What is common to the containers of a list, hooks and probes among it; those that start a Pod had that looked at, too. */
export function validateOldContainers(
  at: string,
  containers: readonly Container[],
  context: ContainersContext,
): void {
  const { errors, spec } = context;
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const { name = '' } = container;
    const before = errors.count;
    validateContainer(field, container, context);
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    validateHandlers(errors, field, container, spec.terminationGracePeriodSeconds);
    inOldOrder(errors, before, field);
  });
}

function inOldOrder(errors: FieldErrors, from: number, at: string): void {
  errors.sort(from, (field) => {
    const [name = ''] = field.slice(at.length + 1).split(/[.[]/);
    return FIELDS.indexOf(name);
  });
}
