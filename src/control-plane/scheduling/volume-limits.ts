import type { VersionRules } from '../../api/index.ts';
import { claimReference } from '../../plugin/references/index.ts';
import type { Stored } from '../context.ts';
import { classOf } from '../persistent-volume/annotations.ts';
import type { NodeUsage } from './node-usage.ts';
import type { Rejection } from './rejection.ts';
import type { VolumeLister } from './volume-filters.ts';

type Pod = Stored<'Pod'>;

/** Volumes of CSI drivers, by what tells them apart: each with its driver. */
type CsiVolumes = Map<string, string>;

/**
 * A CSI driver may say how many volumes it can attach to a node: in the node's CSINode. A claim that has no volume yet counts
 * for the driver of its class. Models pkg/scheduler/framework/plugins/nodevolumelimits/csi.go.
 */
export function limitRejections(
  pod: Pod,
  node: Stored<'Node'>,
  usage: NodeUsage,
  lister: VolumeLister,
  rules: VersionRules,
): readonly Rejection[] {
  if (rules.before('1.17')) return [];
  const limits = limitsOf(lister.csiNode(node.metadata.name));
  if (limits.size === 0) return [];
  const added = csiVolumes(pod, lister);
  if (added.size === 0) return [];
  const there: CsiVolumes = new Map(
    [...usage.pods.values()].flatMap((other) => [...csiVolumes(other, lister)]),
  );
  const counts = countByDriver(there);
  for (const [volume, driver] of added) {
    if (!there.has(volume)) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  }
  const news = new Set([...added].filter(([volume]) => !there.has(volume)).map(([, of]) => of));
  const exceeds = [...news].some((driver) => {
    const limit = limits.get(driver);
    return limit !== undefined && (counts.get(driver) ?? 0) > limit;
  });
  if (!exceeds) return [];
  const reason = 'node(s) exceed max volume count';
  return [{ filter: 'NodeVolumeLimits', reason, predicate: 'MaxVolumeCount', preemptible: true }];
}

function limitsOf(node: Stored<'CSINode'> | undefined): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of node?.spec.drivers ?? []) {
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  }
  return limits;
}

function countByDriver(volumes: CsiVolumes): Map<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}

function csiVolumes(pod: Pod, lister: VolumeLister): CsiVolumes {
  const volumes: CsiVolumes = new Map();
  const { namespace } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimReference(pod, volume)?.claimName;
    const claim = name === undefined ? undefined : lister.claim(namespace, name);
    const found = claim && csiVolumeOf(claim, lister);
    if (found) volumes.set(`${found.driver}/${found.handle}`, found.driver);
  }
  return volumes;
}

function csiVolumeOf(
  claim: Stored<'PersistentVolumeClaim'>,
  lister: VolumeLister,
): { readonly driver: string; readonly handle: string } | undefined {
  const volume = lister.volume(claim.spec.volumeName ?? '');
  if (volume) {
    const { csi } = volume.spec;
    return csi && { driver: csi.driver, handle: csi.volumeHandle };
  }
  const driver = lister.storageClass(classOf(claim))?.provisioner;
  const { namespace, name } = claim.metadata;
  return driver === undefined ? undefined : { driver, handle: `${namespace}/${name} of its class` };
}
