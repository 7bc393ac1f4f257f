import { errorStyleOf, FieldErrors } from '../field-errors.ts';
import { kindInfo } from '../kinds.ts';
import type { NewObject, Subresource } from '../store.ts';
import type { KindMap } from '../types.ts';
import { endpointsRules } from './core/endpoints.ts';
import { eventRules } from './core/event.ts';
import { limitRangeRules } from './core/limit-range.ts';
import { namespaceRules } from './core/namespace.ts';
import { nodeRules } from './core/node.ts';
import { resourceQuotaRules } from './core/resource-quota.ts';
import { serviceRules } from './core/service.ts';
import { configMapRules, secretRules } from './key-values.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { podRules } from './pod.ts';
import type { KindRules, UpdateRule, ValidationContext } from './rules.ts';
import { volumeAttachmentRules } from './storage/attachment.ts';
import { claimRules } from './storage/claim.ts';
import { csiDriverRules } from './storage/csi-driver.ts';
import { csiNodeRules } from './storage/csi-node.ts';
import { csiStorageCapacityRules } from './storage/csi-storage-capacity.ts';
import { persistentVolumeRules } from './storage/persistent-volume.ts';
import {
  volumeSnapshotClassRules,
  volumeSnapshotContentRules,
  volumeSnapshotRules,
} from './storage/snapshots.ts';
import { storageClassRules, volumeAttributesClassRules } from './storage/storage-class.ts';
import { cronJobRules } from './workloads/cron-job.ts';
import { daemonSetRules } from './workloads/daemon-set.ts';
import { deploymentRules } from './workloads/deployment.ts';
import { jobRules } from './workloads/job.ts';
import { podTemplateRules } from './workloads/pod-template.ts';
import { replicaSetRules, replicationControllerRules } from './workloads/replica-set.ts';
import { statefulSetRules } from './workloads/stateful-set.ts';

export type { ValidationContext } from './rules.ts';

/** What each kind's file says. Kinds that are not here have rules of metadata only. */
const RULES: { readonly [Kind in keyof KindMap]?: KindRules<KindMap[Kind]> } = {
  Pod: podRules,
  PodTemplate: podTemplateRules,
  PersistentVolume: persistentVolumeRules,
  PersistentVolumeClaim: claimRules,
  StorageClass: storageClassRules,
  VolumeAttributesClass: volumeAttributesClassRules,
  VolumeAttachment: volumeAttachmentRules,
  CSIDriver: csiDriverRules,
  CSINode: csiNodeRules,
  CSIStorageCapacity: csiStorageCapacityRules,
  VolumeSnapshot: volumeSnapshotRules,
  VolumeSnapshotContent: volumeSnapshotContentRules,
  VolumeSnapshotClass: volumeSnapshotClassRules,
  ConfigMap: configMapRules,
  Secret: secretRules,
  Deployment: deploymentRules,
  ReplicaSet: replicaSetRules,
  ReplicationController: replicationControllerRules,
  DaemonSet: daemonSetRules,
  StatefulSet: statefulSetRules,
  Job: jobRules,
  CronJob: cronJobRules,
  ResourceQuota: resourceQuotaRules,
  LimitRange: limitRangeRules,
  Node: nodeRules,
  Namespace: namespaceRules,
  Service: serviceRules,
  Endpoints: endpointsRules,
  Event: eventRules,
};

/** Throws ApiError Invalid with everything that is wrong with a new object. */
export function validateCreate(object: NewObject, context: ValidationContext): void {
  const errors = new FieldErrors(errorStyleOf(context.rules));
  validateMetadata(errors, object, context.rules);
  rulesOf(object.kind)?.create?.(errors, object, context);
  finish(object, errors);
}

/** The same for a changed one. A subresource has rules of its own. */
export function validateUpdate(
  object: NewObject,
  old: NewObject,
  context: ValidationContext,
  subresource: Subresource | undefined,
): void {
  const errors = new FieldErrors(errorStyleOf(context.rules));
  validateMetadataUpdate(errors, object, old, context.rules);
  ruleOfUpdate(object.kind, subresource)?.(errors, object, old, context);
  finish(object, errors);
}

function rulesOf(kind: string): KindRules<NewObject> | undefined {
  if (!Object.hasOwn(RULES, kind)) return undefined;
  return RULES[kind as keyof typeof RULES] as KindRules<unknown> | undefined;
}

function ruleOfUpdate(
  kind: string,
  subresource: Subresource | undefined,
): UpdateRule<NewObject> | undefined {
  const rules = rulesOf(kind);
  switch (subresource) {
    case undefined:
      return rules?.update;
    case 'status':
      return rules?.updateStatus;
    case 'ephemeralcontainers':
      return rules?.updateEphemeralContainers;
    case 'resize':
      return rules?.updateResize;
    case 'finalize':
      return rules?.updateFinalize;
    default:
      return undefined;
  }
}

function finish({ kind, apiVersion, metadata }: NewObject, errors: FieldErrors): void {
  const error = errors.toError(kind, metadata.name ?? '', kindInfo(kind, apiVersion).group);
  if (error) throw error;
}
