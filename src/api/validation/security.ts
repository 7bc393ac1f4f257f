import type { FieldErrors } from '../field-errors.ts';
import type { Container, PodSecurityContext, PodSpec, SecurityContext } from '../types.ts';
import { inRange } from './paths.ts';

const IDS = [0, 2 ** 31 - 1] as const;

/** 7.1, 7.2: users, groups, and what the Pod's operating system allows. */
export function validateSecurity(at: string, spec: PodSpec, errors: FieldErrors): void {
  const pod = spec.securityContext ?? {};
  const field = `${at}.securityContext`;
  inRange(errors, `${field}.fsGroup`, pod.fsGroup, IDS);
  inRange(errors, `${field}.runAsUser`, pod.runAsUser, IDS);
  inRange(errors, `${field}.runAsGroup`, pod.runAsGroup, IDS);
  pod.supplementalGroups?.forEach((group, index) => {
    inRange(errors, `${field}.supplementalGroups[${index}]`, group, IDS);
  });
  const policies = ['Always', 'OnRootMismatch'];
  errors.oneOf(`${field}.fsGroupChangePolicy`, pod.fsGroupChangePolicy, policies);
  for (const [path, container] of containersOf(at, spec)) {
    const context = container.securityContext ?? {};
    inRange(errors, `${path}.securityContext.runAsUser`, context.runAsUser, IDS);
    inRange(errors, `${path}.securityContext.runAsGroup`, context.runAsGroup, IDS);
    if (context.privileged && context.allowPrivilegeEscalation === false) {
      const detail = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
      errors.invalid(`${path}.securityContext`, context, detail);
    }
  }
  validateSystem(at, spec, errors);
}

function containersOf(at: string, spec: PodSpec): [path: string, container: Container][] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;
  return lists.flatMap((list) =>
    (spec[list] ?? []).map((container, index): [string, Container] => [
      `${at}.${list}[${index}]`,
      container,
    ]),
  );
}

const POD_FIELDS: readonly (keyof PodSpec)[] = [
  'hostPID',
  'hostIPC',
  'hostUsers',
  'shareProcessNamespace',
];
const POD_CONTEXT: readonly (keyof PodSecurityContext)[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seLinuxChangePolicy',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
];
const CONTAINER_CONTEXT: readonly (keyof SecurityContext)[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

function validateSystem(at: string, spec: PodSpec, errors: FieldErrors): void {
  const { os } = spec;
  if (!os) return;
  if (!os.name) return errors.required(`${at}.os.name`);
  errors.oneOf(`${at}.os.name`, os.name, ['linux', 'windows']);
  if (os.name === 'windows') validateWindows(at, spec, errors);
  if (os.name === 'linux') validateLinux(at, spec, errors);
}

function validateWindows(at: string, spec: PodSpec, errors: FieldErrors): void {
  const detail = 'cannot be set for a windows pod';
  const check = <T extends object>(path: string, object: T, fields: readonly (keyof T)[]): void => {
    for (const field of fields) {
      if (object[field] !== undefined) errors.forbidden(`${path}.${String(field)}`, detail);
    }
  };
  check(`${at}.securityContext`, spec.securityContext ?? {}, POD_CONTEXT);
  // Booleans that are false are as good as absent, except where absence has a meaning of its own.
  check(
    at,
    spec,
    POD_FIELDS.filter(
      (field) => spec[field] || field === 'hostUsers' || field === 'shareProcessNamespace',
    ),
  );
  for (const [path, container] of containersOf(at, spec)) {
    check(`${path}.securityContext`, container.securityContext ?? {}, CONTAINER_CONTEXT);
  }
}

function validateLinux(at: string, spec: PodSpec, errors: FieldErrors): void {
  const detail = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) {
    errors.forbidden(`${at}.securityContext.windowsOptions`, detail);
  }
  for (const [path, { securityContext }] of containersOf(at, spec)) {
    if (securityContext?.windowsOptions) {
      errors.forbidden(`${path}.securityContext.windowsOptions`, detail);
    }
  }
}
