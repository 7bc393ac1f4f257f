import { isSidecar } from '../defaults/pod.ts';
import { type GoType, GoValue } from '../go-syntax.ts';
import type { Container, ContainerPort } from '../types.ts';
import { type ContainersContext, validateContainer, validateImage } from './container.ts';
import { validateHandlers } from './handlers.ts';
import { internalValue } from './internal-value.ts';
import { validateOldContainers } from './old-containers.ts';

/** The containers of a Pod. Models validateContainers, validateInitContainers and validateEphemeralContainers. */
export function validateContainers(at: string, context: ContainersContext): void {
  validateRegular(`${at}.containers`, context);
  validateInit(`${at}.initContainers`, context);
  validateEphemeral(`${at}.ephemeralContainers`, context);
}

function validateRegular(at: string, context: ContainersContext): void {
  const { errors, spec, rules } = context;
  const { containers = [], terminationGracePeriodSeconds: grace } = spec;
  if (containers.length === 0) errors.required(at);
  if (rules.before('1.25')) {
    validateOldContainers(at, containers, context);
    return validateHostPorts(at, containers, context);
  }
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    validateContainer(field, container, context);
    const { name = '', restartPolicy } = container;
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    validateHandlers(errors, field, container, grace);
    if (restartPolicy === undefined) return;
    if (rules.atLeast('1.35')) {
      errors.oneOf(`${field}.restartPolicy`, restartPolicy, ['Always', 'OnFailure', 'Never']);
    } else errors.forbidden(`${field}.restartPolicy`, 'may not be set for non-init containers');
  });
  validateHostPorts(at, containers, context);
}

const WITH_RESTARTS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function validateInit(at: string, context: ContainersContext): void {
  const { errors, spec, rules, old } = context;
  const { containers = [], initContainers = [], terminationGracePeriodSeconds: grace } = spec;
  const names = new Set(containers.map(({ name }) => name ?? ''));
  if (rules.before('1.25')) return validateOldInit(at, names, context);
  initContainers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const { name = '', restartPolicy } = container;
    validateContainer(field, container, context);
    const policies = rules.atLeast('1.35') ? ['Always', 'OnFailure', 'Never'] : ['Always'];
    errors.oneOf(`${field}.restartPolicy`, restartPolicy, policies);
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    else if (name !== '') names.add(name);
    validateHostPorts(at, [container], context);
    if (isSidecar(container)) validateHandlers(errors, field, container, grace);
    else forbidHandlers(field, container, context);
    validateResizePolicy(field, container, context, old?.initContainers);
  });
}

/** Until 1.24 all of them were looked at as others are, and then again. */
function validateOldInit(at: string, names: Set<string>, context: ContainersContext): void {
  const { initContainers = [] } = context.spec;
  validateOldContainers(at, initContainers, context);
  for (const container of initContainers) validateHostPorts(at, [container], context);
  initContainers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const { name = '' } = container;
    if (names.has(name)) context.errors.duplicate(`${field}.name`, name);
    else if (name !== '') names.add(name);
    forbidHandlers(field, container, context);
  });
}

/** Before 1.33 one that starts a Pod has none; since 1.36 only one that goes on may restart. */
function validateResizePolicy(
  at: string,
  container: Container,
  { errors, rules }: ContainersContext,
  old: readonly Container[] = [],
): void {
  const { resizePolicy = [] } = container;
  if (resizePolicy.length === 0) return;
  if (rules.before('1.33') && !(rules.version === '1.32' && old.some(hasPolicy))) {
    const json = resizePolicy.map((one) => internalValue(one, RESIZE_POLICY));
    const value = new GoValue(resizePolicy, RESIZE_POLICIES, json);
    errors.invalid(`${at}.resizePolicy`, value, 'must not be set for init containers');
  }
  if (isSidecar(container) || rules.before('1.36') || old.some(restartsForNothing)) return;
  resizePolicy.forEach(({ restartPolicy }, index) => {
    if (restartPolicy !== 'RestartContainer') return;
    const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
    errors.invalid(`${at}.resizePolicy[${index}].restartPolicy`, restartPolicy, detail);
  });
}

const RESIZE_POLICY = { ResourceName: '', RestartPolicy: '' } as const;
const RESIZE_POLICIES: GoType = {
  list: '[]core.ContainerResizePolicy',
  of: { struct: 'core.ContainerResizePolicy', fields: RESIZE_POLICY },
};

function hasPolicy(container: Container): boolean {
  return isSidecar(container) && (container.resizePolicy?.length ?? 0) > 0;
}

function restartsForNothing(container: Container): boolean {
  if (isSidecar(container)) return false;
  return container.resizePolicy?.some((one) => one.restartPolicy === 'RestartContainer') ?? false;
}

function forbidHandlers(
  at: string,
  container: Container,
  { errors, rules }: ContainersContext,
): void {
  const when = rules.atLeast('1.28') ? ' without restartPolicy=Always' : '';
  for (const one of WITH_RESTARTS) {
    const value = container[one];
    if (value === undefined) continue;
    const field = `${at}.${one}`;
    if (rules.atLeast('1.25')) errors.forbidden(field, `may not be set for init containers${when}`);
    else errors.invalid(field, value, 'must not be set for init containers');
  }
}

/** No port of the host twice. Models AccumulateUniqueHostPorts. */
function validateHostPorts(
  at: string,
  containers: readonly Container[],
  { errors }: ContainersContext,
): void {
  const used = new Set<string>();
  const check = ({ protocol = '', hostIP = '', hostPort }: ContainerPort, field: string): void => {
    if (!hostPort) return;
    const port = `${protocol}/${hostIP}/${hostPort}`;
    if (used.has(port)) errors.duplicate(`${field}.hostPort`, port);
    used.add(port);
  };
  containers.forEach(({ ports = [] }, container) => {
    ports.forEach((port, index) => {
      check(port, `${at}[${container}].ports[${index}]`);
    });
  });
}

/** In the order of upstream's struct. */
const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

/** 7.3. */
function validateEphemeral(at: string, context: ContainersContext): void {
  const { errors, spec } = context;
  const { ephemeralContainers = [], containers = [], initContainers = [] } = spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name ?? ''));
  const names = new Set(others);
  ephemeralContainers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const { name = '', targetContainerName: target } = container;
    validateContainer(field, container, context);
    validateImage(errors, field, container);
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    if (target && !others.has(target)) errors.notFound(`${field}.targetContainerName`, target);
    validateAllowed(field, container, context);
  });
}

const DETAIL = 'cannot be set for an Ephemeral Container';

function validateAllowed(at: string, container: Container, { errors }: ContainersContext): void {
  for (const name of NOT_EPHEMERAL) {
    if (!isEmpty(container[name])) errors.forbidden(`${at}.${name}`, DETAIL);
  }
  container.volumeMounts?.forEach(({ subPath, subPathExpr }, index) => {
    const field = `${at}.volumeMounts[${index}]`;
    if (subPath) errors.forbidden(`${field}.subPath`, DETAIL);
    if (subPathExpr) errors.forbidden(`${field}.subPathExpr`, DETAIL);
  });
}

/** What defaults leave of a field that was not given. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  );
}
