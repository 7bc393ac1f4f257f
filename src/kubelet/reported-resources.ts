import { hasEphemeralStorage, legacyStorage, OVERLAY, SCRATCH } from '../plugin/index.ts';
import type { KubeletContext } from './contracts.ts';
import type { NodeResources } from './machine/index.ts';

const STORAGE = 'ephemeral-storage';

/** What a node says of itself, by version: local storage had other names once. Models pkg/kubelet/nodestatus/setters.go MachineInfo. */
export function reportedResources(
  { rules, configuration }: Pick<KubeletContext, 'rules' | 'configuration'>,
  { capacity, allocatable, imageDisk }: NodeResources,
): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const legacy = legacyStorage(rules);
  const local = configuration.localStorageCapacityIsolation;
  const show = (amounts: Readonly<Record<string, string>>): Record<string, string> => {
    const { [STORAGE]: disk, ...rest } = amounts;
    if (disk === undefined || !local) return rest;
    return {
      ...(hasEphemeralStorage(rules) ? amounts : rest),
      ...(legacy !== 'no' && { [SCRATCH]: disk, [OVERLAY]: imageDisk ?? disk }),
    };
  };
  return { capacity: show(capacity), allocatable: show(allocatable) };
}
