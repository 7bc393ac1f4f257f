import { compareQuantities } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { Container, EnvVar, PodSpec, ResourceRequirements, Volume } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateDevices, validateMounts } from './mounts.ts';
import { isLabel, isQualifiedName, isSubdomain } from './names.ts';
import { noBacksteps } from './paths.ts';
import { ENV_FIELDS, validateFieldRef, validateResourceRef } from './volumes/downward.ts';

/** What the rules of containers look at besides. */
export interface ContainersContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly spec: PodSpec;
}

/** Names, mounts, variables and resources of containers. Names must differ in the whole Pod. Models ValidateContainers. */
export function validateContainers(at: string, context: ContainersContext): void {
  const { errors, spec } = context;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  if (containers.length === 0) errors.required(`${at}.containers`);
  const names = new Set<string>();
  validateList(`${at}.containers`, containers, names, context);
  validateList(`${at}.initContainers`, initContainers, names, context);
  validateList(`${at}.ephemeralContainers`, ephemeralContainers, names, context);
  validateEphemeral(`${at}.ephemeralContainers`, context);
}

function validateList(
  at: string,
  containers: readonly Container[],
  names: Set<string>,
  context: ContainersContext,
): void {
  const { errors } = context;
  containers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const name = container.name ?? '';
    if (name === '') errors.required(`${field}.name`);
    else for (const text of isLabel(name)) errors.invalid(`${field}.name`, name, text);
    if (name !== '' && names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    if (!container.image) errors.required(`${field}.image`);
    else if (container.image.trim() !== container.image) {
      const detail = 'must not have leading or trailing whitespace';
      errors.invalid(`${field}.image`, container.image, detail);
    }
    validateContainer(field, container, context);
  });
}

function validateContainer(at: string, container: Container, context: ContainersContext): void {
  const { errors, rules, volumes, spec } = context;
  const policies = ['File', 'FallbackToLogsOnError'];
  const policy = container.terminationMessagePolicy;
  if (policy !== undefined && !policies.includes(policy)) {
    errors.invalid(
      `${at}.terminationMessagePolicy`,
      policy,
      "must be 'File' or 'FallbackToLogsOnError'",
    );
  }
  validatePorts(`${at}.ports`, container, errors);
  container.env?.forEach((variable, index) => {
    validateVariable(`${at}.env[${index}]`, variable, context);
  });
  const mounts = { errors, rules, volumes, container };
  validateMounts(`${at}.volumeMounts`, mounts);
  validateDevices(`${at}.volumeDevices`, mounts);
  const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
  errors.oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  validateResources(errors, `${at}.resources`, container.resources ?? {});
  if (spec.hostUsers === false && (container.volumeDevices?.length ?? 0) > 0) {
    errors.forbidden(`${at}.volumeDevices`, 'when `hostUsers` is false');
  }
}

