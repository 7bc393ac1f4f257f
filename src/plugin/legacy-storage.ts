import type { VersionRules } from '../api/index.ts';

/** What 1.7 called the disk of /var/lib/kubelet, and that of writable layers. */
export const SCRATCH = 'storage.kubernetes.io/scratch';
export const OVERLAY = 'storage.kubernetes.io/overlay';

/**
 * Whether nodes have these resources: `only` instead of `ephemeral-storage`, in 1.7 with its gate; `too`, where every version's
 * manifests run; `no`, in every other version.
 */
export function legacyStorage(rules: VersionRules): 'only' | 'too' | 'no' {
  if (rules.version === 'all') return 'too';
  return rules.before('1.8') && rules.gate('LocalStorageCapacityIsolation') ? 'only' : 'no';
}

/** Whether nodes have `ephemeral-storage`. */
export function hasEphemeralStorage(rules: VersionRules): boolean {
  if (rules.before('1.8')) return false;
  return rules.atLeast('1.25') || rules.gate('LocalStorageCapacityIsolation');
}
