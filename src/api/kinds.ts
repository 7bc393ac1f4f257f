/** Where a kind is served. */
export interface KindInfo {
  readonly kind: string;
  /** As in URLs and error messages: `persistentvolumeclaims`. */
  readonly resource: string;
  /** '' for the core group. */
  readonly group: string;
  readonly namespaced: boolean;
  /** Its status is a subresource: writes of the object leave it alone. */
  readonly status: boolean;
  /** metadata.generation counts its specs. */
  readonly generation: boolean;
}

const WITH_STATUS: ReadonlySet<string> = new Set([
  'Pod',
  'Node',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
  'ResourceQuota',
  'ReplicationController',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'VolumeAttachment',
  'VolumeSnapshot',
  'VolumeSnapshotContent',
]);

const WITH_GENERATION: ReadonlySet<string> = new Set([
  'Pod',
  'PodTemplate',
  'ReplicationController',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'VolumeSnapshot',
  'VolumeSnapshotContent',
  'VolumeSnapshotClass',
]);

/** Kinds without a schema that are in no namespace. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'CertificateSigningRequest',
  'ClusterTrustBundle',
  'ComponentStatus',
  'DeviceClass',
  'DeviceTaintRule',
  'FlowSchema',
  'IPAddress',
  'IngressClass',
  'InitializerConfiguration',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'PodSecurityPolicy',
  'PriorityLevelConfiguration',
  'ResourceClass',
  'ResourceSlice',
  'RuntimeClass',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'ServiceCIDR',
  'StorageVersion',
  'StorageVersionMigration',
  'SubjectAccessReview',
  'ThirdPartyResource',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeGroupSnapshotClass',
  'VolumeGroupSnapshotContent',
]);

const CORE: readonly [string, boolean][] = [
  ['Pod', true],
  ['PodTemplate', true],
  ['ConfigMap', true],
  ['Secret', true],
  ['ServiceAccount', true],
  ['Service', true],
  ['Endpoints', true],
  ['Event', true],
  ['LimitRange', true],
  ['ResourceQuota', true],
  ['ReplicationController', true],
  ['PersistentVolumeClaim', true],
  ['PersistentVolume', false],
  ['Node', false],
  ['Namespace', false],
];

const GROUPED: readonly [string, string, boolean][] = [
  ['StorageClass', 'storage.k8s.io', false],
  ['VolumeAttachment', 'storage.k8s.io', false],
  ['CSIDriver', 'storage.k8s.io', false],
  ['CSINode', 'storage.k8s.io', false],
  ['CSIStorageCapacity', 'storage.k8s.io', true],
  ['VolumeAttributesClass', 'storage.k8s.io', false],
  ['VolumeSnapshot', 'snapshot.storage.k8s.io', true],
  ['VolumeSnapshotContent', 'snapshot.storage.k8s.io', false],
  ['VolumeSnapshotClass', 'snapshot.storage.k8s.io', false],
  ['Deployment', 'apps', true],
  ['ReplicaSet', 'apps', true],
  ['StatefulSet', 'apps', true],
  ['DaemonSet', 'apps', true],
  ['Job', 'batch', true],
  ['CronJob', 'batch', true],
  ['PriorityClass', 'scheduling.k8s.io', false],
  ['Lease', 'coordination.k8s.io', true],
  ['TokenReview', 'authentication.k8s.io', false],
  ['ClusterRole', 'rbac.authorization.k8s.io', false],
  ['ClusterRoleBinding', 'rbac.authorization.k8s.io', false],
  ['CustomResourceDefinition', 'apiextensions.k8s.io', false],
];

const KNOWN: ReadonlyMap<string, KindInfo> = new Map([
  ...CORE.map(([kind, namespaced]) => [kind, known(kind, '', namespaced)] as const),
  ...GROUPED.map(([kind, group, namespaced]) => [kind, known(kind, group, namespaced)] as const),
]);

/** All of Kubernetes' own kinds that are known here. */
export const knownKinds: readonly KindInfo[] = [...KNOWN.values()];

function known(kind: string, group: string, namespaced: boolean): KindInfo {
  const [status, generation] = [WITH_STATUS.has(kind), WITH_GENERATION.has(kind)];
  return { kind, resource: pluralOf(kind), group, namespaced, status, generation };
}

/** What is known of a kind; of one that has no schema, that it lives in namespaces. */
export function kindInfo(kind: string, apiVersion = 'v1'): KindInfo {
  const known = KNOWN.get(kind);
  if (known) return known;
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const namespaced = !CLUSTER_SCOPED.has(kind);
  return { kind, resource: pluralOf(kind), group, namespaced, status: false, generation: true };
}

/** Whether it is one of Kubernetes' own. */
export function isKnownKind(kind: string): boolean {
  return KNOWN.has(kind);
}

/** `pods`, or `storageclasses.storage.k8s.io`: as error messages name it. */
export function resourceName(kind: string, apiVersion?: string): string {
  const { resource, group } = kindInfo(kind, apiVersion);
  return group === '' ? resource : `${resource}.${group}`;
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(lower)) return lower === 'endpoints' ? lower : `${lower}es`;
  return lower.endsWith('y') && !/[aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