function validatePorts(at: string, { ports = [] }: Container, errors: FieldErrors): void {
  ports.forEach(({ containerPort, hostPort, protocol }, index) => {
    const detail = 'must be between 1 and 65535, inclusive';
    const field = `${at}[${index}]`;
    if (!containerPort) errors.required(`${field}.containerPort`);
    else if (containerPort < 1 || containerPort > 65535) {
      errors.invalid(`${field}.containerPort`, containerPort, detail);
    }
    if (hostPort && (hostPort < 1 || hostPort > 65535)) {
      errors.invalid(`${field}.hostPort`, hostPort, detail);
    }
    errors.oneOf(`${field}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
  });
}

const FROM = [
  'fieldRef',
  'resourceFieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'fileKeyRef',
] as const;

function validateVariable(at: string, variable: EnvVar, context: ContainersContext): void {
  const { errors, volumes } = context;
  const { name = '', value = '', valueFrom } = variable;
  if (name === '') errors.required(`${at}.name`);
  if (!valueFrom) return;
  const field = `${at}.valueFrom`;
  const given = FROM.filter((one) => valueFrom[one] !== undefined);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  if (fieldRef) validateVariableField(errors, `${field}.fieldRef`, fieldRef);
  if (resourceFieldRef) {
    validateResourceRef(errors, `${field}.resourceFieldRef`, resourceFieldRef, false);
  }
  if (configMapKeyRef) validateKey(errors, `${field}.configMapKeyRef`, configMapKeyRef);
  if (secretKeyRef) validateKey(errors, `${field}.secretKeyRef`, secretKeyRef);
  if (fileKeyRef) {
    const { key = '', path = '', volumeName = '' } = fileKeyRef;
    const file = `${field}.fileKeyRef`;
    if (key === '') errors.required(`${file}.key`);
    if (path === '') errors.required(`${file}.path`);
    noBacksteps(errors, `${file}.path`, path);
    const volume = volumes.get(volumeName);
    if (volumeName === '') errors.required(`${file}.volumeName`);
    else if (!volume) errors.notFound(`${file}.volumeName`, volumeName);
    else if (!volume.emptyDir) {
      errors.invalid(
        `${file}.volumeName`,
        volumeName,
        'referenced volume must be of type emptyDir',
      );
    }
  }
  if (given.length === 0) {
    errors.invalid(
      field,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    );
  } else if (value !== '')
    errors.invalid(field, '', 'may not be specified when `value` is not empty');
  if (given.length > 1)
    errors.invalid(field, '', 'may not have more than one field specified at a time');
}

/** A variable may also show one label or annotation, but not all of them. */
function validateVariableField(
  errors: FieldErrors,
  at: string,
  reference: { apiVersion?: string; fieldPath: string },
): void {
  validateFieldRef(errors, at, reference, ENV_FIELDS);
}

function validateKey(
  errors: FieldErrors,
  at: string,
  { name = '', key = '' }: { name?: string; key?: string },
): void {
  if (name === '') errors.required(`${at}.name`);
  if (key === '') errors.required(`${at}.key`);
}

/** Requests and limits: names, no negative amounts, and no request above its limit. Models ValidateResourceRequirements. */
export function validateResources(
  errors: FieldErrors,
  at: string,
  { limits = {}, requests = {} }: ResourceRequirements,
): void {
  for (const [name, quantity] of Object.entries(limits)) {
    validateResource(errors, `${at}.limits`, name, quantity);
  }
  for (const [name, quantity] of Object.entries(requests)) {
    validateResource(errors, `${at}.requests`, name, quantity);
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    const huge = name.startsWith('hugepages-');
    if (limit !== undefined && compareQuantities(quantity, limit) > 0 && !huge) {
      const detail = `must be less than or equal to ${name} limit of ${limit}`;
      errors.invalid(`${at}.requests`, quantity, detail);
    }
    if (huge && (limit === undefined || compareQuantities(quantity, limit) !== 0)) {
      errors.invalid(
        `${at}.requests`,
        quantity,
        `must be equal to ${name} limit${limit === undefined ? '' : ` of ${limit}`}`,
      );
    }
  }
}

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage']);

function validateResource(errors: FieldErrors, at: string, name: string, quantity: string): void {
  for (const text of isQualifiedName(name)) errors.invalid(at, name, text);
  const standard = STANDARD.has(name) || name.startsWith('hugepages-');
  if (!standard && !name.includes('/') && isSubdomain(name.toLowerCase()).length === 0) {
    errors.invalid(`${at}[${name}]`, name, 'must be a standard resource for containers');
  }
  if (compareQuantities(quantity, '0') < 0) {
    errors.invalid(`${at}[${name}]`, quantity, 'must be greater than or equal to 0');
  }
}

/** V-rules of 7.3. */
function validateEphemeral(at: string, { errors, spec }: ContainersContext): void {
  const { ephemeralContainers = [], containers = [], initContainers = [] } = spec;
  const targets = new Set([...containers, ...initContainers].map(({ name }) => name));
  const detail = 'cannot be set for an Ephemeral Container';
  ephemeralContainers.forEach((container, index) => {
    const field = `${at}[${index}]`;
    const target = container.targetContainerName;
    if (target && !targets.has(target)) errors.notFound(`${field}.targetContainerName`, target);
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, mount) => {
      const path = `${field}.volumeMounts[${mount}]`;
      if (subPath) errors.forbidden(`${path}.subPath`, detail);
      if (subPathExpr) errors.forbidden(`${path}.subPathExpr`, detail);
    });
    for (const name of [
      'ports',
      'livenessProbe',
      'readinessProbe',
      'startupProbe',
      'lifecycle',
    ] as const) {
      if (container[name] !== undefined) errors.forbidden(`${field}.${name}`, detail);
    }
    const { limits = {}, requests = {} } = container.resources ?? {};
    if (Object.keys({ ...limits, ...requests }).length > 0)
      errors.forbidden(`${field}.resources`, detail);
  });
}
