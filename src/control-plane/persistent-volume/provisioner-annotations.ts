import type { VersionRules } from '../../api/index.ts';

const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const BETA_STORAGE_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';

/** What a claim says of who makes its volume. Models setClaimProvisioner. */
export function provisionerAnnotations(
  provisioner: string,
  rules: VersionRules,
): Readonly<Record<string, string>> {
  return {
    ...(rules.atLeast('1.23') && { [STORAGE_PROVISIONER]: provisioner }),
    [BETA_STORAGE_PROVISIONER]: provisioner,
  };
}
