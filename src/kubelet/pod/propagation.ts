import type { VersionRules } from '../../api/index.ts';
import { OperationError, quoted } from '../../base/index.ts';
import type { ContainerMount } from '../contracts.ts';

/**
 * What a volumeMount without `mountPropagation` gets: None, but HostToContainer in 1.11, and in 1.8 when the feature gate
 * MountPropagation is on.
 */
export function defaultPropagation(rules: VersionRules): string {
  if (rules.version === '1.11') return 'HostToContainer';
  return rules.version === '1.8' && rules.gate('MountPropagation') ? 'HostToContainer' : 'None';
}

/** Models pkg/kubelet/kubelet_pods.go translateMountPropagation. Throws an OperationError for a mode that there is not. */
export function propagationOf(mode: string): ContainerMount['propagation'] {
  if (mode === 'None' || mode === 'HostToContainer' || mode === 'Bidirectional') return mode;
  throw new OperationError(`invalid MountPropagation mode: ${quoted(mode)}`);
}
