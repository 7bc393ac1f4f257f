import { ApiError } from './api-error.ts';
import type { VersionRules } from './versions.ts';

/** Since when, and up to when, a version of a group has a kind: `1.5-1.15`, `1.9-`. */
type Served = Readonly<Record<string, string>>;

/**
 * In which versions of their groups kinds were served, by Kubernetes version. Kinds that are not here have one version of one group.
 * What was there before 1.5 counts from 1.5.
 */
export const groupVersions: Readonly<Record<string, Served>> = {
  Deployment: {
    'extensions/v1beta1': '1.5-1.15',
    'apps/v1beta1': '1.6-1.15',
    'apps/v1beta2': '1.8-1.15',
    'apps/v1': '1.9-',
  },
  ReplicaSet: {
    'extensions/v1beta1': '1.5-1.15',
    'apps/v1beta2': '1.8-1.15',
    'apps/v1': '1.9-',
  },
  DaemonSet: {
    'extensions/v1beta1': '1.5-1.15',
    'apps/v1beta2': '1.8-1.15',
    'apps/v1': '1.9-',
  },
  StatefulSet: {
    'apps/v1beta1': '1.5-1.15',
    'apps/v1beta2': '1.8-1.15',
    'apps/v1': '1.9-',
  },
  Job: { 'batch/v1': '1.5-' },
  CronJob: {
    'batch/v2alpha1': '1.5-1.20',
    'batch/v1beta1': '1.8-1.24',
    'batch/v1': '1.21-',
  },
  StorageClass: {
    'storage.k8s.io/v1beta1': '1.5-1.21',
    'storage.k8s.io/v1': '1.6-',
  },
  VolumeAttachment: {
    'storage.k8s.io/v1alpha1': '1.9-1.23',
    'storage.k8s.io/v1beta1': '1.10-1.21',
    'storage.k8s.io/v1': '1.13-',
  },
  CSIDriver: { 'storage.k8s.io/v1beta1': '1.14-1.21', 'storage.k8s.io/v1': '1.18-' },
  CSINode: { 'storage.k8s.io/v1beta1': '1.14-1.21', 'storage.k8s.io/v1': '1.17-' },
  CSIStorageCapacity: {
    'storage.k8s.io/v1alpha1': '1.19-1.23',
    'storage.k8s.io/v1beta1': '1.21-1.26',
    'storage.k8s.io/v1': '1.24-',
  },
  VolumeAttributesClass: {
    'storage.k8s.io/v1alpha1': '1.29-1.33',
    'storage.k8s.io/v1beta1': '1.31-',
    'storage.k8s.io/v1': '1.34-',
  },
  PriorityClass: {
    'scheduling.k8s.io/v1alpha1': '1.8-1.22',
    'scheduling.k8s.io/v1beta1': '1.11-1.21',
    'scheduling.k8s.io/v1': '1.14-',
  },
  Lease: { 'coordination.k8s.io/v1beta1': '1.12-1.21', 'coordination.k8s.io/v1': '1.14-' },
};

/** Whether a Kubernetes version serves a kind in that version of its group. `all`: whatever there ever was. */
export function isServed(apiVersion: string, kind: string, rules: VersionRules): boolean {
  const served = Object.hasOwn(groupVersions, kind) ? groupVersions[kind] : undefined;
  if (!served) return true;
  const range = Object.hasOwn(served, apiVersion) ? served[apiVersion] : undefined;
  if (range === undefined || rules.version === 'all') return range !== undefined;
  const [from = '', until = ''] = range.split('-');
  return rules.atLeast(from) && (until === '' || !rules.atLeast(nextMinor(until)));
}

function nextMinor(version: string): string {
  return `1.${Number(version.slice(2)) + 1}`;
}

/** Throws ApiError NotFound, in kubectl's words, for a kind that is not served so. */
export function demandServed(apiVersion: string, kind: string, rules: VersionRules): void {
  if (isServed(apiVersion, kind, rules)) return;
  throw new ApiError(
    'NotFound',
    `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
  );
}
