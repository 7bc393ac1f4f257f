import type { VersionRules } from '../../api/index.ts';
import { compare } from '../../base/index.ts';
import type { Stored } from '../context.ts';
import { classOf, SELECTED_NODE } from '../persistent-volume/annotations.ts';
import { findMatchOnNode, requestOf } from '../persistent-volume/matching.ts';
import type { Rejection } from './rejection.ts';
import { hasEnoughCapacity } from './storage-capacity.ts';
import { admits, type VolumeLister, volumeRejection } from './volume-filters.ts';

type Claim = Stored<'PersistentVolumeClaim'>;

/** What is to become of the claims of a Pod that waited for a node. */
export interface DelayedClaims {
  /** Claims with the volumes that they get. */
  readonly toBind: readonly {
    readonly claim: Claim;
    readonly volume: Stored<'PersistentVolume'>;
  }[];
  /** Claims that a volume is to be made for. */
  readonly toProvision: readonly Claim[];
}

const NO_VOLUMES = "node(s) didn't find available persistent volumes to bind";
const NO_ROOM = 'node(s) did not have enough free storage';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/**
 * Volumes for WaitForFirstConsumer claims on a node: what is there first, smallest claims first, then what can be made.
 * Models FindPodVolumes of pkg/scheduler/framework/plugins/volumebinding/binder.go.
 */
export function placeDelayedClaims(
  claims: readonly Claim[],
  node: Stored<'Node'>,
  lister: VolumeLister,
  rules: VersionRules,
): DelayedClaims | Rejection {
  const toBind: { claim: Claim; volume: Stored<'PersistentVolume'> }[] = [];
  const toProvision: Claim[] = [];
  const taken = new Set<string>();
  const sorted = [...claims].sort(
    (a, b) => requestOf(a) - requestOf(b) || compare(a.metadata.name, b.metadata.name),
  );
  for (const claim of sorted) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected !== undefined && selected !== node.metadata.name) return noVolumes();
    const volume =
      selected === undefined
        ? findMatchOnNode(claim, lister.volumes(), {
            rules,
            taken,
            admits: (volume) => admits(volume, node, rules),
          })
        : undefined;
    if (volume) {
      taken.add(volume.metadata.name);
      toBind.push({ claim, volume });
    } else {
      const storageClass = provisioningClass(claim, node, lister);
      if (!storageClass) return noVolumes();
      if (!hasEnoughCapacity(claim, storageClass, node, lister, rules)) return noRoom();
      toProvision.push(claim);
    }
  }
  return { toBind, toProvision };
}

function noVolumes(): Rejection {
  return volumeRejection(NO_VOLUMES, 'VolumeBindingNoMatch');
}

function noRoom(): Rejection {
  return volumeRejection(NO_ROOM, 'VolumeBindingNoMatch');
}

/** The class by which a volume can be made for the node, if any. */
function provisioningClass(
  claim: Claim,
  node: Stored<'Node'>,
  lister: VolumeLister,
): Stored<'StorageClass'> | undefined {
  const storageClass = lister.storageClass(classOf(claim));
  if (!storageClass?.provisioner || storageClass.provisioner === NO_PROVISIONER) return undefined;
  return isAllowed(storageClass, node) ? storageClass : undefined;
}

function isAllowed(
  { allowedTopologies = [] }: Stored<'StorageClass'>,
  { metadata }: Stored<'Node'>,
): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => {
      const value = metadata.labels?.[key];
      return value !== undefined && values.includes(value);
    }),
  );
}
