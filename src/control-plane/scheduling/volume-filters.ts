import type { VersionRules, Volume } from '../../api/index.ts';
import { storageNodeAffinityFailure } from '../../api/storage-node-affinity.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { quoted } from '../../base/index.ts';
import { claimReference } from '../../plugin/references/index.ts';
import type { Stored } from '../context.ts';
import { isDelayed, isFullyBound } from '../persistent-volume/claims.ts';
import type { NodeUsage, Usage } from './node-usage.ts';
import type { PodRefusal, Rejection } from './rejection.ts';

/** What the scheduler knows of claims, volumes and classes. */
export interface VolumeLister {
  claim(namespace: string, name: string): Stored<'PersistentVolumeClaim'> | undefined;
  volume(name: string): Stored<'PersistentVolume'> | undefined;
  /** All, by name. */
  volumes(): readonly Stored<'PersistentVolume'>[];
  storageClass(name: string): Stored<'StorageClass'> | undefined;
  csiNode(name: string): Stored<'CSINode'> | undefined;
  csiDriver(name: string): Stored<'CSIDriver'> | undefined;
  /** Of all namespaces. */
  storageCapacities(): readonly Stored<'CSIStorageCapacity'>[];
}

/** The claims of a Pod, as far as they decide where it may run. */
export interface PodClaims {
  readonly bound: readonly Stored<'PersistentVolumeClaim'>[];
  /** Bound once a node is chosen: WaitForFirstConsumer. */
  readonly delayed: readonly Stored<'PersistentVolumeClaim'>[];
}

/**
 * Looks up the claims of a Pod, volume by volume; or says why they keep it from every node.
 * Models the PreFilter of pkg/scheduler/framework/plugins/volumebinding.
 */
export function podClaims(pod: Stored<'Pod'>, lister: VolumeLister): PodClaims | PodRefusal {
  const bound: Stored<'PersistentVolumeClaim'>[] = [];
  const delayed: Stored<'PersistentVolumeClaim'>[] = [];
  let immediate: string | undefined;
  for (const volume of pod.spec.volumes ?? []) {
    const found = claimOf(pod, volume, lister);
    if (!found) continue;
    if (isRefusal(found)) return found;
    if (isFullyBound(found)) bound.push(found);
    else if (isDelayed(found, lister)) delayed.push(found);
    else immediate ??= found.metadata.name;
  }
  if (immediate === undefined) return { bound, delayed };
  return refusal(
    'pod has unbound immediate PersistentVolumeClaims',
    `PersistentVolumeClaim is not bound: ${quoted(immediate)}`,
  );
}

function claimOf(
  pod: Stored<'Pod'>,
  volume: DeepReadonly<Volume>,
  lister: VolumeLister,
): Stored<'PersistentVolumeClaim'> | PodRefusal | undefined {
  const reference = claimReference(pod, volume);
  if (!reference) return undefined;
  const { namespace, name, uid } = pod.metadata;
  const { claimName, ephemeral } = reference;
  const claim = lister.claim(namespace, claimName);
  const id = `persistentvolumeclaim ${quoted(claimName)}`;
  if (!claim) {
    if (ephemeral) return refusal(`waiting for ephemeral volume controller to create the ${id}`);
    return refusal(`${id} not found`, `PersistentVolumeClaim was not found: ${quoted(claimName)}`);
  }
  if (claim.status?.phase === 'Lost') {
    const lost = quoted(claim.spec.volumeName ?? '');
    return refusal(`${id} bound to non-existent persistentvolume ${lost}`);
  }
  if (claim.metadata.deletionTimestamp) return refusal(`${id} is being deleted`);
  const owned = claim.metadata.ownerReferences?.some(
    (owner) => owner.controller && owner.uid === uid,
  );
  if (ephemeral && !owned) {
    return refusal(
      `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${name} (pod is not owner)`,
    );
  }
  return claim;
}

function isRefusal(found: Stored<'PersistentVolumeClaim'> | PodRefusal): found is PodRefusal {
  return 'filter' in found;
}

function refusal(message: string, legacy?: string): PodRefusal {
  return { filter: 'VolumeBinding', message, ...(legacy !== undefined && { legacy }) };
}

/**
 * Why the volumes that a Pod's claims are bound to keep it from a node. Models VolumeBinding's Filter.
 */
