import { ApiError } from './api-error.ts';
import { isKnownKind } from './kinds.ts';
import { otherKinds } from './other-kinds.ts';
import type { VersionRules } from './versions.ts';

/** Since when, and up to when, a version of a group has a kind: `1.5-1.15`, `1.9-`. */
type Served = Readonly<Record<string, string>>;

const SNAPSHOTS: Served = {
  'snapshot.storage.k8s.io/v1beta1': '1.12-',
  'snapshot.storage.k8s.io/v1': '1.12-',
};

const RBAC: Served = {
  'rbac.authorization.k8s.io/v1alpha1': '1.5-1.21',
  'rbac.authorization.k8s.io/v1beta1': '1.6-1.21',
  'rbac.authorization.k8s.io/v1': '1.8-',
};

/**
 * In which versions of their groups kinds were served, by Kubernetes version. Kinds of the core group are not here: they have `v1`.
 * What was there before 1.5 counts from 1.5. Snapshots come with a controller of their own, which no Kubernetes version has a say in.
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
  VolumeSnapshot: SNAPSHOTS,
  VolumeSnapshotContent: SNAPSHOTS,
  VolumeSnapshotClass: SNAPSHOTS,
  TokenReview: { 'authentication.k8s.io/v1beta1': '1.5-1.21', 'authentication.k8s.io/v1': '1.6-' },
  ClusterRole: RBAC,
  ClusterRoleBinding: RBAC,
  CustomResourceDefinition: {
    'apiextensions.k8s.io/v1beta1': '1.7-1.21',
    'apiextensions.k8s.io/v1': '1.16-',
  },
  Lease: { 'coordination.k8s.io/v1beta1': '1.12-1.21', 'coordination.k8s.io/v1': '1.14-' },
};

/** Since when a version of a group says of itself that it will go, and what to use instead. Models prerelease-lifecycle of k8s.io/api. */
const DEPRECATED: Readonly<Record<string, readonly [since: string, instead: string]>> = {
  'v1 Endpoints': ['1.33', 'discovery.k8s.io/v1 EndpointSlice'],
  'batch/v1beta1 CronJob': ['1.21', 'batch/v1 CronJob'],
  'storage.k8s.io/v1beta1 StorageClass': ['1.19', 'storage.k8s.io/v1 StorageClass'],
  'storage.k8s.io/v1beta1 VolumeAttachment': ['1.19', 'storage.k8s.io/v1 VolumeAttachment'],
  'storage.k8s.io/v1beta1 CSIDriver': ['1.19', 'storage.k8s.io/v1 CSIDriver'],
  'storage.k8s.io/v1beta1 CSINode': ['1.17', 'storage.k8s.io/v1 CSINode'],
  'storage.k8s.io/v1beta1 CSIStorageCapacity': ['1.24', 'storage.k8s.io/v1 CSIStorageCapacity'],
  'scheduling.k8s.io/v1beta1 PriorityClass': ['1.14', 'scheduling.k8s.io/v1 PriorityClass'],
  'coordination.k8s.io/v1beta1 Lease': ['1.19', 'coordination.k8s.io/v1 Lease'],
  'rbac.authorization.k8s.io/v1beta1 ClusterRole': [
    '1.17',
    'rbac.authorization.k8s.io/v1 ClusterRole',
  ],
  'rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding': [
    '1.17',
    'rbac.authorization.k8s.io/v1 ClusterRoleBinding',
  ],
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': [
    '1.16',
    'apiextensions.k8s.io/v1 CustomResourceDefinition',
  ],
};

function rangeOf(apiVersion: string, kind: string): string | undefined {
  const kinds = Object.hasOwn(groupVersions, kind) ? groupVersions : otherKinds;
  const served = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (served && Object.hasOwn(served, apiVersion)) return served[apiVersion];
  if (isKnownKind(kind)) return !served && apiVersion === 'v1' ? '1.5-' : undefined;
  return OWN_GROUPS.has(groupOf(apiVersion)) ? undefined : '1.5-';
}

/** Groups of which every kind is known by name, if only that. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  ...[groupVersions, otherKinds]
    .flatMap((kinds) => Object.values(kinds))
    .flatMap((served) => Object.keys(served).map(groupOf)),
]);

function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** Whether a Kubernetes version serves a kind in that version of its group. `all`: whatever there ever was. */
export function isServed(apiVersion: string, kind: string, rules: VersionRules): boolean {
  const range = rangeOf(apiVersion, kind);
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

/** What the API server says of a version of a group that will go; from 1.19 on. Models apiserver's endpoints/deprecation. */
export function deprecationWarning(
  apiVersion: string,
  kind: string,
  rules: VersionRules,
): string | undefined {
  const name = `${apiVersion} ${kind}`;
  const [since, instead] = (Object.hasOwn(DEPRECATED, name) ? DEPRECATED[name] : undefined) ?? [];
  if (since === undefined || rules.before('1.19') || rules.before(since)) return undefined;
  const [, until = ''] = (rangeOf(apiVersion, kind) ?? '').split('-');
  // Where every version is there at once, none goes.
  if (until !== '' && rules.version === 'all') return undefined;
  const removed = until === '' ? '' : `, unavailable in v${nextMinor(until)}+`;
  return `${name} is deprecated in v${since}+${removed}; use ${instead}`;
}
