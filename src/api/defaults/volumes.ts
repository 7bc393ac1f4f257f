import type { PersistentVolumeClaimSpec, PersistentVolumeSpec, Volume } from '../types.ts';
import type { VersionRules } from '../versions.ts';

import { roundUpAmounts } from './quantities.ts';

/** 0644: the mode of files made from Secrets and their like. */
const FILE_MODE = 0o644;

/** Fills in a Pod's volume. Models SetDefaults_Volume and its like in pkg/apis/core/v1/defaults.go. */
export function defaultVolume(volume: Volume, rules: VersionRules): void {
  if (!Object.keys(volume).some((field) => field !== 'name')) volume.emptyDir = {};
  const { secret, configMap, downwardAPI, projected, image, ephemeral } = volume;
  if (secret) secret.defaultMode ??= FILE_MODE;
  if (configMap) configMap.defaultMode ??= FILE_MODE;
  if (downwardAPI) {
    downwardAPI.defaultMode ??= FILE_MODE;
    for (const item of downwardAPI.items ?? []) defaultFieldRef(item.fieldRef);
  }
  if (projected) defaultProjected(projected);
  if (image) image.pullPolicy ||= defaultPullPolicy(image.reference ?? '');
  if (ephemeral?.volumeClaimTemplate) {
    ephemeral.volumeClaimTemplate.spec ??= {};
    defaultClaimSpec(ephemeral.volumeClaimTemplate.spec, rules);
  }
  defaultDisks(volume, rules);
}

function defaultProjected(projected: NonNullable<Volume['projected']>): void {
  projected.defaultMode ??= FILE_MODE;
  for (const { serviceAccountToken, downwardAPI } of projected.sources ?? []) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
    for (const item of downwardAPI?.items ?? []) defaultFieldRef(item.fieldRef);
  }
}

/** `v1`, wherever a field of a Pod is referred to. */
export function defaultFieldRef(reference: { apiVersion?: string } | undefined): void {
  if (reference && !reference.apiVersion) reference.apiVersion = 'v1';
}

/** `[domain/]path[:tag][@digest]`, the path in lower case. */
const REFERENCE =
  /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:(?<tag>[\w][\w.-]*))?(@(?<digest>.+))?$/;

/** `Always` for a tag `latest` or neither tag nor digest, else `IfNotPresent`. Models parsers.ParseImageName. */
export function defaultPullPolicy(image: string): string {
  const groups = REFERENCE.exec(image)?.groups;
  if (!groups) return 'IfNotPresent';
  const { tag = groups['digest'] === undefined ? 'latest' : '' } = groups;
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** Sources that a Pod and a PersistentVolume have in common. */
function defaultDisks(
  source: Pick<
    Volume & PersistentVolumeSpec,
    'hostPath' | 'iscsi' | 'rbd' | 'scaleIO' | 'azureDisk'
  >,
  rules: VersionRules,
): void {
  const { hostPath, iscsi, rbd, scaleIO, azureDisk } = source;
  if (hostPath && rules.atLeast('1.8')) hostPath.type ??= '';
  if (iscsi) iscsi.iscsiInterface ||= 'default';
  if (rbd) {
    rbd.pool ||= 'rbd';
    rbd.user ||= 'admin';
    rbd.keyring ||= '/etc/ceph/keyring';
  }
  if (scaleIO) {
    scaleIO.storageMode ||= 'ThinProvisioned';
    scaleIO.fsType ||= 'xfs';
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= 'ReadWrite';
    azureDisk.kind ??= 'Shared';
    azureDisk.fsType ??= 'ext4';
    azureDisk.readOnly ??= false;
  }
}

/** Fills in a PersistentVolume. */
export function defaultPersistentVolumeSpec(spec: PersistentVolumeSpec, rules: VersionRules): void {
  spec.persistentVolumeReclaimPolicy ||= 'Retain';
  roundUpAmounts(spec.capacity);
  if (rules.gate('BlockVolume')) spec.volumeMode ??= 'Filesystem';
  // A PersistentVolume's own types of these sources differ in their secrets only.
  defaultDisks(spec as Parameters<typeof defaultDisks>[0], rules);
}

/** Fills in a claim, or a template of one. */
export function defaultClaimSpec(spec: PersistentVolumeClaimSpec, rules: VersionRules): void {
  roundUpAmounts(spec.resources?.limits);
  roundUpAmounts(spec.resources?.requests);
  if (rules.gate('BlockVolume')) spec.volumeMode ??= 'Filesystem';
}
