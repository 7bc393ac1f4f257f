import type { FieldErrors } from '../field-errors.ts';
import type { Container, ContainerPort, ContainerResizePolicy, PodSpec, Volume } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { validateDevices } from './devices.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateMounts } from './mounts.ts';
import { isLabel, isPortName, isPortNumber } from './names.ts';
import { validateResources } from './resources.ts';
import { validateContainerSecurity } from './security.ts';

/** What the rules of containers look at besides. */
export interface ContainersContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  /** Those without an error, which mounts may name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly spec: PodSpec;
  /** What is stored, on update. */
  readonly old?: PodSpec | undefined;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** What containers of every kind have in common. Models validateContainerCommon. */
export function validateContainer(
  at: string,
  container: Container,
  context: ContainersContext,
): void {
  const { errors, rules, volumes, spec } = context;
  const { name = '', image = '', imagePullPolicy = '' } = container;
  if (name === '') errors.required(`${at}.name`);
  else for (const text of isLabel(name)) errors.invalid(`${at}.name`, name, text);
  if (image === '') errors.required(`${at}.image`);
  validateTerminationPolicy(`${at}.terminationMessagePolicy`, container, context);
  validatePorts(`${at}.ports`, container.ports ?? [], context);
  validateEnv(`${at}.env`, container.env ?? [], context);
  validateEnvFrom(`${at}.envFrom`, container.envFrom ?? [], context);
  const mounts = { errors, rules, volumes, container };
  validateMounts(`${at}.volumeMounts`, mounts);
  validateDevices(`${at}.volumeDevices`, mounts);
  if (imagePullPolicy === '') errors.required(`${at}.imagePullPolicy`);
  else errors.oneOf(`${at}.imagePullPolicy`, imagePullPolicy, PULL_POLICIES);
  validateResources(errors, `${at}.resources`, container.resources ?? {}, rules);
  validateResizePolicies(`${at}.resizePolicy`, container.resizePolicy ?? [], context);
  validateContainerSecurity(errors, `${at}.securityContext`, container.securityContext, {
    hostUsers: spec.hostUsers ?? true,
  });
}

/** The image's name of a Pod's container; a template's may have blanks. Models validateContainerOnlyForPod. */
export function validateImage(errors: FieldErrors, at: string, { image = '' }: Container): void {
  if (image.trim() === image) return;
  errors.invalid(`${at}.image`, image, 'must not have leading or trailing whitespace');
}

function validateTerminationPolicy(
  field: string,
  { terminationMessagePolicy: policy = '' }: Container,
  { errors, rules }: ContainersContext,
): void {
  const policies = ['File', 'FallbackToLogsOnError'];
  if (policy === '' && rules.atLeast('1.6')) errors.required(field);
  else if (policy === '' || policies.includes(policy)) return;
  else if (rules.atLeast('1.25')) errors.notSupported(field, policy, policies);
  else errors.invalid(field, policy, "must be 'File' or 'FallbackToLogsOnError'");
}

function validatePorts(
  at: string,
  ports: readonly ContainerPort[],
  { errors, rules }: ContainersContext,
): void {
  const protocols = rules.atLeast('1.12') ? ['SCTP', 'TCP', 'UDP'] : ['TCP', 'UDP'];
  const names = new Set<string>();
  ports.forEach(({ name = '', containerPort = 0, hostPort = 0, protocol = '' }, index) => {
    const field = `${at}[${index}]`;
    const texts = name === '' ? [] : isPortName(name);
    for (const text of texts) errors.invalid(`${field}.name`, name, text);
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    if (name !== '' && texts.length === 0) names.add(name);
    if (containerPort === 0) errors.required(`${field}.containerPort`);
    else validatePort(errors, `${field}.containerPort`, containerPort);
    if (hostPort !== 0) validatePort(errors, `${field}.hostPort`, hostPort);
    if (protocol === '') errors.required(`${field}.protocol`);
    else errors.oneOf(`${field}.protocol`, protocol, protocols);
  });
}

function validatePort(errors: FieldErrors, field: string, port: number): void {
  for (const text of isPortNumber(port)) errors.invalid(field, port, text);
}

function validateResizePolicies(
  at: string,
  policies: readonly ContainerResizePolicy[],
  { errors, spec, rules }: ContainersContext,
): void {
  const names = new Set<string>();
  policies.forEach(({ resourceName = '', restartPolicy = '' }, index) => {
    if (names.has(resourceName)) errors.duplicate(`${at}[${index}]`, resourceName);
    names.add(resourceName);
    if (resourceName === '') errors.required(at);
    else errors.oneOf(at, resourceName, ['cpu', 'memory']);
    if (restartPolicy === '') errors.required(at);
    else errors.oneOf(at, restartPolicy, ['NotRequired', 'RestartContainer']);
    if (rules.before('1.29')) return;
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      const whose = rules.before('1.34') ? '`restartPolicy`' : 'pod `restartPolicy`';
      const detail = `must be 'NotRequired' when ${whose} is 'Never'`;
      errors.invalid(at, restartPolicy, detail);
    }
  });
}