export function boundVolumeRejections(
  { bound }: PodClaims,
  node: Stored<'Node'>,
  lister: VolumeLister,
  rules: VersionRules,
): readonly Rejection[] {
  let conflict = false;
  let missing = false;
  for (const { spec } of bound) {
    const volume = lister.volume(spec.volumeName ?? '');
    if (!volume) missing = true;
    else if (!admits(volume, node, rules)) conflict = true;
  }
  const rejections: Rejection[] = [];
  if (conflict) rejections.push(volumeRejection(affinityReason(rules), 'NoVolumeNodeConflict'));
  if (missing) {
    const reason = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
    rejections.push(volumeRejection(reason, 'PersistentVolume not found'));
  }
  return rejections;
}

/** Whether the volume can be used on the node, by its node affinity. */
export function admits(
  volume: Stored<'PersistentVolume'>,
  node: Stored<'Node'>,
  rules: VersionRules,
): boolean {
  return storageNodeAffinityFailure(volume, node, rules) === undefined;
}

function affinityReason(rules: VersionRules): string {
  return rules.atLeast('1.34')
    ? "node(s) didn't match PersistentVolume's node affinity"
    : 'node(s) had volume node affinity conflict';
}

export function volumeRejection(reason: string, predicate: string): Rejection {
  return { filter: 'VolumeBinding', reason, predicate };
}

/**
 * Why a ReadWriteOncePod claim, or a disk that a Pod names itself, keeps it from a node.
 * Models pkg/scheduler/framework/plugins/volumerestrictions.
 */
export function restrictionRejections(
  pod: Stored<'Pod'>,
  usage: Usage,
  node: NodeUsage,
  lister: VolumeLister,
  rules: VersionRules,
): readonly Rejection[] {
  for (const volume of pod.spec.volumes ?? []) {
    if (isDisk(volume) && isTaken(volume, node)) {
      const reason = 'node(s) had no available disk';
      return [
        { filter: 'VolumeRestrictions', reason, predicate: 'NoDiskConflict', preemptible: true },
      ];
    }
    if (!isUsedElsewhere(pod, volume, usage, lister)) continue;
    const reason = rules.atLeast('1.34')
      ? 'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'
      : ONCE_POD;
    return [{ filter: 'VolumeRestrictions', reason, preemptible: true }];
  }
  return [];
}

const ONCE_POD =
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';

/** Until 1.26 such a claim kept a Pod from every node, and nobody made room for it. Models the PreFilter of that plugin. */
export function oncePodRefusal(
  pod: Stored<'Pod'>,
  usage: Usage,
  lister: VolumeLister,
  rules: VersionRules,
): PodRefusal | undefined {
  if (rules.atLeast('1.27')) return undefined;
  const used = pod.spec.volumes?.some((volume) => isUsedElsewhere(pod, volume, usage, lister));
  return used ? { filter: 'VolumeRestrictions', message: ONCE_POD } : undefined;
}

/** A claim for one Pod that another one has. */
function isUsedElsewhere(
  { metadata: { namespace } }: Stored<'Pod'>,
  { persistentVolumeClaim: reference }: DeepReadonly<Volume>,
  usage: Usage,
  lister: VolumeLister,
): boolean {
  if (!reference || !usage.usesClaim(`${namespace}/${reference.claimName}`)) return false;
  const claim = lister.claim(namespace, reference.claimName);
  return claim?.spec.accessModes?.includes('ReadWriteOncePod') ?? false;
}

/** One of those that two Pods of a node may not share: for all others no Pod is looked at. */
function isDisk({
  gcePersistentDisk,
  awsElasticBlockStore,
  iscsi,
  rbd,
}: DeepReadonly<Volume>): boolean {
  return Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd);
}

function isTaken(disk: DeepReadonly<Volume>, { pods }: NodeUsage): boolean {
  for (const { spec } of pods.values()) {
    if (spec.volumes?.some((existing) => diskConflict(disk, existing))) return true;
  }
  return false;
}

function diskConflict(a: DeepReadonly<Volume>, b: DeepReadonly<Volume>): boolean {
  const { gcePersistentDisk: gce, awsElasticBlockStore: aws, iscsi, rbd } = a;
  if (gce && b.gcePersistentDisk?.pdName === gce.pdName) {
    return !(gce.readOnly && b.gcePersistentDisk.readOnly);
  }
  if (aws) return b.awsElasticBlockStore?.volumeID === aws.volumeID;
  if (iscsi && b.iscsi?.iqn === iscsi.iqn) return !(iscsi.readOnly && b.iscsi.readOnly);
  if (!rbd || !b.rbd) return false;
  const shared = rbd.monitors?.some((monitor) => b.rbd?.monitors?.includes(monitor)) ?? false;
  const same = (rbd.pool ?? 'rbd') === (b.rbd.pool ?? 'rbd') && rbd.image === b.rbd.image;
  return shared && same && !(rbd.readOnly && b.rbd.readOnly);
}
