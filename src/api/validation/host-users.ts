import type { FieldErrors } from '../field-errors.ts';
import type { PodSpec, Volume } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { everyContainerWithPath } from './os.ts';
import type { PodSpecContext } from './pod-spec.ts';

/** What a Pod with users of its own could have until 1.27: files that the kubelet writes. */
const VOLUMES = ['emptyDir', 'secret', 'downwardAPI', 'configMap', 'projected'] as const;

/**
 * V62: what a Pod with users of its own may not have. Models validateHostUsers of pkg/apis/core/validation/validation.go.
 */
export function validateHostUsers(at: string, spec: PodSpec, context: PodSpecContext): void {
  if (spec.hostUsers !== false) return;
  const { errors, rules, old } = context;
  const detail = `when \`${rules.atLeast('1.34') ? 'hostUsers' : 'pod.Spec.HostUsers'}\` is false`;
  if (rules.before('1.28')) validateVolumes(errors, `${at}.volumes`, spec.volumes ?? [], detail);
  if (spec.hostNetwork && !allowsHostNetwork(old, rules)) {
    errors.forbidden(`${at}.hostNetwork`, detail);
  }
  // Upstream names these fields so.
  if (spec.hostPID) errors.forbidden(`${at}.HostPID`, detail);
  if (spec.hostIPC) errors.forbidden(`${at}.HostIPC`, detail);
  if (rules.before('1.34') || (old && hasDevices(old))) return;
  for (const [path, { volumeDevices = [] }] of everyContainerWithPath(at, spec)) {
    if (volumeDevices.length > 0) errors.forbidden(`${path}.volumeDevices`, detail);
  }
}

function validateVolumes(
  errors: FieldErrors,
  at: string,
  volumes: readonly Volume[],
  detail: string,
): void {
  volumes.forEach((volume, index) => {
    if (VOLUMES.some((type) => volume[type])) return;
    errors.forbidden(`${at}[${index}]`, `volume type not supported ${detail}`);
  });
}

function allowsHostNetwork(old: PodSpec | undefined, rules: VersionRules): boolean {
  if (rules.gate('UserNamespacesHostNetworkSupport')) return true;
  return rules.atLeast('1.35') && old?.hostUsers === false && old.hostNetwork === true;
}

/** One that was stored before there was this rule. */
function hasDevices(spec: PodSpec): boolean {
  if (spec.hostUsers !== false) return false;
  return everyContainerWithPath('', spec).some(
    ([, { volumeDevices = [] }]) => volumeDevices.length,
  );
}
