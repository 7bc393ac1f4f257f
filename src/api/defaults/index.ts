import { bytesOf } from '../../base/index.ts';
import type { NewObject } from '../store.ts';
import type {
  CSIDriver,
  Endpoints,
  KindMap,
  LimitRange,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Secret,
  Service,
  StorageClass,
} from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { defaultPod } from './pod.ts';
import { roundUpAmounts } from './quantities.ts';
import { defaultClaimSpec, defaultPersistentVolumeSpec } from './volumes.ts';
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicaSet,
  defaultReplicationController,
  defaultStatefulSet,
  defaultTemplate,
} from './workloads.ts';

type Defaulters = {
  readonly [K in keyof KindMap]?: (object: KindMap[K], rules: VersionRules) => void;
};

const defaulters: Defaulters = {
  Pod: defaultPod,
  PersistentVolume: defaultPersistentVolume,
  PersistentVolumeClaim: defaultClaim,
  StorageClass: defaultStorageClass,
  Secret: defaultSecret,
  Namespace: defaultNamespace,
  Service: defaultService,
  CSIDriver: defaultCSIDriver,
  LimitRange: defaultLimitRange,
  ResourceQuota: ({ spec, status }) => {
    for (const amounts of [spec?.hard, status?.hard, status?.used]) roundUpAmounts(amounts);
  },
  Node: ({ status }) => {
    for (const amounts of [status?.capacity, status?.allocatable]) roundUpAmounts(amounts);
  },
  Endpoints: defaultEndpoints,
  PriorityClass: (priorityClass) => {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  PodTemplate: (object, rules) => defaultTemplate(object.template, rules),
  Deployment: defaultDeployment,
  ReplicaSet: defaultReplicaSet,
  ReplicationController: defaultReplicationController,
  StatefulSet: defaultStatefulSet,
  DaemonSet: defaultDaemonSet,
  Job: defaultJob,
  CronJob: defaultCronJob,
};

/**
 * Fills in what an object does not say, in place. The object must have been decoded. Models pkg/apis/<group>/v1/defaults.go.
 */
export function applyDefaults(object: NewObject, rules: VersionRules): void {
  const defaulter = Object.hasOwn(defaulters, object.kind)
    ? (defaulters[object.kind as keyof Defaulters] as
        | ((object: unknown, rules: VersionRules) => void)
        | undefined)
    : undefined;
  defaulter?.(object, rules);
}

function defaultPersistentVolume(volume: PersistentVolume, rules: VersionRules): void {
  volume.spec ??= { capacity: {}, accessModes: [] };
  defaultPersistentVolumeSpec(volume.spec, rules);
  volume.status ??= {};
  volume.status.phase ||= 'Pending';
}

function defaultClaim(claim: PersistentVolumeClaim, rules: VersionRules): void {
  claim.spec ??= {};
  defaultClaimSpec(claim.spec, rules);
  claim.status ??= {};
  claim.status.phase ||= 'Pending';
}

function defaultStorageClass(storageClass: StorageClass, rules: VersionRules): void {
  if (rules.atLeast('1.8')) storageClass.reclaimPolicy ??= 'Delete';
  if (rules.atLeast('1.9')) storageClass.volumeBindingMode ??= 'Immediate';
}

/** `stringData` is written into `data`, and is not kept. */
function defaultSecret(secret: Secret): void {
  secret.type ||= 'Opaque';
  const { stringData } = secret;
  if (!stringData) return;
  delete secret.stringData;
  const added = Object.entries(stringData).map(([key, text]) => [key, base64(text)] as const);
  secret.data = { ...secret.data, ...Object.fromEntries(added) };
}

function base64(text: string): string {
  let binary = '';
  for (const byte of bytesOf(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function defaultNamespace(namespace: Namespace, rules: VersionRules): void {
  namespace.spec ??= {};
  namespace.spec.finalizers ??= ['kubernetes'];
  namespace.status ??= {};
  namespace.status.phase ||= 'Active';
  const { metadata } = namespace;
  if (rules.before('1.21') || !metadata.name) return;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

function defaultService({ spec }: Service): void {
  if (!spec) return;
  spec.sessionAffinity ||= 'None';
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ??= port.port;
  }
}

function defaultEndpoints({ subsets = [] }: Endpoints): void {
  for (const { ports = [] } of subsets) {
    for (const port of ports) port.protocol ||= 'TCP';
  }
}

function defaultCSIDriver({ spec }: CSIDriver): void {
  if (!spec) return;
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

/** Limits of containers are their defaults too, and requests follow limits. */
function defaultLimitRange({ spec }: LimitRange): void {
  for (const item of spec?.limits ?? []) {
    const { max, min, default: limits, defaultRequest, maxLimitRequestRatio } = item;
    for (const amounts of [max, min, limits, defaultRequest, maxLimitRequestRatio]) {
      roundUpAmounts(amounts);
    }
    if (item.type !== 'Container') continue;
    item.default = { ...item.max, ...item.default };
    item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
  }
}
