import type { FieldErrors } from '../field-errors.ts';
import type { Container, PodSecurityContext, PodSpec, SecurityContext } from '../types.ts';

/** All containers with their fields, in the order in which upstream visits them. */
export function everyContainerWithPath(
  at: string,
  spec: PodSpec,
): [path: string, container: Container][] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;
  return lists.flatMap((list) =>
    (spec[list] ?? []).map((container, index): [string, Container] => [
      `${at}.${list}[${index}]`,
      container,
    ]),
  );
}

/** 7.2: what the Pod's operating system does not have. Models validateOS, validateLinux and validateWindows. */
export function validateOperatingSystem(errors: FieldErrors, at: string, spec: PodSpec): void {
  const { os } = spec;
  if (!os) return;
  if (!os.name) errors.required(`${at}.os.name`, 'cannot be empty');
  else if (os.name === 'linux') validateLinux(errors, at, spec);
  else if (os.name === 'windows') validateWindows(errors, at, spec);
  else errors.notSupported(`${at}.os`, os.name, ['linux', 'windows']);
}

function validateLinux(errors: FieldErrors, at: string, spec: PodSpec): void {
  const detail = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) {
    errors.forbidden(`${at}.securityContext.windowsOptions`, detail);
  }
  for (const [path, { securityContext }] of everyContainerWithPath(at, spec)) {
    if (!securityContext?.windowsOptions) continue;
    errors.forbidden(`${path}.securityContext.windowsOptions`, detail);
  }
}

type PodField =
  | readonly ['securityContext', keyof PodSecurityContext]
  | readonly ['spec', keyof PodSpec];

/** In upstream's order. */
const POD_FIELDS: readonly PodField[] = [
  ['securityContext', 'appArmorProfile'],
  ['securityContext', 'seLinuxOptions'],
  ['spec', 'hostUsers'],
  ['spec', 'hostPID'],
  ['spec', 'hostIPC'],
  ['securityContext', 'seccompProfile'],
  ['securityContext', 'fsGroup'],
  ['securityContext', 'fsGroupChangePolicy'],
  ['securityContext', 'sysctls'],
  ['spec', 'shareProcessNamespace'],
  ['securityContext', 'runAsUser'],
  ['securityContext', 'runAsGroup'],
  ['securityContext', 'supplementalGroups'],
  ['securityContext', 'supplementalGroupsPolicy'],
  ['securityContext', 'seLinuxChangePolicy'],
];
const CONTAINER_FIELDS: readonly (keyof SecurityContext)[] = [
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

function validateWindows(errors: FieldErrors, at: string, spec: PodSpec): void {
  const detail = 'cannot be set for a windows pod';
  for (const [where, field] of POD_FIELDS) {
    const value = where === 'spec' ? spec[field] : spec.securityContext?.[field];
    if (value === undefined || isAsGoodAsAbsent(field, value)) continue;
    errors.forbidden(
      where === 'spec' ? `${at}.${field}` : `${at}.securityContext.${field}`,
      detail,
    );
  }
  for (const [path, { securityContext = {} }] of everyContainerWithPath(at, spec)) {
    for (const field of CONTAINER_FIELDS) {
      if (securityContext[field] === undefined) continue;
      errors.forbidden(`${path}.securityContext.${field}`, detail);
    }
  }
}

/** What upstream has no pointer for. */
function isAsGoodAsAbsent(field: string, value: unknown): boolean {
  if (field === 'hostPID' || field === 'hostIPC') return value === false;
  return Array.isArray(value) && value.length === 0;
}
