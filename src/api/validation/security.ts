import type { FieldErrors } from '../field-errors.ts';
import type { PodSecurityContext, PodSpec, SecurityContext, SecurityProfile } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { descending, inRange } from './paths.ts';
import { validateWindowsOptions } from './windows.ts';

const IDS = [0, 2 ** 31 - 1] as const;

/** 7.1: users, groups and profiles of a Pod. Models validatePodSpecSecurityContext. */
export function validatePodSecurity(
  errors: FieldErrors,
  at: string,
  spec: PodSpec,
  rules: VersionRules,
): void {
  const context = spec.securityContext ?? {};
  inRange(errors, `${at}.fsGroup`, context.fsGroup, IDS);
  inRange(errors, `${at}.runAsUser`, context.runAsUser, IDS);
  inRange(errors, `${at}.runAsGroup`, context.runAsGroup, IDS);
  context.supplementalGroups?.forEach((group, index) => {
    inRange(errors, `${at}.supplementalGroups[${index}]`, group, IDS);
  });
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.invalid(`${at}.shareProcessNamespace`, true, detail);
  }
  validateSysctls(errors, `${at}.sysctls`, spec);
  const policies = ['Always', 'OnRootMismatch'];
  errors.oneOf(`${at}.fsGroupChangePolicy`, context.fsGroupChangePolicy, policies);
  validateSeccomp(errors, `${at}.seccompProfile`, context.seccompProfile);
  validateWindowsOptions(errors, `${at}.windowsOptions`, context.windowsOptions);
  validateAppArmor(errors, `${at}.appArmorProfile`, context.appArmorProfile);
  const groups = ['Merge', 'Strict'];
  errors.oneOf(`${at}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, groups);
  validateLabelling(errors, `${at}.seLinuxChangePolicy`, context, rules);
}

function validateLabelling(
  errors: FieldErrors,
  field: string,
  { seLinuxChangePolicy }: PodSecurityContext,
  rules: VersionRules,
): void {
  // With nothing but Recursive to choose from, no other value means anything.
  const both = rules.gate('SELinuxMount') || rules.gate('SELinuxChangePolicy');
  errors.oneOf(field, seLinuxChangePolicy, both ? ['MountOption', 'Recursive'] : ['Recursive']);
}

/** As the error shows it. */
const SYSCTL = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const SYSCTL_REGEX = new RegExp(SYSCTL);

function validateSysctls(errors: FieldErrors, at: string, spec: PodSpec): void {
  const names = new Set<string>();
  spec.securityContext?.sysctls?.forEach(({ name = '' }, index) => {
    const field = `${at}[${index}].name`;
    if (name === '') errors.required(field);
    else if (name.length > 253 || !SYSCTL_REGEX.test(name)) {
      const detail = `must have at most 253 characters and match regex ${SYSCTL}`;
      errors.invalid(field, name, detail);
    } else if (names.has(name)) errors.duplicate(field, name);
    names.add(name);
    const network = name.startsWith('net.');
    const messages = /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(name);
    if (spec.hostNetwork && network) {
      errors.invalid(field, name, "may not be specified when 'hostNetwork' is true");
    } else if (spec.hostIPC && messages) {
      errors.invalid(field, name, "may not be specified when 'hostIPC' is true");
    }
  });
}

/** 7.1: users, groups and privileges of a container. Models ValidateSecurityContext. */
export function validateContainerSecurity(
  errors: FieldErrors,
  at: string,
  context: SecurityContext | undefined,
  { hostUsers }: { readonly hostUsers: boolean },
): void {
  if (!context) return;
  inRange(errors, `${at}.runAsUser`, context.runAsUser, IDS);
  inRange(errors, `${at}.runAsGroup`, context.runAsGroup, IDS);
  errors.oneOf(`${at}.procMount`, context.procMount, ['Default', 'Unmasked']);
  if (hostUsers && context.procMount === 'Unmasked') {
    errors.invalid(`${at}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`');
  }
  validateSeccomp(errors, `${at}.seccompProfile`, context.seccompProfile);
  if (context.allowPrivilegeEscalation === false) validateEscalation(errors, at, context);
  validateWindowsOptions(errors, `${at}.windowsOptions`, context.windowsOptions);
  validateAppArmor(errors, `${at}.appArmorProfile`, context.appArmorProfile);
}

function validateEscalation(errors: FieldErrors, at: string, context: SecurityContext): void {
  const detail = 'cannot set `allowPrivilegeEscalation` to false and';
  if (context.privileged) errors.invalid(at, context, `${detail} \`privileged\` to true`);
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    errors.invalid(at, context, `${detail} \`capabilities.Add\` CAP_SYS_ADMIN`);
  }
}

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(
  errors: FieldErrors,
  at: string,
  profile: SecurityProfile | undefined,
): void {
  if (!profile) return;
  const { type = '', localhostProfile: local } = profile;
  if (type === '') errors.required(`${at}.type`, 'type is required when seccompProfile is set');
  else errors.oneOf(`${at}.type`, type, PROFILES);
  const field = `${at}.localhostProfile`;
  if (type !== 'Localhost') {
    const detail = 'can only be set when seccomp type is Localhost';
    if (local !== undefined) errors.invalid(field, profile, detail);
  } else if (local === undefined) {
    errors.required(field, 'must be set when seccomp type is Localhost');
  } else descending(errors, field, local);
}

function validateAppArmor(
  errors: FieldErrors,
  at: string,
  profile: SecurityProfile | undefined,
): void {
  if (!profile) return;
  const { type = '', localhostProfile: local } = profile;
  const field = `${at}.localhostProfile`;
  if (type === 'Localhost') {
    if (!local?.trim()) errors.required(field, 'must be set when AppArmor type is Localhost');
    else if (local.trim() !== local) {
      errors.invalid(field, local, 'must not be padded with whitespace');
    }
    if ((local?.length ?? 0) > 4095) errors.tooLong(field, 4095);
  } else if (PROFILES.includes(type)) {
    const detail = 'can only be set when AppArmor type is Localhost';
    if (local !== undefined) errors.invalid(field, local, detail);
  } else if (type === '') {
    errors.required(`${at}.type`, 'type is required when appArmorProfile is set');
  } else errors.notSupported(`${at}.type`, type, PROFILES);
}
